#include "evidence/pdf/certificate.h"

#include <algorithm>

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "evidence/pdf/attachment.h"
#include "evidence/pdf/forms.h"
#include "evidence/report_facts.h"
#include "evidence/report_page.h"

namespace probatum::evidence::pdf {

namespace {

constexpr std::int32_t kBeijingMinutes = 480;

/// Foreign text on one line, a blank kept where it was.
Row heading(std::string text) { return {{{0, std::move(text), {.size_pt = 11.5, .bold = true}}}, 4, 1, true}; }

void add_fact(Sheet& sheet, std::string_view label, std::string_view value, bool mono = false) {
    sheet.items.emplace_back(Row{
        {{38, std::string{label}, {.size_pt = 9.5, .grey = 0.3}}, {0, std::string{value}, {.mono = mono}}}, 0, 0.9});
}

std::string short_digest(const Digest& digest) {
    const std::string hex = to_hex(digest);
    return hex.substr(0, 4) + " " + hex.substr(4, 4) + " " + hex.substr(8, 4) + " " + hex.substr(12, 4);
}

/// What a reader scans: which bundle, about what, as of which block.
std::string qr_text(const Report& report) {
    const Facts& facts = report.facts;
    return "PROBATUM/1 " + facts.subject_kind + " " + to_hex(facts.subject) + " block " + to_hex(facts.block) +
           " sha256 " + to_hex(report.bundle_sha256).substr(0, 16);
}

void add_first_page(Sheet& sheet, const Report& report, bool chinese) {
    const Words words{chinese};
    const Facts& facts = report.facts;
    const auto say = [&](std::string_view english, std::string_view text) { return words.pick(english, text); };
    sheet.items.emplace_back(Row{{{0,
                                   std::string{say("CERTIFICATE OF EVIDENCE", "区块链存证验证证书")},
                                   {.size_pt = 21, .bold = true, .centred = true}}},
                                 2,
                                 1});
    sheet.items.emplace_back(Row{{{0,
                                   std::string{say("Probatum: what one evidence file proves, and what it does not",
                                                   "Probatum：一份证据文件证明了什么，未证明什么")},
                                   {.size_pt = 10, .centred = true, .grey = 0.3}}},
                                 0,
                                 3});
    sheet.items.emplace_back(Rule{1.4});
    sheet.items.emplace_back(Rule{0.4});
    sheet.items.emplace_back(Blank{std::string{say("Case number", "案号")}});
    sheet.items.emplace_back(Row{
        {{0, std::string{say("Result: VALID", "结论：有效")}, {.size_pt = 15, .bold = true, .centred = true}}}, 3, 1});
    sheet.items.emplace_back(Row{{{0, words.pick(proven_sentence(facts)), {.size_pt = 11, .centred = true}}}, 0, 3});
    add_fact(sheet, say("Checks", "检查项"), verdict_counts(report, words));
    add_fact(sheet, say("Subject", "对象"), std::string{words.of(facts.subject_kind)} + " " + to_hex(facts.subject));
    if (facts.contract) {
        add_fact(sheet, say("Contract", "合同"),
                 clean(facts.contract->number) + ", " + std::string{words.of(facts.contract->type)} + ", " +
                     std::string{words.of(facts.contract->status)});
    }
    add_fact(sheet, say("Network", "网络"), clean(facts.chain_name));
    add_fact(sheet, say("As of", "截至"),
             std::string{say("block ", "区块 ")} + std::to_string(facts.height.raw()) + ", " +
                 local_time(facts.block_time, facts.contract ? facts.contract->utc_offset_minutes : kBeijingMinutes));
    add_fact(sheet, say("Block", "区块标识"), to_hex(facts.block), true);
    add_fact(sheet, say("Genesis digest", "创世摘要"), to_hex(report.genesis_digest), true);
    add_fact(sheet, say("File, SHA-256", "文件 SHA-256"), to_hex(report.bundle_sha256), true);
    add_fact(sheet, say("File, bytes", "文件字节数"), std::to_string(report.bundle_bytes));
    sheet.items.emplace_back(Gap{3});
    sheet.items.emplace_back(QrCode{
        qr_text(report),
        34,
        {std::string{say("Short digest of the evidence file:", "证据文件短摘要：")} + " " +
             short_digest(report.bundle_sha256),
         std::string{
             say("The evidence file is attached inside this PDF as case.evidence. These pages are made from it; "
                 "the file proves, the pages only show.",
                 "证据文件以 case.evidence 之名附于本 PDF 内。本页面由该文件生成；证明力在于文件，页面仅为展示。")},
         std::string{
             say("To check it without a network: probatum verify certificate.pdf --genesis-digest D. The genesis "
                 "digest is printed in the contract and published by the operators.",
                 "离线核验：probatum verify certificate.pdf --genesis-digest "
                 "D。创世摘要印于合同，并由运营方公布。")}}});
}

void add_checks(Sheet& sheet, const Report& report, bool chinese) {
    const Words words{chinese};
    sheet.items.emplace_back(PageBreak{});
    sheet.items.emplace_back(heading(std::string{words.pick("Checks", "检查项")}));
    sheet.items.emplace_back(Rule{0.6});
    for (const Check& check : report.checks) {
        std::string title = words.pick(check.title);
        if (check.verdict != Verdict::pass && !words.pick(check.note).empty()) {
            title += std::string{words.pick(" — ", "——")} + words.pick(check.note);
        }
        sheet.items.emplace_back(Row{
            {{8, std::to_string(check.number)},
             {28, std::string{words.of(name(check.verdict))}, {.size_pt = 9, .bold = check.verdict == Verdict::pass}},
             {0, std::move(title)},
             {38, check.id, {.size_pt = 7.5, .mono = true, .grey = 0.35}}},
            0.3,
            0.6});
        sheet.items.emplace_back(Rule{0.15});
    }
}

void add_sentences(Sheet& sheet, std::string title, const std::vector<Text>& sentences, const Words& words) {
    sheet.items.emplace_back(heading(std::move(title)));
    for (const Text& sentence : sentences) {
        sheet.items.emplace_back(Row{{{5, "•"}, {0, words.pick(sentence)}}, 0, 0.9});
    }
}

/// What the report says in lines keeps its layout: the same fixed-width face in both languages.
void add_facts(Sheet& sheet, const Report& report, bool chinese) {
    Page page{chinese};
    write_facts(page, report.facts);
    sheet.items.emplace_back(PageBreak{});
    for (const PageItem& item : page.items()) {
        switch (item.kind) {
            case PageItem::Kind::heading:
                sheet.items.emplace_back(heading(item.label));
                sheet.items.emplace_back(Rule{0.4});
                break;
            case PageItem::Kind::fact:
                add_fact(sheet, item.label, item.value);
                break;
            case PageItem::Kind::line:
                if (!item.value.empty()) {
                    sheet.items.emplace_back(Row{{{0, item.value, {.size_pt = 7.2, .mono = true}}}, 0, 0.2});
                }
                break;
        }
    }
}

void add_language(Sheet& sheet, const Report& report, bool chinese) {
    const Words words{chinese};
    if (!sheet.items.empty()) {
        sheet.items.emplace_back(PageBreak{});
    }
    add_first_page(sheet, report, chinese);
    add_checks(sheet, report, chinese);
    sheet.items.emplace_back(Gap{4});
    add_sentences(sheet, std::string{words.pick("What is not proven", "未证明事项")}, report.not_proven, words);
    add_sentences(sheet, std::string{words.pick("What this rests on", "前提假设")}, report.assumptions, words);
    add_facts(sheet, report, chinese);
    add_signature_page(sheet, chinese);
    add_article_17_sheet(sheet, report, chinese);
    if (!chinese) {
        add_fre_certifications(sheet, report);
    }
}

}  // namespace

Result<Bytes> make_certificate(ByteView bundle, const Digest& genesis_digest, Language language) {
    const Report report = verify(bundle, {.genesis_digest = genesis_digest});
    if (report.conclusion != Conclusion::valid) {
        return fail(Errc::evidence_mismatch, report.failed_check,
                    "there is no certificate of a bundle that is not valid");
    }
    Sheet sheet;
    sheet.title = "Probatum certificate of evidence " + to_hex(report.bundle_sha256).substr(0, 16);
    sheet.subject = std::string{language == Language::both ? "zh en" : language == Language::chinese ? "zh" : "en"};
    sheet.created = to_rfc3339(report.facts.block_time);
    sheet.header = "PROBATUM   " + std::string{language == Language::english ? "" : "区块链存证验证证书   "} +
                   std::string{language == Language::chinese ? "" : "Certificate of evidence"};
    sheet.footer = "SHA-256 " + to_hex(report.bundle_sha256);
    if (language != Language::english) {
        add_language(sheet, report, true);
    }
    if (language != Language::chinese) {
        add_language(sheet, report, false);
    }
    PROBATUM_LET(pages, render(sheet));
    return attach(pages, bundle);
}

PrintedPages check_pages(ByteView pdf, ByteView bundle, const Digest& genesis_digest) {
    for (const Language language : {Language::both, Language::chinese, Language::english}) {
        const Result<Bytes> again = make_certificate(bundle, genesis_digest, language);
        if (again && equal(*again, pdf)) {
            return PrintedPages::same;
        }
        if (!again) {
            return PrintedPages::unknown;
        }
    }
    return renderer_of(pdf) == renderer_name() ? PrintedPages::differ : PrintedPages::unknown;
}

}  // namespace probatum::evidence::pdf
