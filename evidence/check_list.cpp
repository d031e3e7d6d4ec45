#include "evidence/check_list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace probatum::evidence {

namespace {

struct Titled {
    std::string_view id;
    std::string_view english;
    std::string_view chinese;
};

constexpr std::array kTitles{
    Titled{check::kDecoding, "The file is a bundle in the published format, with one encoding",
           "文件符合公布的证据包格式，且编码唯一"},
    Titled{check::kGenesisDigest, "The bundle belongs to the network whose genesis digest the reader knows",
           "证据包属于读者所知创世摘要对应的网络"},
    Titled{check::kGenesisFormat, "The genesis decodes and is consistent", "创世文件可解码且内容一致"},
    Titled{check::kValidatorPath, "Each change of validators was finalised by the validators before",
           "每次验证节点变更均由变更前的验证节点集合最终确认"},
    Titled{check::kHeadHeader, "The block header belongs to this chain, epoch and set of validators",
           "区块头属于本链、本任期及相应的验证节点集合"},
    Titled{check::kFinality, "Exactly a quorum of distinct validators signed that the block is final",
           "恰有法定数量的不同验证节点签署该区块最终确认"},
    Titled{check::kTrustedHeader, "The header that the reader knows by other means stands in the bundle",
           "读者经其他途径所知的区块头包含在证据包中"},
    Titled{check::kFreshness, "The bundle is as recent as the reader demands", "证据包的时点满足读者要求"},
    Titled{check::kRegistry,
           "Whose keys signed, where genesis does not say it, stands in the finalised state; so do certificates",
           "创世文件未载明归属的签名密钥及数字证书，均载于已最终确认的状态"},
    Titled{check::kCertificates,
           "The certificates bound to the signing keys hold: chain, root, validity, status, cross-signature",
           "绑定于签名密钥的数字证书成立：证书链、根证书、有效期、状态、交叉签名"},
    Titled{check::kStateProof, "The contract's state is part of the finalised state of the whole chain",
           "合同状态属于全链最终确认状态的一部分"},
    Titled{check::kEventLog, "The events are all there are: their count and root equal the proven state's",
           "事件完整无缺：事件数量与日志根等于已证明的状态值"},
    Titled{check::kEventChain, "The events are numbered without a gap and each carries the digest of the one before",
           "事件编号连续，且每一事件均含前一事件的摘要"},
    Titled{check::kEventTransactions,
           "Each event names the signed transaction that is shown, accepted, in order of time",
           "每一事件对应所示的已签名交易，状态为已接受，且按时间顺序排列"},
    Titled{check::kEventStatements, "Each statement is for this chain, this kind of message and this contract",
           "每份陈述均针对本链、本类消息及本合同"},
    Titled{check::kEventSignatures, "Each statement is signed by a registered key of the organisation that it names",
           "每份陈述均由其所注明机构的登记密钥签署"},
    Titled{check::kEventOpenings, "The disclosed values are those that were committed to under the signatures",
           "所披露的数值与签名所承诺的数值一致"},
    Titled{check::kRecomputation,
           "The contract's state re-computed from its events equals the proven state byte for byte",
           "由事件重新计算的合同状态与已证明的状态逐字节一致"},
    Titled{check::kRefusedLog, "The refused attempts by parties are all there are: count, root and numbering",
           "当事人被拒绝的操作完整无缺：数量、日志根与编号"},
    Titled{check::kRefusedAttempts, "Each refused attempt was signed by the party that it names",
           "每次被拒绝的操作均由其所注明的当事人签署"},
    Titled{check::kRefusedRecomputation, "The rules, run again, refuse each attempt for the reason recorded",
           "重新运行规则，对每次操作均以所记录的原因拒绝"},
    Titled{check::kRecordStatement, "The record is signed by a registered key of the organisation that it names",
           "记录由其所注明机构的登记密钥签署"},
    Titled{check::kSuccession,
           "SUCCESSION: where the validators did not choose their successors, the recovery authorities of genesis did",
           "继任：验证节点未自行确定继任者之处，由创世文件所列恢复机构确定"},
    Titled{check::kRecordEntry, "The log entry names this record and how it ended", "日志条目对应本记录并载明其结果"},
    Titled{check::kRecordBlock, "The block that holds the record is final, and the block before it does not hold it",
           "包含该记录的区块已最终确认，且前一区块不含该记录"},
    Titled{check::kRecordInclusion, "The entry is included in the evidence log of the whole chain",
           "该条目包含在全链证据日志中"},
    Titled{check::kStanding,
           "How many events the contract has, or that there is none such, is part of the finalised state",
           "合同事件的数量（或不存在该合同）属于最终确认的全链状态"},
    Titled{check::kUseLists, "The lists of everything that uses the same documents or bank references are complete",
           "使用相同文件或银行流水号的全部事项清单完整"},
    Titled{check::kAdditions, "What exporters added is signed by them and speaks about this very bundle",
           "导出方所附内容由其签署，且针对本证据包"},
    Titled{check::kTimeStamps, "External time-stamps (RFC 3161) hold under the authorities that the reader trusts",
           "外部时间戳（RFC 3161）在读者所信任的时间戳机构下有效"},
    Titled{check::kPrintedPages, "The printed pages are those that the bundle inside them gives",
           "印制页面与其所附证据包生成的页面一致"},
    Titled{check::kDocuments, "Each file given is a registered document, by SHA-256 and SM3",
           "所提供的每个文件均为已登记文件（SHA-256 与 SM3 均一致）"},
};

constexpr std::string_view kEarlierCheckFailed = "earlier-check-failed";

struct Reason {
    std::string_view name;
    std::string_view english;
    std::string_view chinese;
};

constexpr std::array kReasons{
    Reason{kEarlierCheckFailed, "Not made, because an earlier check failed", "因前面的检查未通过，未进行本项检查"},
    Reason{"not-requested", "The reader did not ask for it", "读者未要求进行本项检查"},
    Reason{"algorithm-weak-not-renewed",
           "A time-stamp rests on an algorithm or a certificate that no longer holds, and was not renewed in time",
           "时间戳所依赖的算法或证书已失效，且未及时续期"},
    Reason{
        "printed-pages-not-checked",
        "Printed pages not checked: they were made by another renderer or with other fonts; compare them by eye with "
        "this report",
        "印制页面未核对：页面由其他版本的排版程序或字体生成，请与本报告逐页目视比对"},
    Reason{kNotSupported,
           "This program does not know the rules by which it was made, and judges nothing by them: use a later version",
           "本程序不认识其所依据的规则，不作判断：请使用较新版本"},
    Reason{"no-judge", "This program does not judge certificates", "本程序不判断数字证书"},
    Reason{"no-signature", "The bundle shows nothing that a member signed", "证据包未包含成员签署的内容"},
    Reason{"certificate-not-good",
           "Not all of it holds: see CERTIFICATES. The signatures by the ledger keys stand without them",
           "并非全部成立，详见“数字证书”一节；账本密钥的签名不以此为前提"},
    Reason{"openings-hidden", "Re-computation is not possible: the bundle hides values that a rule reads",
           "无法重新计算：证据包隐藏了规则所需的数值"},
};

constexpr std::array kCommonBefore{check::kDecoding,      check::kGenesisDigest, check::kGenesisFormat,
                                   check::kValidatorPath, check::kHeadHeader,    check::kFinality,
                                   check::kTrustedHeader, check::kFreshness};
constexpr std::array kOfContract{
    check::kStateProof,      check::kEventLog,        check::kEventChain,          check::kEventTransactions,
    check::kEventStatements, check::kEventOpenings,   check::kEventSignatures,     check::kRecomputation,
    check::kRefusedLog,      check::kRefusedAttempts, check::kRefusedRecomputation};
constexpr std::array kOfRecord{check::kRecordStatement, check::kRecordEntry, check::kRecordBlock,
                               check::kRecordInclusion};
constexpr std::array kCommonAfter{check::kUseLists, check::kDocuments};

Text reason_text(std::string_view name) {
    const auto* const found = std::ranges::find(kReasons, name, &Reason::name);
    PROBATUM_CHECK(found != kReasons.end(), "every reason has its texts");
    return {std::string{found->english}, std::string{found->chinese}};
}

Text error_text(const Error& error) {
    const ErrorInfo& line = info(error.code);
    const std::string number = std::to_string(error.number()) + " ";
    const std::string field = error.field.empty() ? std::string{} : " [" + error.field + "]";
    const std::string detail = error.detail.empty() ? std::string{} : ": " + error.detail;
    return {number + std::string{line.english} + field + detail, number + std::string{line.chinese} + field};
}

}  // namespace

