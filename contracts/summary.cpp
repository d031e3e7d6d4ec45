#include "contracts/summary_lines.h"

#include <algorithm>
#include <array>

#include "base/text_encoding.h"

namespace probatum::contracts {

std::string joined(const DocumentDigests& digests) {
    std::string out;
    for (const DocumentDigest& digest : digests) {
        out += out.empty() ? "" : " ";
        out += std::string{name(digest.algorithm)} + ":" + to_hex(digest.value);
    }
    return out;
}

namespace {

struct Title {
    std::string_view action;
    std::string_view english;
    std::string_view chinese;
};

constexpr std::array<Title, 43> kTitles{{
    {"evidence.deposit", "Deposit evidence", "存证"},
    {"contract.register", "Register a contract", "登记合同"},
    {"contract.sign", "Sign a contract", "签署合同"},
    {"contract.approve", "Approve a contract", "审批合同"},
    {"contract.activate", "Put a contract into force", "合同生效"},
    {"contract.settle", "Declare a contract settled", "合同结清"},
    {"fund.disburse", "Record a disbursement", "登记放款"},
    {"fund.repay", "Record a repayment", "登记还款"},
    {"fund.acknowledge", "Answer a recorded payment", "答复入账"},
    {"gov.propose", "Propose a change of the network", "提出网络变更提案"},
    {"gov.vote", "Vote on a proposal", "对提案表决"},
    {"gov.enact", "Enact a proposal", "执行提案"},
    {"validator.ready", "Declare a validator ready", "声明验证节点就绪"},
    {"misbehaviour.report", "Report misbehaviour of a validator", "报告验证节点违规"},
    {"claim.confirm", "Confirm a receivable, or object to it", "确认应收账款或提出异议"},
    {"claim.assign", "Assign a part of a receivable", "转让应收账款"},
    {"claim.accept", "Answer an offered assignment", "答复转让要约"},
    {"claim.withdraw", "Withdraw an offered assignment", "撤回转让要约"},
    {"claim.notify", "Notify the debtor of an assignment", "通知债务人"},
    {"claim.respond", "Answer a notice of assignment", "答复转让通知"},
    {"claim.register", "Record the registration of an assignment", "登载转让登记"},
    {"claim.buy_back", "Give an assigned part back to its assignor", "回购应收账款"},
    {"claim.pay", "Record a payment on a receivable", "登记应收账款付款"},
    {"claim.set_off", "Set a counterclaim off", "抵销"},
    {"voucher.issue", "Issue a voucher", "签发凭证"},
    {"voucher.accept", "Answer an offered piece of a voucher", "签收凭证"},
    {"voucher.withdraw", "Withdraw an offered piece of a voucher", "撤回凭证转让"},
    {"voucher.split", "Split a piece of a voucher", "拆分凭证"},
    {"voucher.transfer", "Transfer a piece of a voucher", "转让凭证"},
    {"voucher.finance", "Finance a piece of a voucher", "凭证融资"},
    {"voucher.redeem", "Record the redemption of a piece", "登记凭证兑付"},
    {"voucher.cancel", "Cancel a piece of a voucher", "注销凭证"},
    {"finance.key", "Name the lenders' next key", "提出贷款机构新密钥"},
    {"finance.confirm", "Confirm the lenders' next key", "确认贷款机构新密钥"},
    {"finance.open", "Declare an item financed", "登记标的融资"},
    {"finance.release", "Release a financed item", "解除标的融资"},
    {"finance.retag", "Carry a financed item over to the new key", "将标的标签迁移至新密钥"},
    {"member.add", "Take in a member of one's organisation", "增加本机构成员"},
    {"member.roles", "Change the roles of a member", "变更成员角色"},
    {"member.remove", "Remove a member", "移除成员"},
    {"member.rotate", "Change the key of a member", "更换成员密钥"},
    {"certificate.bind", "Bind a certificate to one's key", "绑定数字证书"},
    {"index.publish", "Publish a fixing of an index", "发布指数定价"},
}};

void add_provenance(Lines& lines, const Provenance& p) {
    lines.add_optional({"provenance.system", "Capturing system", "采集系统"}, p.system);
    lines.add_optional({"provenance.system_version", "System version", "系统版本"}, p.system_version);
    lines.add_optional({"provenance.operator", "Operator", "操作人"}, p.operator_name);
    if (p.method) {
        lines.add({"provenance.method", "Method of capture", "采集方式"}, std::string{name(*p.method)});
    }
    if (p.captured_at) {
        lines.add({"provenance.captured_at", "Captured at", "采集时间"}, to_rfc3339(*p.captured_at));
    }
    if (!p.original_digests.empty()) {
        lines.add({"provenance.original_digests", "Digests of the original", "原件摘要"}, joined(p.original_digests));
    }
    if (p.original_size) {
        lines.add({"provenance.original_size", "Bytes of the original", "原件字节数"},
                  std::to_string(*p.original_size));
    }
    for (const Reference& reference : p.references) {
        lines.add({"provenance.reference", "Corroborating reference", "佐证编号"},
                  reference.kind + " " + reference.value);
    }
    for (const KeyId& witness : p.witnesses) {
        lines.add({"provenance.witness", "Witness key", "见证密钥"}, to_hex(witness.digest));
    }
}

void add_terms(Lines& lines, const LoanTerms& terms) {
    const std::string currency = " " + std::string{terms.currency.code()};
    lines.add({"currency", "Currency", "币种"}, std::string{terms.currency.code()});
    lines.add_sealed({"principal", "Principal (limit)", "本金（额度）"},
                     format_amount(terms.principal_minor, terms.currency) + currency);
    lines.add({"contract_date", "Contract date", "合同日期"}, terms.contract_date.to_string());
    lines.add({"utc_offset_minutes", "Offset from UTC in minutes", "与协调世界时相差分钟"},
              std::to_string(terms.utc_offset_minutes));
    if (lines.hides("rows")) {
        lines.add_sealed({"rows", "Due rows", "还款计划"}, {});
    }
    for (std::size_t i = 0; i < terms.rows.size(); ++i) {
        const DueRow& row = terms.rows[i];
        lines.add({"row." + std::to_string(i + 1), "Due: date, principal, interest", "应还：日期、本金、利息"},
                  row.due.to_string() + " " + format_amount(row.principal_minor, terms.currency) + " " +
                      format_amount(row.interest_minor, terms.currency) + currency);
    }
    std::string order;
    for (const Claim claim : terms.allocation) {
        order += (order.empty() ? "" : ", ") + std::string{name(claim)};
    }
    lines.add({"allocation", "Order of allocation", "清偿顺序"}, order);
    if (terms.max_back_value_days) {
        lines.add({"max_back_value_days", "Value date at most days back", "起息日最多追溯天数"},
                  std::to_string(*terms.max_back_value_days));
    }
}

std::string joined(const std::vector<Role>& roles) {
    std::string out;
    for (const Role role : roles) {
        out += (out.empty() ? "" : ", ") + std::string{name(role)};
    }
    return out;
}

std::string joined(const std::vector<CivilDate>& days) {
    std::string out;
    for (const CivilDate day : days) {
        out += (out.empty() ? "" : " ") + day.to_string();
    }
    return out.empty() ? "-" : out;
}

struct RegistryLines {
    Lines& lines;

