#include "rpc/claims_json.h"
#include "rpc/governance_json.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

std::uint64_t number(Params& body, std::string_view name) { return body.uint(name, UINT32_MAX); }

template <class Body>
ActionBody read_assignment(Params& body) {
    Body out;
    out.assignment = number(body, "assignment");
    return out;
}

template <class Body>
ActionBody read_answered(Params& body) {
    Body out;
    out.assignment = number(body, "assignment");
    out.answer = read_answer(body);
    return out;
}

template <class Body>
ActionBody read_piece(Params& body) {
    Body out;
    out.piece = number(body, "piece");
    return out;
}

Registration read_registration(Params& owner) {
    Params given = owner.object("registration");
    Registration out{given.text("registry"), given.text("number"), given.instant("at")};
    owner.take(given);
    return out;
}

ActionBody read_confirm(Params& body) {
    ConfirmBody out{.currency = body.currency("currency")};
    out.answer = read_answer(body);
    out.existence = body.boolean("existence", out.answer == Answer::accept);
    out.amount = body.boolean("confirms_amount", false);
    out.no_defences = body.boolean("no_defences", false);
    if (body.has("amount")) {
        out.amount_minor = body.amount("amount", out.currency);
    }
    out.document = body.optional_digest("document");
    return out;
}

ActionBody read_assign(Params& body) {
    AssignBody out{.currency = body.currency("currency")};
    out.part = body.uint("part", UINT32_MAX, 1);
    out.assignee = body.text("assignee");
    out.amount_minor = body.amount("amount", out.currency);
    out.recourse = body.boolean("recourse", false);
    if (body.has("competes_with")) {
        out.competes_with = number(body, "competes_with");
    }
    if (body.has("registration")) {
        out.registration = read_registration(body);
    }
    out.document = body.digest("document");
    return out;
}

ActionBody read_notify(Params& body) {
    return NotifyBody{number(body, "assignment"), body.optional_digest("document")};
}

ActionBody read_register_assignment(Params& body) {
    const std::uint64_t assignment = number(body, "assignment");
    return RegisterAssignmentBody{assignment, read_registration(body)};
}

ActionBody read_pay_claim(Params& body) {
    PayClaimBody out{read_payment(body)};
    out.part = body.uint("part", UINT32_MAX, 1);
    out.payee = body.text("payee");
    return out;
}

ActionBody read_set_off(Params& body) {
    SetOffBody out{.currency = body.currency("currency")};
    out.part = body.uint("part", UINT32_MAX, 1);
    out.amount_minor = body.amount("amount", out.currency);
    out.against = body.text("against");
    out.arose = body.date("arose");
    out.due = body.date("due");
    out.same_contract = body.boolean("same_contract", false);
    out.document = body.digest("document");
    return out;
}

ActionBody read_accept_piece(Params& body) {
    return AcceptPieceBody{body.uint("piece", UINT32_MAX, 1), read_answer(body)};
}

ActionBody read_split(Params& body) {
    SplitBody out{.currency = body.currency("currency")};
    out.piece = body.uint("piece", UINT32_MAX, 1);
    for (std::size_t i = 0, count = body.array("amounts", kMaxChildrenAtOnce); i < count; ++i) {
        const std::string place = "amounts[" + std::to_string(i) + "]";
        const std::string text = body.text_element("amounts", i);
        out.amounts_minor.push_back(body.value(place, parse_amount(text, out.currency), MinorAmount{0}));
    }
    return out;
}

ActionBody read_transfer(Params& body) { return TransferBody{body.uint("piece", UINT32_MAX, 1), body.text("to")}; }

ActionBody read_finance_piece(Params& body) {
    FinancePieceBody out{.currency = body.currency("currency")};
    out.piece = body.uint("piece", UINT32_MAX, 1);
    out.lender = body.text("lender");
    out.price_minor = body.amount("price", out.currency);
    out.recourse = body.boolean("recourse", false);
    out.document = body.digest("document");
    return out;
}

ActionBody read_redeem(Params& body) {
    RedeemBody out{read_payment(body)};
    out.piece = body.uint("piece", UINT32_MAX, 1);
    return out;
}

ActionBody unread() { return ActivateBody{}; }

ActionBody read_propose_key(Params& body) {
    const std::optional<PublicKey> key = read_public_key(body, "key");
    std::vector<std::string> lenders;
    for (std::size_t i = 0, count = body.array("lenders", kMaxFinancingLenders); i < count; ++i) {
        lenders.push_back(body.text_element("lenders", i));
    }
    const Digest boxes = body.digest("boxes");
    return key ? ActionBody{ProposeKeyBody{*key, std::move(lenders), boxes}} : unread();
}

ActionBody read_confirm_key(Params& body) {
    const std::optional<PublicKey> key = read_public_key(body, "key");
    return key ? ActionBody{ConfirmKeyBody{*key}} : unread();
}

keyed_tag::Proof read_proof(Params& owner, std::string_view name) {
    const Bytes bytes = owner.bytes(name);
    keyed_tag::Proof out;
    if (bytes.size() != 64) {
        owner.refuse(name, {Errc::malformed, {}, "64 bytes: challenge and response"});
        return out;
    }
    std::copy_n(bytes.begin(), 32, out.challenge.begin());
    std::copy_n(bytes.begin() + 32, 32, out.response.begin());
    return out;
}