CheckList::CheckList() {
    for (const std::string_view id : kCommonBefore) {
        append(id);
    }
}

void CheckList::lay_out(SubjectKind kind, Extras extras) {
    if (extras.registry) {
        append(check::kRegistry);
    }
    if (kind == SubjectKind::contract) {
        for (const std::string_view id : kOfContract) {
            append(id);
        }
    } else if (kind == SubjectKind::record) {
        for (const std::string_view id : kOfRecord) {
            append(id);
        }
    } else if (kind == SubjectKind::standing) {
        append(check::kStanding);
    }
    for (const std::string_view id : kCommonAfter) {
        append(id);
    }
    if (extras.certificates) {
        append(check::kCertificates);
    }
    if (extras.additions) {
        append(check::kAdditions);
        append(check::kTimeStamps);
    }
    if (extras.printed_pages) {
        append(check::kPrintedPages);
    }
    if (extras.succession) {
        append(check::kSuccession);
    }
}

void CheckList::append(std::string_view id) {
    const auto* const titled = std::ranges::find(kTitles, id, &Titled::id);
    PROBATUM_CHECK(titled != kTitles.end(), "every check has its titles");
    Check check;
    check.number = static_cast<std::uint32_t>(checks_.size() + 1);
    check.id = std::string{id};
    check.title = {std::string{titled->english}, std::string{titled->chinese}};
    check.reason = std::string{kEarlierCheckFailed};
    check.note = reason_text(check.reason);
    checks_.push_back(std::move(check));
}

