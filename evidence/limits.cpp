#include "evidence/limits.h"

#include <string>

#include "base/text_encoding.h"

namespace probatum::evidence {

namespace {

void assume(Report& report, std::string english, std::string chinese) {
    report.assumptions.push_back({std::move(english), std::move(chinese)});
}

void not_proven(Report& report, std::string english, std::string chinese) {
    report.not_proven.push_back({std::move(english), std::move(chinese)});
}

void fill_assumptions(Report& report) {
    const std::string digest = to_hex(report.genesis_digest);
    assume(report,
           "The genesis digest " + digest + " reached the reader by a way that can be trusted; the contract prints it.",
           "读者经可信途径获知创世摘要 " + digest + "；该摘要印于合同。");
    assume(report,
           "No quorum of the keys of any set of validators between genesis and the block was ever misused, retired "
           "keys included.",
           "自创世至该区块，任何一届验证节点集合中均未发生达到法定数量的密钥被滥用的情形（含已停用密钥）。");
    assume(report, "SHA-256 and ECDSA over secp256k1 hold; so does SM3 where a file is compared.",
           "SHA-256 与 secp256k1 上的 ECDSA 安全可靠；比对文件时 SM3 亦安全可靠。");
    assume(report, "Who owns which key is what genesis says, and of keys registered later what the quorum accepted.",
           "密钥的归属以创世文件所载为准；其后登记的密钥，以法定数量的验证节点所接受者为准。");
}

}  // namespace

void assume_succession(Report& report) {
    assume(report,
           "At the succession shown, more than the tolerated number of validators were really lost: the old validators "
           "did not agree to their successors and may have signed other blocks after the last one shown. The recovery "
           "authorities, as many as genesis demands, stand for it.",
           "所示继任发生时，丧失的验证节点确已超过容许数量：原验证节点并未同意其继任者，且可能在所示最后区块之后另行签"
           "署其他区块。"
           "此点由达到创世文件所定门槛的恢复机构担保。");
}

void fill_limits(Report& report) {
    fill_assumptions(report);
    not_proven(report, "Anything that was recorded after the block that the bundle speaks about.",
               "证据包所述区块之后记录的任何事项。");
    if (report.facts.contract || report.facts.standing) {
        not_proven(report,
                   "Refused attempts by organisations that are no party to the contract, or from before its "
                   "registration: they stand in the log of the whole chain alone.",
                   "非本合同当事人的机构被拒绝的操作，以及合同登记之前被拒绝的操作：此类操作仅载于全链日志。");
    }
    not_proven(report, "Registrations of the same matter under a document with other bytes, and so another digest.",
               "同一事项以字节不同（因而摘要不同）的文件所作的其他登记。");
    not_proven(
        report,
        "Payments that were made but never recorded, and whether a recorded payment was really made: a posting that "
        "nobody acknowledged is the claim of the party that signed it.",
        "已支付但从未记录的款项，以及所记录的款项是否实际支付：未经确认的入账仅为签署方的主张。");
    not_proven(report, "That what a document or a statement says was true before it was recorded.",
               "文件或陈述的内容在记录之前即属真实。");
    not_proven(
        report,
        "The exact time: the time of a block is agreed among the validators within the bound that the chain sets.",
        "精确时刻：区块时间由验证节点在链上参数限定的偏差内共同确认。");
    if (report.facts.external_times.empty()) {
        not_proven(report,
                   "Any time by an independent clock: no external time-stamp (RFC 3161) was checked, and the earliest "
                   "independent anchor is: none.",
                   "独立时钟的时间：未核验外部时间戳（RFC 3161）；最早的独立锚定：无。");
    }
}

}  // namespace probatum::evidence
