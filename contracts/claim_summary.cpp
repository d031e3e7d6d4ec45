#include "base/text_encoding.h"
#include "contracts/summary_lines.h"

/// What a person reads before signing something about a receivable, a voucher or a financed item.
namespace probatum::contracts {
namespace {

std::string money(MinorAmount amount_minor, const Currency& currency) {
    return format_amount(amount_minor, currency) + " " + std::string{currency.code()};
}

/// A sealed amount; where it is hidden, its currency at least.
void add_amount(Lines& lines, Lines::Label label, MinorAmount amount_minor, const Currency& currency) {
    lines.add_sealed(label, money(amount_minor, currency));
    if (lines.hides(label.name)) {
        lines.add({"currency", "Currency", "币种"}, std::string{currency.code()});
    }
}

void add_number(Lines& lines, Lines::Label label, std::uint64_t number) { lines.add(label, std::to_string(number)); }

void add_yes_no(Lines& lines, Lines::Label label, bool yes) { lines.add(label, yes ? "yes 是" : "no 否"); }

void add_answer(Lines& lines, Answer answer) {
    lines.add({"answer", "Answer", "答复"}, answer == Answer::accept ? "accept 确认" : "object 异议");
}

void add_document(Lines& lines, const Digest& document) {
    lines.add({"document", "Document (SHA-256)", "文件（SHA-256）"}, to_hex(document));
}

void add_assignment(Lines& lines, std::uint64_t number) {
    add_number(lines, {"assignment", "Assignment", "转让序号"}, number);
}

void add_part(Lines& lines, std::uint64_t number) { add_number(lines, {"part", "Part", "份额序号"}, number); }
void add_piece(Lines& lines, std::uint64_t number) { add_number(lines, {"piece", "Piece", "凭证序号"}, number); }

void add_registration(Lines& lines, const Registration& registration) {
    lines.add({"registration", "Registration: register, number, time", "登记：机构、编号、时间"},
              registration.registry + " " + registration.number + " " + to_rfc3339(registration.at));
}

template <class Terms>
void add_common(Lines& lines, const Terms& terms) {
    lines.add({"currency", "Currency", "币种"}, std::string{terms.currency.code()});
    lines.add_sealed({"amount", "Amount", "金额"}, money(terms.amount_minor, terms.currency));
    lines.add({"contract_date", "Contract date", "合同日期"}, terms.contract_date.to_string());
    lines.add({"utc_offset_minutes", "Offset from UTC in minutes", "与协调世界时相差分钟"},
              std::to_string(terms.utc_offset_minutes));
    lines.add({"due", "Due date", "到期日"}, terms.due.to_string());
}

}  // namespace

void add_payment(Lines& lines, const Payment& body) {
    lines.add_sealed({"amount", "Amount", "金额"},
                     format_amount(body.amount_minor, body.currency) + " " + std::string{body.currency.code()});
    if (lines.hides("amount")) {
        lines.add({"currency", "Currency", "币种"}, std::string{body.currency.code()});
    }
    lines.add_sealed({"value_date", "Value date", "起息日"}, body.value_date.to_string());
    lines.add_sealed({"bank", "Bank", "银行"}, body.bank);
    lines.add_sealed({"bank_reference", "Bank reference", "银行流水号"}, body.bank_reference);
}

void add_terms(Lines& lines, const ReceivableTerms& terms) {
    add_common(lines, terms);
    if (lines.hides("invoices")) {
        lines.add_sealed({"invoices", "Invoices", "发票"}, {});
    }
    for (std::size_t i = 0; i < terms.invoices.size(); ++i) {
        const Invoice& invoice = terms.invoices[i];
        lines.add({"invoice." + std::to_string(i + 1), "Invoice: number, date, amount, digests",
                   "发票：号码、日期、金额、摘要"},
                  invoice.number + " " + invoice.issued.to_string() + " " +
                      money(invoice.amount_minor, terms.currency) + " " + joined(invoice.digests));
    }
    lines.add({"notice", "An assignment binds the debtor from its", "转让对债务人生效依据"},
              terms.notice == NoticeRule::record ? "record 登载" : "answer 债务人确认");
    for (const std::string& text : terms.basis) {
        lines.add({"basis", "It rests on", "依据"}, text);
    }
}

void add_terms(Lines& lines, const VoucherTerms& terms) {
    add_common(lines, terms);
    add_number(lines, {"max_level", "Times that a piece may change hands", "最多流转次数"}, terms.max_level);
    lines.add_optional({"reason", "Why the term is longer than the usual one", "超过通常期限的理由"}, terms.reason);
}

void add_lines(Lines& lines, const ConfirmBody& body) {
    add_answer(lines, body.answer);
    add_yes_no(lines, {"existence", "The receivable exists", "应收账款真实存在"}, body.existence);
    add_yes_no(lines, {"confirms_amount", "The amount is confirmed", "确认金额"}, body.amount);
    add_yes_no(lines, {"no_defences", "There are no defences", "无抗辩"}, body.no_defences);
    add_amount(lines, {"amount", "Amount confirmed or disputed", "确认或争议金额"}, body.amount_minor, body.currency);
    if (body.document) {
        add_document(lines, *body.document);
    }
}

void add_lines(Lines& lines, const AssignBody& body) {
    add_part(lines, body.part);
    lines.add({"assignee", "Assignee", "受让人"}, body.assignee);
    add_amount(lines, {"amount", "Amount assigned", "转让金额"}, body.amount_minor, body.currency);
    add_yes_no(lines, {"recourse", "With recourse", "有追索权"}, body.recourse);
    add_document(lines, body.document);
    if (body.competes_with) {
        add_number(lines, {"competes_with", "Beside assignment", "与之竞存的转让序号"}, *body.competes_with);
    }
    if (body.registration) {
        add_registration(lines, *body.registration);
    }
}

void add_lines(Lines& lines, const AcceptAssignmentBody& body) {
    add_assignment(lines, body.assignment);
    add_answer(lines, body.answer);
}

void add_lines(Lines& lines, const WithdrawAssignmentBody& body) { add_assignment(lines, body.assignment); }

void add_lines(Lines& lines, const NotifyBody& body) {
    add_assignment(lines, body.assignment);
    if (body.document) {
        add_document(lines, *body.document);
    }
}

void add_lines(Lines& lines, const RespondBody& body) {
    add_assignment(lines, body.assignment);
    add_answer(lines, body.answer);
}

void add_lines(Lines& lines, const RegisterAssignmentBody& body) {
    add_assignment(lines, body.assignment);
    add_registration(lines, body.registration);
}

void add_lines(Lines& lines, const BuyBackBody& body) { add_assignment(lines, body.assignment); }

void add_lines(Lines& lines, const PayClaimBody& body) {
    add_part(lines, body.part);
    lines.add({"payee", "Paid to", "收款机构"}, body.payee);
    add_payment(lines, body);
}

void add_lines(Lines& lines, const SetOffBody& body) {
    add_part(lines, body.part);
    add_amount(lines, {"amount", "Amount set off", "抵销金额"}, body.amount_minor, body.currency);
    lines.add({"against", "Counterclaim against", "反对债权的债务人"}, body.against);
    lines.add({"arose", "The counterclaim arose on", "反对债权产生日"}, body.arose.to_string());
    lines.add({"due", "The counterclaim was due on", "反对债权到期日"}, body.due.to_string());
    add_yes_no(lines, {"same_contract", "From the same contract", "基于同一合同"}, body.same_contract);
    add_document(lines, body.document);
}

void add_lines(Lines&, const IssueBody&) {}

void add_lines(Lines& lines, const AcceptPieceBody& body) {
    add_piece(lines, body.piece);
    add_answer(lines, body.answer);
}

void add_lines(Lines& lines, const WithdrawPieceBody& body) { add_piece(lines, body.piece); }

void add_lines(Lines& lines, const SplitBody& body) {
    add_piece(lines, body.piece);
    lines.add({"currency", "Currency", "币种"}, std::string{body.currency.code()});
    if (lines.hides("amounts")) {
        lines.add_sealed({"amounts", "Amounts", "金额"}, {});
    }
    for (const MinorAmount amount : body.amounts_minor) {
        lines.add({"amounts", "Amount of a new piece", "新凭证金额"}, money(amount, body.currency));
    }
}

void add_lines(Lines& lines, const TransferBody& body) {
    add_piece(lines, body.piece);
    lines.add({"to", "To", "受让人"}, body.to);
}

void add_lines(Lines& lines, const FinancePieceBody& body) {
    add_piece(lines, body.piece);
    lines.add({"lender", "Lender", "融资机构"}, body.lender);
    add_amount(lines, {"price", "Price", "融资金额"}, body.price_minor, body.currency);
    add_yes_no(lines, {"recourse", "With recourse", "有追索权"}, body.recourse);
    add_document(lines, body.document);
}

void add_lines(Lines& lines, const RedeemBody& body) {
    add_piece(lines, body.piece);
    add_payment(lines, body);
}

void add_lines(Lines& lines, const CancelPieceBody& body) { add_piece(lines, body.piece); }

void add_lines(Lines& lines, const ProposeKeyBody& body) {
    lines.add({"key", "Lenders' key", "贷款机构公钥"}, to_hex(body.key.bytes()));
    for (const std::string& lender : body.lenders) {
        lines.add({"lender", "Lender", "贷款机构"}, lender);
    }
    lines.add({"boxes", "Sealed secrets (SHA-256)", "密封密钥文件（SHA-256）"}, to_hex(body.boxes));
}

void add_lines(Lines& lines, const ConfirmKeyBody& body) {
    lines.add({"key", "Lenders' key", "贷款机构公钥"}, to_hex(body.key.bytes()));
}

void add_lines(Lines& lines, const OpenFinancingBody& body) {
    for (const KeyedTag& tag : body.tags) {
        lines.add({"tag", "Key number and tag", "密钥序号与标签"},
                  std::to_string(tag.key) + " " + to_hex(tag.tag.bytes()));
    }
    if (body.same_item) {
        lines.add({"same_item", "Proof that the tags are of one item", "标签属于同一标的的证明"},
                  to_hex(body.same_item->challenge) + to_hex(body.same_item->response));
    }
    if (body.rank) {
        add_number(lines, {"rank", "Rank", "顺位"}, *body.rank);
    }
    if (body.contract) {
        lines.add({"contract", "Under the contract", "所属合同"}, to_hex(*body.contract));
    }
}

void add_lines(Lines& lines, const ReleaseFinancingBody& body) {
    lines.add({"tag", "Tag", "标签"}, to_hex(body.tag.bytes()));
}

void add_lines(Lines& lines, const RetagBody& body) {
    lines.add({"from", "Old tag", "原标签"}, to_hex(body.from.bytes()));
    lines.add({"to", "New tag", "新标签"}, to_hex(body.to.bytes()));
    lines.add({"proof", "Proof", "证明"}, to_hex(body.proof.challenge) + to_hex(body.proof.response));
}

}  // namespace probatum::contracts