Check& CheckList::settle(std::string_view id, Finding finding, Verdict verdict) {
    const auto check = std::ranges::find(checks_, id, &Check::id);
    PROBATUM_CHECK(check != checks_.end(), "only checks that were laid out are made");
    check->input = std::move(finding.input);
    check->expected = std::move(finding.expected);
    check->found = std::move(finding.found);
    check->verdict = verdict;
    check->reason.clear();
    check->note = {};
    return *check;
}

bool CheckList::pass(std::string_view id, Finding finding) {
    settle(id, std::move(finding), Verdict::pass);
    return true;
}

bool CheckList::fail(std::string_view id, Finding finding, const Error& error) {
    Check& check = settle(id, std::move(finding), Verdict::fail);
    check.reason = std::string{info(error.code).name};
    check.note = error_text(error);
    if (failed_.empty()) {
        failed_ = check.id;
    }
    return false;
}

bool CheckList::skip(std::string_view id, Finding finding, std::string_view reason) {
    Check& check = settle(id, std::move(finding), Verdict::not_checked);
    check.reason = std::string{reason};
    check.note = reason_text(reason);
    if (reason == kNotSupported && unsupported_.empty()) {
        unsupported_ = check.id;
    }
    return true;
}

void CheckList::leave_unsupported() {
    for (Check& check : checks_) {
        if (check.reason == kEarlierCheckFailed) {
            check.reason = std::string{kNotSupported};
            check.note = reason_text(kNotSupported);
        }
    }
}

bool CheckList::decide(std::string_view id, bool holds, Finding finding) {
    return holds ? pass(id, std::move(finding)) : fail(id, std::move(finding), Error{Errc::evidence_mismatch});
}

}  // namespace probatum::evidence