    void member(const Member& member) const {
        lines.add({"member", "Member", "成员"}, member.organisation + "/" + member.id + " (" + member.name + ")");
        lines.add({"key", "Key", "公钥"}, to_hex(member.key.bytes()));
        lines.add({"roles", "Roles", "角色"}, joined(member.roles));
    }
    void subject(const FreezeSubject& subject) const {
        const bool is_organisation = subject.kind == FreezeSubject::Kind::organisation;
        lines.add({"subject", "Subject", "对象"}, std::string{name(subject.kind)} + " " +
                                                      (is_organisation ? subject.organisation : to_hex(subject.id)));
    }
    void operator()(const JoinOrganisation& change) const {
        lines.add({"organisation", "Organisation", "机构"}, change.organisation.id);
        lines.add({"organisation.name", "Legal name", "法定名称"}, change.organisation.name);
        lines.add({"organisation.identifier", "Identifier", "机构代码"}, change.organisation.identifier);
        for (const Member& one : change.members) {
            member(one);
        }
    }
    void operator()(const RemoveOrganisation& change) const {
        lines.add({"organisation", "Organisation", "机构"}, change.organisation);
    }
    void operator()(const SetMember& change) const { member(change.member); }
    void operator()(const RemoveMember& change) const {
        lines.add({"member", "Member", "成员"}, change.organisation + "/" + change.member);
    }
    void operator()(const Freeze& change) const { subject(change.subject); }
    void operator()(const Unfreeze& change) const { subject(change.subject); }
    void operator()(const TrustRoot& change) const {
        lines.add({"certificate", "Certificate (SHA-256)", "证书（SHA-256）"}, to_hex(change.certificate));
        lines.add({"name", "Name", "名称"}, change.name);
    }
    void operator()(const DistrustRoot& change) const {
        lines.add({"certificate", "Certificate (SHA-256)", "证书（SHA-256）"}, to_hex(change.certificate));
    }
    void operator()(const PublishCalendar& change) const {
        constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
        std::string weekend;
        for (std::size_t day = 0; day < kDays.size(); ++day) {
            if (change.calendar.weekend.at(day)) {
                weekend += (weekend.empty() ? "" : " ") + std::string{kDays.at(day)};
            }
        }
        lines.add({"code", "Calendar", "日历"}, change.code);
        lines.add({"weekend", "Weekend", "周休日"}, weekend.empty() ? "-" : weekend);
        lines.add({"holidays", "Holidays", "节假日"}, joined(change.calendar.holidays));
        lines.add({"working_days", "Make-up working days", "调休上班日"}, joined(change.calendar.working_days));
    }
    void operator()(const NamePublisher& change) const {
        lines.add({"index", "Index", "指数"}, change.index);
        lines.add({"organisation", "Organisation", "机构"}, change.organisation);
    }
    void operator()(const PublishTemplate& change) const {
        lines.add({"template", "Template", "合同模板"}, change.name.name + " (" + change.name.language + ")");
        lines.add({"title", "Title", "标题"}, change.title);
        for (const Document& document : change.documents) {
            lines.add({"document", "Document", "文件"},
                      document.title + " (" + document.media_type + ") " + joined(document.digests));
        }
    }
};

struct ChangeLines {
    Lines& lines;

