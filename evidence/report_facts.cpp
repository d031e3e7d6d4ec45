#include "evidence/report_facts.h"

#include <algorithm>

#include "base/text_encoding.h"
#include "evidence/disclose.h"

namespace probatum::evidence {

namespace {

constexpr std::int32_t kBeijingMinutes = 480;

/// The measures of one contract: its currency and its clock.
struct Scale {
    Currency currency;
    std::int32_t utc_offset_minutes{kBeijingMinutes};
    [[nodiscard]] std::string amount(MinorAmount amount_minor) const { return grouped_amount(amount_minor, currency); }
    [[nodiscard]] std::string time(UnixMs at) const { return local_time(at, utc_offset_minutes); }
};

Scale scale_of(const Facts& facts) {
    const Currency fallback = Currency::from_code("CNY").value();
    if (!facts.contract) {
        return {fallback};
    }
    return {Currency::from_code(facts.contract->currency).value_or(fallback), facts.contract->utc_offset_minutes};
}

std::string short_id(const Digest& id) { return to_hex(id).substr(0, 16) + "…"; }

std::string names_of(std::string_view name, std::string_view id) {
    return name.empty() ? clean(id) : clean(name) + " (" + clean(id) + ")";
}

void write_parties(Page& page, const ContractFact& contract) {
    page.heading("PARTIES", "当事人");
    for (const PartyFact& party : contract.parties) {
        const std::string identifier = party.identifier.empty() ? "" : ", " + clean(party.identifier);
        page.line("  " + padded(page.words.of(party.role), 18) + names_of(party.organisation_name, party.organisation) +
                  identifier);
        if (!party.signature_required) {
            continue;
        }
        page.line("  " + padded("", 18) +
                  std::string{party.signed_contract ? page.words.pick("signed the contract", "已签署合同")
                                                    : page.words.pick("has NOT signed", "尚未签署")});
    }
}

void write_documents(Page& page, const Facts& facts) {
    page.heading("DOCUMENTS", "文件");
    for (const DocumentFact& document : facts.documents) {
        page.line("  " + clean(document.name));
        page.line("    SHA-256  " + to_hex(document.sha256));
        if (!document.sm3.is_zero()) {
            page.line("    SM3      " + to_hex(document.sm3));
        }
        page.line("    " +
                  std::string{document.file.empty()
                                  ? page.words.pick("not compared: no such file was given", "未比对：未提供相应文件")
                                  : page.words.pick("matches the file given: ", "与所提供文件一致：")} +
                  clean(document.file));
    }
    if (facts.documents.empty()) {
        page.line("  " + std::string{page.words.pick("none is registered", "无已登记文件")});
    }
}

void write_plan(Page& page, const ContractFact& contract, const Scale& scale) {
    if (contract.rows.empty()) {
        return;
    }
    page.heading("REPAYMENT PLAN", "还款计划");
    for (const DueRowFact& row : contract.rows) {
        page.line("  " + row.due_date + "  " + std::string{page.words.of("principal")} + " " +
                  padded(scale.amount(row.principal_minor), 20) + std::string{page.words.of("interest")} + " " +
                  scale.amount(row.interest_minor));
        page.line("  " + padded("", 12) + std::string{page.words.pick("paid: ", "已还：")} +
                  std::string{page.words.of("principal")} + " " + padded(scale.amount(row.principal_paid_minor), 20) +
                  std::string{page.words.of("interest")} + " " + scale.amount(row.interest_paid_minor));
    }
}

/// How the loan stands on the day of the head's block.
void write_standing(Page& page, const ContractFact& contract, const Scale& scale) {
    page.fact("Outstanding", "未偿本金", scale.amount(contract.principal_outstanding_minor));
    page.fact("Due and unpaid", "到期未付",
              std::string{page.words.of("principal")} + " " + scale.amount(contract.principal_due_minor) + "; " +
                  std::string{page.words.of("interest")} + " " + scale.amount(contract.interest_due_minor) +
                  (contract.overdue ? std::string{page.words.pick(" (OVERDUE)", "（已逾期）")} : std::string{}));
    page.fact("As of", "截至", contract.balances_as_of);
}

void write_totals(Page& page, std::string_view label, const PostingTotals& totals, const Scale& scale) {
    const auto part = [&](std::string_view name, MinorAmount amount_minor) {
        page.line("  " + padded(label, 16) + padded(page.words.of(name), 16) + scale.amount(amount_minor));
    };
    part("claimed", totals.claimed_minor);
    part("acknowledged", totals.acknowledged_minor);
    part("objected", totals.objected_minor);
}

void write_hidden(Page& page, const Facts& facts) {
    if (facts.hidden_fields.empty()) {
        return;
    }
    page.heading("HIDDEN VALUES, and what cannot be checked again while they are", "未披露的数值及其妨碍的复核事项");
    for (const auto& [name, count] : facts.hidden_fields) {
        page.line("  " + padded(name + " x " + std::to_string(count), 24) + page.words.pick(prevented_by(name)));
    }
}

void write_contract(Page& page, const Facts& facts) {
    const ContractFact& contract = *facts.contract;
    const Scale scale = scale_of(facts);
    page.heading("CONTRACT", "合同");
    page.fact("Number", "合同编号", clean(contract.number));
    page.fact("Type", "类型", page.words.of(contract.type));
    page.fact("Contract date", "签订日期", contract.contract_date);
    page.fact("Status", "状态", page.words.of(contract.status));
    page.fact("Limit", "额度",
              contract.values_hidden ? std::string{page.words.pick("hidden in this bundle", "本证据包未披露")}
                                     : scale.amount(contract.principal_minor));
    page.fact(
        "Re-computed", "重新计算",
        !contract.state_shown
            ? page.words.pick("no: values are hidden, and the state is withheld; neither status nor balances are known",
                              "否：部分数值及状态未披露，合同状态与余额无从得知")
        : contract.recomputed ? page.words.pick("yes: the state follows from the events below by the published rules",
                                                "是：状态由下列事件依公布的规则得出")
                              : page.words.pick("no: values are hidden; the state is attested by the quorum alone",
                                                "否：部分数值未披露，状态仅由法定数量的验证节点证明"));
    if (contract.recomputed) {
        write_standing(page, contract, scale);
    }
    write_hidden(page, facts);
    write_parties(page, contract);
    write_documents(page, facts);
    write_plan(page, contract, scale);
    if (!contract.state_shown) {
        return;
    }
    page.heading("ACCOUNTS as of " + contract.balances_as_of + "; debit positive, credit negative",
                 "账户余额，截至 " + contract.balances_as_of + "；借方为正，贷方为负");
    for (const AccountFact& account : contract.accounts) {
        page.line("  " + padded(page.words.of(account.name), 32) + scale.amount(account.balance_minor));
    }
    page.heading("PAYMENTS: claimed by one side, acknowledged by the other, or objected to",
                 "款项：单方主张、对方确认或提出异议");
    write_totals(page, page.words.pick("disbursed", "放款"), contract.disbursements, scale);
    write_totals(page, page.words.pick("repaid", "还款"), contract.repayments, scale);
}

void write_allocation(Page& page, const AllocationFact& allocation, const Scale& scale) {
    std::string text = "       " + std::string{page.words.pick("applied to ", "抵充：")} +
                       std::string{page.words.of("interest")} + " " + scale.amount(allocation.interest_minor) + ", " +
                       std::string{page.words.of("principal")} + " " + scale.amount(allocation.principal_minor);
    if (allocation.suspense_minor != 0) {
        text += ", " + std::string{page.words.of("suspense")} + " " + scale.amount(allocation.suspense_minor);
    }
    page.line(text);
}

void write_event(Page& page, const EventFact& event, const Scale& scale) {
    page.line("  " + padded("#" + std::to_string(event.sequence), 5) + scale.time(event.time) + "  " +
              std::string{page.words.of(event.action)});
    page.line("       " + std::string{page.words.pick("by ", "签署人 ")} + clean(event.organisation) + "/" +
              clean(event.member) + std::string{page.words.pick(", block ", "，区块 ")} +
              std::to_string(event.height.raw()) + "/" + std::to_string(event.index));
    if (event.amount_minor) {
        std::string money = "       " + scale.amount(*event.amount_minor);
        if (!event.declared_date.empty()) {
            money += std::string{page.words.pick(", value date declared ", "，所声明的起息日 ")} + event.declared_date;
        }
        if (!event.answer.empty()) {
            money += "; " + std::string{page.words.of(event.answer)};
        }
        page.line(money);
    }
    if (event.allocation) {
        write_allocation(page, *event.allocation, scale);
    }
    if (!event.note.empty()) {
        page.line("       " + std::string{page.words.of(event.note)});
    }
    if (event.refusal != 0) {
        page.line("       " + std::string{page.words.pick("refused: ", "拒绝原因：")} +
                  page.words.refusal(event.refusal, event.refusal_field));
    }
    if (event.seen) {
        page.line("       " + std::string{page.words.pick("was shown ", "所见内容 ")} + to_hex(*event.seen) +
                  std::string{event.seen_reproduced
                                  ? page.words.pick(" (the summary of this statement)", "（本陈述的摘要文本）")
                                  : page.words.pick(" (not reproduced here)", "（此处未重现）")});
    }
    if (event.openings_hidden) {
        page.line("       " + std::string{page.words.pick("values hidden", "数值未披露")});
    }
    page.line("       " + std::string{page.words.pick("transaction ", "交易 ")} + to_hex(event.transaction));
}

void write_events(Page& page, const Facts& facts) {
    if (!facts.contract) {
        return;
    }
    const Scale scale = scale_of(facts);
    page.heading("EVENTS: all that were accepted, in order", "事件：全部已接受的事件，按顺序排列");
    for (const EventFact& event : facts.events) {
        write_event(page, event, scale);
    }
    page.heading("REFUSED ATTEMPTS: all by parties to this contract", "被拒绝的操作：本合同当事人的全部被拒绝操作");
    for (const EventFact& event : facts.refused) {
        write_event(page, event, scale);
    }
    if (facts.refused.empty()) {
        page.line("  " + std::string{page.words.pick("none", "无")});
    }
}

void write_record(Page& page, const Facts& facts) {
    const RecordFact& record = *facts.record;
    page.heading("RECORD", "存证记录");
    page.fact("Action", "操作", page.words.of(record.action));
    page.fact("Outcome", "结果",
              record.refusal == 0 ? std::string{page.words.pick("accepted", "已接受")}
                                  : page.words.refusal(record.refusal, record.refusal_field));
    page.fact("Signed by", "签署人", clean(record.organisation) + "/" + clean(record.member));
    page.fact("Recorded", "记录时间", local_time(record.time, kBeijingMinutes));
    page.fact("Place", "位置",
              std::string{page.words.pick("block ", "区块 ")} + std::to_string(record.height.raw()) +
                  std::string{page.words.pick(", log index ", "，日志序号 ")} + std::to_string(record.log_index));
    if (record.contract) {
        page.fact("Contract", "合同", to_hex(*record.contract));
    }
    if (!record.provenance.empty()) {
        page.heading("PROVENANCE, as the signer declared it", "来源信息（由签署人声明）");
        for (const auto& [name, value] : record.provenance) {
            page.line("  " + padded(page.words.of(name), 24) +
                      (value.empty() ? std::string{page.words.pick("MISSING", "缺失")} : clean(value)));
        }
    }
    write_hidden(page, facts);
    write_documents(page, facts);
}

void write_standing(Page& page, const StandingFact& standing) {
    page.heading("STANDING OF THE CONTRACT", "合同事件数量");
    page.fact("Registered", "是否登记",
              standing.registered ? page.words.pick("yes", "是") : page.words.pick("no", "否"));
    page.fact("Events", "已接受事件", std::to_string(standing.events));
    page.fact("", "", standing.events == 0 ? "" : to_hex(standing.last_event));
    page.fact("Refused", "被拒绝的操作", std::to_string(standing.refused));
    page.fact("", "", standing.refused == 0 ? "" : to_hex(standing.last_refused));
}

void write_certificates(Page& page, const Facts& facts) {
    if (facts.certificates.empty()) {
        return;
    }
    page.heading("CERTIFICATES", "数字证书");
    for (const CertificateFact& fact : facts.certificates) {
        page.line("  " + clean(fact.organisation) + " / " + clean(fact.member) + ", " +
                  std::string{page.words.pick("ledger key", "账本密钥")} + " " + short_id(fact.key_id));
        page.line("    SHA-256  " + to_hex(fact.certificate) + ", " +
                  std::string{page.words.pick("bound at height", "绑定高度")} + " " +
                  std::to_string(fact.bound_height.raw()));
        if (!fact.judgement) {
            page.line("    " + std::string{page.words.pick("not judged", "未作判断")});
            continue;
        }
        const CertificateJudgement& found = *fact.judgement;
        page.line("    " + clean(found.subject) + " (" + found.algorithm + "), " + clean(found.issuer));
        for (const CertificateAspect& aspect : found.aspects) {
            page.line("    " + padded(aspect.name, 18) + padded(name(aspect.verdict), 10) + clean(aspect.found));
        }
    }
}

void write_uses(Page& page, const Facts& facts) {
    page.heading("OTHER USES of the same documents and bank references on this chain",
                 "相同文件与银行流水号在本链上的其他使用");
    for (const UseFact& use : facts.uses) {
        const std::string what = "  " + std::string{page.words.of(use.kind)} + " " + short_id(use.id) + ": ";
        if (use.others.empty()) {
            page.line(what + std::string{page.words.pick("no other", "无其他使用")});
        }
        for (const Digest& other : use.others) {
            page.line(what + to_hex(other));
        }
    }
    if (facts.uses.empty()) {
        page.line("  " + std::string{page.words.pick("nothing to list", "无可列事项")});
    }
}

void write_validators(Page& page, const Facts& facts) {
    page.heading("WHO RAN THE NETWORK at this block", "该区块时的网络运行方");
    for (const ValidatorFact& validator : facts.validators) {
        page.line(
            "  " + padded(std::to_string(validator.index), 4) +
            padded(names_of(validator.organisation_name, validator.organisation), 48) +
            padded(validator.party ? page.words.pick("PARTY", "当事人") : page.words.pick("no party", "非当事人"), 12) +
            std::string{validator.signed_head ? page.words.pick("signed", "已签署")
                                              : page.words.pick("not shown", "未列示")});
    }
    page.line("  " + std::string{page.words.pick("quorum ", "法定数量 ")} + std::to_string(facts.quorum) + " / " +
              std::to_string(facts.validator_count) +
              std::string{page.words.pick("; run by non-parties: ", "；非当事人运行：")} +
              std::to_string(facts.independent_validators));
    page.line("  " + std::string{facts.quorum_without_parties
                                     ? page.words.pick("The quorum holds without the parties.",
                                                       "不计当事人，法定数量仍然成立。")
                                     : page.words.pick("The quorum does NOT hold without the parties.",
                                                       "不计当事人，法定数量不成立。")});
}

/// How the set came to be the one above.
void write_validator_changes(Page& page, const Facts& facts) {
    const std::int32_t offset = scale_of(facts).utc_offset_minutes;
    for (const ValidatorChangeFact& change : facts.validator_changes) {
        page.line("  " + std::string{page.words.pick("changed for epoch ", "变更，自纪元 ")} +
                  std::to_string(change.epoch.raw()) + std::string{page.words.pick(", after block ", "，在区块 ")} +
                  std::to_string(change.height.raw()) + std::string{page.words.pick("", " 之后")} + ", " +
                  local_time(change.time, offset));
        if (change.authorities != 0) {
            page.line("    " +
                      std::string{page.words.pick("SUCCESSION: not by the validators but by recovery authorities of "
                                                  "genesis, in number: ",
                                                  "继任：并非由验证节点决定，而由创世文件所列恢复机构决定，人数：")} +
                      std::to_string(change.authorities));
            page.line("    " + std::string{page.words.pick("reason given: ", "所述理由：")} + clean(change.reason));
        }
        const auto list = [&](std::string_view what, const std::vector<ValidatorChangeFact::Validator>& validators) {
            for (const auto& validator : validators) {
                page.line("    " + padded(what, 8) + clean(validator.organisation) + " " + short_id(validator.key_id));
            }
        };
        list(page.words.pick("joined", "加入"), change.joined);
        list(page.words.pick("left", "退出"), change.left);
    }
}

void write_clock_bound(Page& page, const Facts& facts, std::int32_t offset) {
    if (!facts.clock_bound_ms) {
        page.fact("", "",
                  page.words.pick("bound of the validators' clocks: not shown by this bundle; the parameters may have "
                                  "been changed since genesis",
                                  "验证节点时钟限差：本证据包未载明；创世以来参数可能已变更"));
        return;
    }
    const std::uint64_t at = facts.block_time.raw();
    const std::uint64_t bound = *facts.clock_bound_ms;
    page.fact("", "",
              std::string{page.words.pick("from ", "区间 ")} + local_time(UnixMs{at < bound ? 0 : at - bound}, offset) +
                  std::string{page.words.pick(" to ", " 至 ")} + local_time(UnixMs{at + bound}, offset));
    page.fact("", "",
              std::string{page.words.pick("the bound within which honest validators' clocks agreed: ",
                                          "诚实验证节点时钟一致的限度：")} +
                  std::to_string(bound) + " ms");
}

void write_time(Page& page, const Facts& facts) {
    const std::int32_t offset = scale_of(facts).utc_offset_minutes;
    page.heading("TIME: three clocks", "时间：三种时钟");
    page.fact(
        "Declared", "声明时间",
        page.words.pick("the value dates and capture times that the signers wrote", "签署人所写的起息日与采集时间"));
    page.fact("Consensus", "共识时间",
              std::string{page.words.pick("this block ", "本区块 ")} + local_time(facts.block_time, offset));
    write_clock_bound(page, facts, offset);
    for (const ExternalTimeFact& external : facts.external_times) {
        page.fact("External", "外部时间",
                  local_time(external.time, offset) + ", RFC 3161, " + external.algorithm + ", " +
                      clean(external.authority) + ": " + std::string{page.words.of(external.status)});
    }
    if (facts.external_times.empty()) {
        page.fact("External", "外部时间",
                  page.words.pick("none (no RFC 3161 time-stamp was checked)", "无（未核验 RFC 3161 时间戳）"));
    }
    const std::optional<UnixMs> anchor = earliest_anchor(facts);
    page.fact("Anchor", "独立锚定", anchor ? local_time(*anchor, offset) : std::string{page.words.pick("none", "无")});
}

}  // namespace

void write_facts(Page& page, const Facts& facts) {
    if (facts.contract) {
        write_contract(page, facts);
    }
    if (facts.record) {
        write_record(page, facts);
    }
    if (facts.standing) {
        write_standing(page, *facts.standing);
    } else if (!facts.contract && !facts.record) {
        write_documents(page, facts);
    }
    write_events(page, facts);
    write_certificates(page, facts);
    write_uses(page, facts);
    write_validators(page, facts);
    write_validator_changes(page, facts);
    write_time(page, facts);
}

}  // namespace probatum::evidence