ActionBody read_open_financing(Params& body) {
    OpenFinancingBody out;
    for (std::size_t i = 0, count = body.array("tags", kMaxKeysInForce); i < count; ++i) {
        Params tag = body.element("tags", i);
        const std::uint64_t key = tag.uint("key", UINT32_MAX);
        const std::optional<PublicKey> point = read_public_key(tag, "tag");
        body.take(tag);
        if (point) {
            out.tags.push_back({key, *point});
        }
    }
    if (body.has("same_item")) {
        out.same_item = read_proof(body, "same_item");
    }
    if (body.has("rank")) {
        out.rank = number(body, "rank");
    }
    out.contract = body.optional_digest("financing_contract");
    return out;
}

ActionBody read_release(Params& body) {
    const std::optional<PublicKey> tag = read_public_key(body, "tag");
    return tag ? ActionBody{ReleaseFinancingBody{*tag}} : unread();
}

ActionBody read_retag(Params& body) {
    const std::optional<PublicKey> from = read_public_key(body, "from");
    const std::optional<PublicKey> to = read_public_key(body, "to");
    const keyed_tag::Proof proof = read_proof(body, "proof");
    return from && to ? ActionBody{RetagBody{*from, *to, proof}} : unread();
}

struct Shape {
    std::string_view name;
    ActionBody (*read)(Params&);
};

constexpr auto kShapes = std::to_array<Shape>({
    {"claim.confirm", read_confirm},
    {"claim.assign", read_assign},
    {"claim.accept", read_answered<AcceptAssignmentBody>},
    {"claim.withdraw", read_assignment<WithdrawAssignmentBody>},
    {"claim.notify", read_notify},
    {"claim.respond", read_answered<RespondBody>},
    {"claim.register", read_register_assignment},
    {"claim.buy_back", read_assignment<BuyBackBody>},
    {"claim.pay", read_pay_claim},
    {"claim.set_off", read_set_off},
    {"voucher.issue", [](Params&) { return ActionBody{IssueBody{}}; }},
    {"voucher.accept", read_accept_piece},
    {"voucher.withdraw", read_piece<WithdrawPieceBody>},
    {"voucher.split", read_split},
    {"voucher.transfer", read_transfer},
    {"voucher.finance", read_finance_piece},
    {"voucher.redeem", read_redeem},
    {"voucher.cancel", read_piece<CancelPieceBody>},
    {"finance.key", read_propose_key},
    {"finance.confirm", read_confirm_key},
    {"finance.open", read_open_financing},
    {"finance.release", read_release},
    {"finance.retag", read_retag},
});

}  // namespace

Answer read_answer(Params& body) {
    const std::string answer = body.text("answer");
    if (answer != "object" && answer != "accept" && !body.failed()) {
        body.refuse("answer", {Errc::malformed, {}, R"("accept" or "object")"});
    }
    return answer == "object" ? Answer::object : Answer::accept;
}

Payment read_payment(Params& body) {
    Payment out{
        .amount_minor = 0, .currency = body.currency("currency"), .value_date = {}, .bank = {}, .bank_reference = {}};
    out.amount_minor = body.amount("amount", out.currency);
    out.value_date = body.date("value_date");
    out.bank = body.text("bank");
    out.bank_reference = body.text("bank_reference");
    return out;
}

ReceivableTerms read_receivable_terms(Params& given) {
    ReceivableTerms out{.currency = given.currency("currency"), .contract_date = {}, .due = {}, .invoices = {}};
    out.amount_minor = given.amount("amount", out.currency);
    out.contract_date = given.date("contract_date");
    if (given.has("utc_offset_minutes")) {
        out.utc_offset_minutes = static_cast<std::int32_t>(given.integer("utc_offset_minutes", -1439, 1439));
    }
    out.due = given.date("due");
    for (std::size_t i = 0, count = given.array("invoices", kMaxInvoices); i < count; ++i) {
        Params invoice = given.element("invoices", i);
        std::string own_number = invoice.text("number");
        DocumentDigests digests = read_digests(invoice, "digests");
        const MinorAmount amount = invoice.amount("amount", out.currency);
        out.invoices.push_back({std::move(own_number), std::move(digests), amount, invoice.date("issued")});
        given.take(invoice);
    }
    if (const auto notice = given.optional_text("notice")) {
        out.notice = given.value("notice", notice_rule_from_name(*notice), NoticeRule::record);
    }
    for (std::size_t i = 0, count = given.array("basis", kMaxBasisTexts); i < count; ++i) {
        out.basis.push_back(given.text_element("basis", i));
    }
    return out;
}

VoucherTerms read_voucher_terms(Params& given) {
    VoucherTerms out{.currency = given.currency("currency"), .contract_date = {}, .due = {}};
    out.amount_minor = given.amount("amount", out.currency);
    out.contract_date = given.date("contract_date");
    if (given.has("utc_offset_minutes")) {
        out.utc_offset_minutes = static_cast<std::int32_t>(given.integer("utc_offset_minutes", -1439, 1439));
    }
    out.due = given.date("due");
    out.max_level = static_cast<std::uint32_t>(given.uint("max_level", kMaxVoucherLevels));
    out.reason = given.optional_text("reason");
    return out;
}

std::optional<ActionBody> read_claim_action(std::string_view action, Params& body) {
    for (const Shape& shape : kShapes) {
        if (shape.name == action) {
            return shape.read(body);
        }
    }
    return std::nullopt;
}

}  // namespace probatum::rpc