    void operator()(const RegistryChange& change) const { std::visit(RegistryLines{lines}, change); }

    void key(std::string_view field, const PublicKey& key) const {
        const bool is_new = field == "new_key";
        lines.add({field, is_new ? "New validator key" : "Validator key", is_new ? "验证节点新公钥" : "验证节点公钥"},
                  to_hex(key.bytes()));
    }
    void number(std::string_view field, std::uint64_t value) const {
        lines.add({field, field, field}, std::to_string(value));
    }
    void operator()(const AddValidator& change) const {
        lines.add({"organisation", "Organisation", "机构"}, change.validator.organisation);
        key("key", change.validator.key);
    }
    void operator()(const RemoveValidator& change) const { key("key", change.key); }
    void operator()(const RotateKey& change) const {
        key("key", change.from);
        key("new_key", change.to);
    }
    void operator()(const ChangeParameters& change) const {
        for (const ParameterField& field : parameter_fields()) {
            number(field.name, field.get(change.parameters));
        }
    }
    void operator()(const ChangeRules& change) const {
        lines.add({"rules_version", "Rules version", "规则版本"}, std::to_string(change.version));
    }
    void operator()(const ChangeElectorate& change) const {
        lines.add({"threshold", "Votes that enact", "生效所需票数"}, std::to_string(change.terms.threshold));
        lines.add({"lifetime_ms", "Lifetime of a proposal in ms", "提案有效期（毫秒）"},
                  std::to_string(change.terms.lifetime_ms));
        lines.add({"live_window", "Blocks within which a validator is seen", "在线判定区块数"},
                  std::to_string(change.terms.live_window));
        for (const std::string& elector : change.terms.electors) {
            lines.add({"elector", "Elector", "表决机构"}, elector);
        }
    }
};

struct Body {
    Lines& lines;

