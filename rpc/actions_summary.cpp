#include <fmt/format.h>

#include "base/text_encoding.h"
#include "rpc/actions.h"

namespace probatum::rpc {

namespace {

using namespace contracts;

/// Two languages grow line by line, so that neither says more than the other.
class Lines {
public:
    void add(std::string_view english, std::string_view chinese, std::string_view value) {
        out_.english += fmt::format("{}: {}\n", english, value);
        out_.chinese += fmt::format("{}：{}\n", chinese, value);
    }
    void add(std::string_view english, std::string_view chinese, const Summary& value) {
        out_.english += fmt::format("{}: {}\n", english, value.english);
        out_.chinese += fmt::format("{}：{}\n", chinese, value.chinese);
    }
    void digests(std::string_view english, std::string_view chinese, const DocumentDigests& digests) {
        for (const DocumentDigest& digest : digests) {
            add(fmt::format("{} {}", english, name(digest.algorithm)), fmt::format("{} {}", chinese, name(digest.algorithm)),
                to_hex(digest.value));
        }
    }
    [[nodiscard]] Summary take() { return std::move(out_); }

private:
    Summary out_;
};

std::string money(MinorAmount amount_minor, Currency currency) {
    return fmt::format("{} {}", format_amount(amount_minor, currency), currency.code());
}

Summary title_of(const ActionBody& body) {
    struct Titles {
        Summary operator()(const DepositBody&) const { return {"Deposit evidence", "存证"}; }
        Summary operator()(const RegisterBody&) const { return {"Register a loan contract", "登记借款合同"}; }
        Summary operator()(const SignBody&) const { return {"Sign the contract", "签署合同"}; }
        Summary operator()(const ApproveBody& approve) const {
            if (approve.capacity == ApprovalCapacity::maker) { return {"Approve the contract as maker", "以经办人身份审批合同"}; }
            return {"Approve the contract as checker", "以复核人身份审批合同"};
        }
        Summary operator()(const ActivateBody&) const { return {"Activate the contract", "合同生效"}; }
        Summary operator()(const SettleBody&) const { return {"Settle the contract", "合同结清"}; }
        Summary operator()(const DisburseBody&) const { return {"Record a disbursement", "记录放款"}; }
        Summary operator()(const RepayBody&) const { return {"Record a repayment", "记录还款"}; }
        Summary operator()(const AcknowledgeBody& answer) const {
            if (answer.answer == Answer::accept) { return {"Acknowledge a posting", "确认入账"}; }
            return {"Object to a posting", "对入账提出异议"};
        }
    };
    return std::visit(Titles{}, body);
}

struct Details {
    Lines& lines;

    void operator()(const DepositBody& body) const {
        if (body.title) { lines.add("Title", "标题", *body.title); }
        lines.add("Media type", "媒体类型", body.media_type);
        lines.add("Size in bytes", "字节数", std::to_string(body.size_bytes));
        lines.digests("Document", "文件", body.digests);
        if (!body.provenance) { return lines.add("Provenance", "来源信息", Summary{"none given", "未提供"}); }
        const Provenance& from = *body.provenance;
        lines.add("Capturing system", "采集系统", from.system.value_or("-") + " " + from.system_version.value_or(""));
        lines.add("Operator", "操作人", from.operator_name.value_or("-"));
        if (from.captured_at) { lines.add("Captured at", "采集时间", to_rfc3339(*from.captured_at)); }
        lines.digests("Original", "原件", from.original_digests);
        for (const Reference& reference : from.references) { lines.add("Reference " + reference.kind, "佐证 " + reference.kind, reference.value); }
    }
    void operator()(const RegisterBody& body) const {
        lines.add("Own number", "合同编号", body.number);
        for (const Party& party : body.parties) { lines.add("Party", "当事人", fmt::format("{} ({})", party.organisation, name(party.capacity))); }
        lines.add("Principal", "本金", money(body.terms.principal_minor, body.terms.currency));
        lines.add("Contract date", "合同日期", body.terms.contract_date.to_string());
        lines.add("UTC offset in minutes", "时区偏移（分钟）", std::to_string(body.terms.utc_offset_minutes));
        for (const DueRow& row : body.terms.rows) {
            const std::string principal = format_amount(row.principal_minor, body.terms.currency);
            const std::string interest = format_amount(row.interest_minor, body.terms.currency);
            lines.add("Due " + row.due.to_string(), "应还 " + row.due.to_string(),
                      Summary{fmt::format("principal {}, interest {}", principal, interest), fmt::format("本金 {}，利息 {}", principal, interest)});
        }
        std::string order;
        for (const Claim claim : body.terms.allocation) { order += (order.empty() ? "" : ", ") + std::string{name(claim)}; }
        lines.add("Allocation order", "清偿顺序", order);
        if (body.terms.max_back_value_days) {
            lines.add("Days a value date may lie back", "起息日可回溯天数", std::to_string(*body.terms.max_back_value_days));
        }
        for (const Document& document : body.documents) {
            lines.add("Document", "文件", fmt::format("{} ({})", document.title, document.media_type));
            lines.digests("Document", "文件", document.digests);
        }
    }
    void operator()(const SignBody& body) const {
        for (const DocumentDigests& document : body.documents) { lines.digests("Document", "文件", document); }
        if (body.seen) { lines.add("Digest of what was shown", "展示内容摘要", to_hex(*body.seen)); }
    }
    void operator()(const ApproveBody&) const {}
    void operator()(const ActivateBody&) const {}
    void operator()(const SettleBody&) const {}
    void operator()(const Payment& body) const {
        lines.add("Amount", "金额", money(body.amount_minor, body.currency));
        lines.add("Value date", "起息日", body.value_date.to_string());
        lines.add("Bank", "银行", body.bank);
        lines.add("Bank reference", "银行流水号", body.bank_reference);
    }
    void operator()(const AcknowledgeBody& body) const { lines.add("Event", "事件序号", std::to_string(body.target)); }
};

}  // namespace

Summary summarise(const Action& action, std::string_view organisation) {
    Lines lines;
    lines.add("Action", "操作", title_of(action.body));
    lines.add("In the name of", "代表机构", organisation);
    if (action.contract) { lines.add("Contract", "合同", to_hex(*action.contract)); }
    std::visit(Details{lines}, action.body);
    for (const SideField& side : action.side) { lines.add("Side field (commitment only)", "链外字段（仅承诺）", side.name); }
    return lines.take();
}

}  // namespace probatum::rpc
