#include "evidence/pdf/forms.h"

#include "base/text_encoding.h"
#include "evidence/words.h"

namespace probatum::evidence::pdf {

namespace {

void heading(Sheet& sheet, std::string text) {
    sheet.items.emplace_back(Row{{{0, std::move(text), {.size_pt = 14, .bold = true, .centred = true}}}, 0, 2});
    sheet.items.emplace_back(Rule{0.8});
}

void paragraph(Sheet& sheet, std::string text) {
    sheet.items.emplace_back(Row{{{0, std::move(text), {.size_pt = 10}}}, 0.6, 1.2});
}

void draft_mark(Sheet& sheet, std::string_view text) {
    sheet.items.emplace_back(Row{{{0, std::string{text}, {.size_pt = 8.5, .centred = true, .grey = 0.3}}}, 0, 2});
}

void point(Sheet& sheet, std::string question, std::string answer) {
    sheet.items.emplace_back(
        Row{{{55, std::move(question), {.size_pt = 9.5, .bold = true}}, {0, std::move(answer)}}, 0.5, 0.8});
    sheet.items.emplace_back(Rule{0.2});
}

void certification(Sheet& sheet, std::string rule, std::string what) {
    sheet.items.emplace_back(PageBreak{});
    heading(sheet, "Certification under Federal Rule of Evidence " + std::move(rule));
    draft_mark(sheet, "DRAFT to be completed, read and signed by a qualified person; not signed by this program");
    paragraph(sheet, "I, the undersigned, certify as follows.");
    paragraph(sheet, std::move(what));
}

void signature(Sheet& sheet) {
    paragraph(sheet,
              "I declare under penalty of perjury under the laws of the United States of America that the foregoing is "
              "true and correct (28 U.S.C. § 1746).");
    sheet.items.emplace_back(Gap{6});
    for (const char* const label : {"Executed on", "Signature", "Name", "Title, organisation", "Qualifications"}) {
        sheet.items.emplace_back(Blank{label});
    }
}

std::string quorum_text(const Facts& facts, bool chinese) {
    const Words words{chinese};
    std::string out;
    for (const ValidatorFact& validator : facts.validators) {
        out += (out.empty() ? "" : words.pick("; ", "；"));
        out += clean(validator.organisation_name.empty() ? validator.organisation : validator.organisation_name);
        out += validator.party ? words.pick(" (party)", "（当事人）") : words.pick("", "");
    }
    return out + std::string{words.pick(". Quorum ", "。法定数量 ")} + std::to_string(facts.quorum) + " / " +
           std::to_string(facts.validator_count) + "; " +
           std::string{facts.quorum_without_parties
                           ? words.pick("it holds without the parties.", "不计当事人仍然成立。")
                           : words.pick("it does NOT hold without the parties.", "不计当事人不成立。")};
}

std::string clock_bound_text(const Facts& facts, bool chinese) {
    const Words words{chinese};
    if (!facts.clock_bound_ms) {
        return std::string{words.pick(", the bound of the clocks is not shown", "，各节点时钟限差未载明")};
    }
    return std::string{words.pick(", agreed within ", "，各节点时钟限差 ")} + std::to_string(*facts.clock_bound_ms) +
           std::string{words.pick(" ms", " 毫秒")};
}

}  // namespace

void add_signature_page(Sheet& sheet, bool chinese) {
    const Words words{chinese};
    sheet.items.emplace_back(PageBreak{});
    heading(sheet, std::string{words.pick("Signatures", "签署页")});
    paragraph(sheet, std::string{words.pick(
                         "By signing, a person says who they are and what they did with the attached evidence file. "
                         "What the file proves does not depend on these signatures.",
                         "签署人在此说明其身份及对所附证据文件所做的操作。证据文件所证明的内容不取决于下列签名。")});
    const auto block = [&](std::string_view english, std::string_view chinese_title) {
        sheet.items.emplace_back(
            Row{{{0, std::string{words.pick(english, chinese_title)}, {.size_pt = 11, .bold = true}}}, 4, 0.5, true});
        for (const auto& [label, label_zh] : {std::pair{"Name, organisation", "姓名、单位"},
                                              {"Capacity", "职务或身份"},
                                              {"Signature, seal", "签名、盖章"},
                                              {"Place, date", "地点、日期"}}) {
            sheet.items.emplace_back(Blank{std::string{words.pick(label, label_zh)}});
        }
    };
    block("Exported from the network by", "导出人");
    block("Verified offline by", "离线验证人");
    block("Received by", "接收人");
}

void add_fre_certifications(Sheet& sheet, const Report& report) {
    const Facts& facts = report.facts;
    const std::string identity = "evidence file with SHA-256 " + to_hex(report.bundle_sha256) + " (" +
                                 std::to_string(report.bundle_bytes) + " bytes)";
    certification(sheet, "902(13)",
                  "1. I am familiar with the electronic process known as Probatum, a ledger kept in common by the "
                  "organisations listed in this certificate, on the network \"" +
                      clean(facts.chain_name) + "\" with genesis digest " + to_hex(report.genesis_digest) + ".");
    paragraph(
        sheet,
        "2. The process records signed statements in blocks. A block is final when more than two thirds of the "
        "validators have signed it. Each block carries digests from which inclusion, order and completeness of the "
        "records can be computed by anybody.");
    paragraph(sheet,
              "3. The " + identity + " was generated by that process as of block " +
                  std::to_string(facts.height.raw()) +
                  ". I verified it with the program `probatum verify`, whose checks and results are listed in this "
                  "certificate. The process produces an accurate result.");
    paragraph(sheet, "4. What this does not prove is listed in this certificate under the heading of that name.");
    signature(sheet);
    certification(sheet, "902(14)",
                  "1. The attached " + identity +
                      " was copied from the storage of a node of the network named in this certificate.");
    paragraph(
        sheet,
        "2. I compared it by a process of digital identification: its SHA-256 digest was computed and is the one "
        "above; the digests of the documents that I held are those registered, as far as the list of checks says so.");
    paragraph(sheet, "3. A file with another content has, for all that is known of SHA-256, another digest.");
    signature(sheet);
}

void add_article_17_sheet(Sheet& sheet, const Report& report, bool chinese) {
    const Words words{chinese};
    const Facts& facts = report.facts;
    const auto say = [&](std::string_view english, std::string_view text) {
        return std::string{words.pick(english, text)};
    };
    sheet.items.emplace_back(PageBreak{});
    heading(sheet,
            say("Examination sheet, Online Litigation Rules, article 17", "《人民法院在线诉讼规则》第十七条审查要点"));
    draft_mark(sheet, say("DRAFT: what the file says is filled in; the rest is for the party and the court",
                          "草稿：证据文件所载内容已填入，其余由当事人及法院填写"));
    point(sheet,
          say("1. Does the platform meet the rules for providing such services?",
              "一、存证平台是否符合国家有关部门关于提供区块链存证服务的相关规定"),
          say("Not known to this file. Filing number of the block-chain information service:\n\n____________________",
              "本文件不能证明。区块链信息服务备案编号：\n\n____________________"));
    point(sheet,
          say("2. Is the platform related to a party, and did it use technical means to interfere?",
              "二、当事人与存证平台是否存在利害关系，并利用技术手段不当干预取证、存证过程"),
          say("Who ran the network at this block: ", "该区块时的网络运行方：") + quorum_text(facts, chinese));
    point(sheet,
          say("3. Do the information systems meet national or industry standards of cleanliness, security, "
              "reliability and availability?",
              "三、存证平台的信息系统是否符合清洁性、安全性、可靠性、可用性的国家标准或者行业标准"),
          say("Not known to this file. Certificates of assessment (classified protection):\n\n____________________",
              "本文件不能证明。等级保护测评等证明：\n\n____________________"));
    point(sheet,
          say("4. Do technology and process meet standards of system environment, security, encryption, "
              "transmission and verification?",
              "四、存证技术和过程是否符合相关国家标准或者行业标准中关于系统环境、技术安全、加密方式、数据传输、信息"
              "验证等方面的要求"),
          say("Formats: CBOR (RFC 8949), COSE (RFC 9052). Signatures: ECDSA on secp256k1 with SHA-256. Digests of "
              "documents: SHA-256 and SM3 (GB/T 32905). Logs: RFC 9162. Time: " +
                  local_time(facts.block_time, 480) + clock_bound_text(facts, false) + ".",
              "格式：CBOR（RFC 8949）、COSE（RFC 9052）；签名：secp256k1 上的 ECDSA 与 SHA-256；文件摘要：SHA-256 与 "
              "SM3（GB/T 32905）；日志：RFC 9162。时间：" +
                  local_time(facts.block_time, 480) + clock_bound_text(facts, true) + "。"));
    point(sheet, say("Truth before recording (article 18)", "上链前的真实性（第十八条）"),
          say("Not proven. Sources, process of formation and corroboration are to be shown by the party.",
              "不予证明。来源、形成过程及其他佐证由当事人说明。"));
}

}  // namespace probatum::evidence::pdf