    void operator()(const DepositBody& body) const {
        lines.add_optional({"title", "Title", "标题"}, body.title);
        lines.add({"digests", "Digests of the document", "文件摘要"}, joined(body.digests));
        lines.add({"size_bytes", "Bytes", "字节数"}, std::to_string(body.size_bytes));
        lines.add({"media_type", "Media type", "媒体类型"}, body.media_type);
        if (body.provenance) {
            add_provenance(lines, *body.provenance);
        }
    }
    void operator()(const RegisterBody& body) const {
        lines.add({"number", "Contract number", "合同编号"}, body.number);
        for (const Party& party : body.parties) {
            lines.add({"party", "Party", "当事人"}, std::string{name(party.capacity)} + " " + party.organisation);
        }
        lines.add({"kind", "Kind of contract", "合同种类"}, std::string{name(kind_of(body.terms))});
        std::visit([&](const auto& terms) { add_terms(lines, terms); }, body.terms);
        for (const Link& link : body.links) {
            lines.add({"link", "Linked contract", "关联合同"},
                      std::string{name(link.relation)} + " " + to_hex(link.contract));
        }
        for (const Document& document : body.documents) {
            lines.add({"document", "Document", "文件"},
                      document.title + " (" + document.media_type + ") " + joined(document.digests));
        }
    }
    void operator()(const SignBody& body) const {
        for (const DocumentDigests& digests : body.documents) {
            lines.add({"document", "Document signed", "所签文件"}, joined(digests));
        }
        if (body.seen) {
            lines.add({"seen", "Digest of what the signer was shown", "签名人所见内容摘要"}, to_hex(*body.seen));
        }
    }
    void operator()(const ApproveBody& body) const {
        lines.add({"capacity", "In the capacity of", "审批身份"},
                  body.capacity == ApprovalCapacity::maker ? "maker 经办" : "checker 复核");
    }
    void operator()(const ActivateBody&) const {}
    void operator()(const SettleBody&) const {}
    void operator()(const DisburseBody& body) const { add_payment(lines, body); }
    void operator()(const RepayBody& body) const { add_payment(lines, body); }
    void operator()(const AcknowledgeBody& body) const {
        lines.add({"target", "Event answered", "所答复事件序号"}, std::to_string(body.target));
        lines.add({"answer", "Answer", "答复"}, body.answer == Answer::accept ? "accept 确认" : "object 异议");
    }
    void operator()(const ProposeBody& body) const {
        lines.add({"change", "Change", "变更"}, std::string{name(body.change)});
        std::visit(ChangeLines{lines}, body.change);
        lines.add({"override_liveness", "Even if the quorum of live validators is lost", "即使失去在线法定数也执行"},
                  body.override_liveness ? "yes 是" : "no 否");
        if (!body.note.empty()) {
            lines.add({"note", "Note", "说明"}, body.note);
        }
    }
    void operator()(const VoteBody& body) const {
        lines.add({"proposal", "Proposal", "提案"}, to_hex(body.proposal));
        lines.add({"choice", "Vote", "表决"}, body.choice == Choice::accept ? "accept 同意" : "reject 反对");
    }
    void operator()(const EnactBody& body) const { lines.add({"proposal", "Proposal", "提案"}, to_hex(body.proposal)); }
    void operator()(const ReportBody& body) const {
        lines.add({"proof", "Proof (SHA-256)", "违规证明（SHA-256）"}, to_hex(sha256(body.proof)));
    }
    void operator()(const AddMemberBody& body) const {
        lines.add({"member", "Member", "成员"}, body.member);
        lines.add({"name", "Name", "姓名"}, body.name);
        lines.add({"key", "Key", "公钥"}, to_hex(body.key.bytes()));
        lines.add({"roles", "Roles", "角色"}, joined(body.roles));
        lines.add({"possession", "Statement of the key (SHA-256)", "密钥声明（SHA-256）"},
                  to_hex(sha256(body.possession)));
    }
    void operator()(const SetRolesBody& body) const {
        lines.add({"member", "Member", "成员"}, body.member);
        lines.add({"roles", "Roles", "角色"}, joined(body.roles));
    }
    void operator()(const RemoveMemberBody& body) const { lines.add({"member", "Member", "成员"}, body.member); }
    void operator()(const RotateMemberBody& body) const {
        lines.add({"member", "Member", "成员"}, body.member ? *body.member : "(the signer / 签名人)");
        lines.add({"key", "New key", "新公钥"}, to_hex(body.key.bytes()));
        lines.add({"possession", "Statement of the key (SHA-256)", "密钥声明（SHA-256）"},
                  to_hex(sha256(body.possession)));
    }
    void operator()(const BindCertificateBody& body) const {
        for (const Bytes& certificate : body.chain) {
            lines.add({"certificate", "Certificate (SHA-256)", "证书（SHA-256）"}, to_hex(sha256(certificate)));
        }
        lines.add({"cross_signature", "Signature of the certificate's key (SHA-256)", "证书密钥签名（SHA-256）"},
                  to_hex(sha256(body.cross_signature)));
        for (const StatusEvidence& item : body.status) {
            lines.add({"status", "Status evidence (SHA-256)", "状态证明（SHA-256）"},
                      std::string{name(item.kind)} + " " + to_hex(sha256(item.der)));
        }
    }
    void operator()(const PublishFixingBody& body) const {
        lines.add({"index", "Index", "指数"}, body.index);
        lines.add({"date", "Date", "日期"}, body.date.to_string());
        lines.add({"rate", "Rate per year", "年利率"}, body.rate.to_string());
    }
    template <class Claim>
    void operator()(const Claim& body) const {
        add_lines(lines, body);
    }
    void operator()(const ReadyBody& body) const {
        lines.add({"key", "Validator key", "验证节点公钥"}, to_hex(body.key.bytes()));
        lines.add({"statement", "Statement (SHA-256)", "就绪声明（SHA-256）"}, to_hex(sha256(body.statement)));
    }
};

}  // namespace

ActionSummary summarise_action(const DecodedAction& action) {
    const auto title = std::ranges::find(kTitles, std::string_view{action.name}, &Title::action);
    ActionSummary out{.action = action.name,
                      .english = std::string{title->english},
                      .chinese = std::string{title->chinese},
                      .lines = {}};
    Lines lines{out.lines, action.hidden};
    if (action.contract) {
        lines.add({"contract", "Contract", "合同标识"}, to_hex(*action.contract));
    }
    std::visit(Body{lines}, action.body);
    for (const SideCommitment& side : action.side) {
        lines.add({"side." + side.name, "Committed and kept beside the chain", "以承诺方式链下保存"},
                  to_hex(side.commitment));
    }
    return out;
}

std::string to_text(const ActionSummary& summary) {
    std::string out = summary.english + " / " + summary.chinese + " (" + summary.action + ")\n";
    for (const SummaryLine& line : summary.lines) {
        out += line.english + " / " + line.chinese + ": " + line.value + "\n";
    }
    return out;
}

std::string shown_to_sign(const Digest& contract, const SignBody& body) {
    SignBody unseen = body;
    unseen.seen.reset();
    const ActionBody action{std::move(unseen)};
    const std::string name{action_name(action)};
    return to_text(summarise_action({.name = name, .contract = contract, .body = action}));
}

}  // namespace probatum::contracts
