#include "evidence/report.h"

#include "base/text_encoding.h"
#include "evidence/report_facts.h"

namespace probatum::evidence {

namespace {

std::size_t count(const Report& report, Verdict verdict) {
    std::size_t out = 0;
    for (const Check& check : report.checks) {
        out += check.verdict == verdict ? 1 : 0;
    }
    return out;
}

/// The one sentence that a bundle is for.
Text proven_sentence(const Facts& facts) {
    const std::string height = std::to_string(facts.height.raw());
    if (facts.contract) {
        const std::string events = std::to_string(facts.event_count);
        const std::string refused = std::to_string(facts.refused_count);
        return {"Proven: all " + events + " events accepted under this contract and all " + refused +
                    " refused attempts, up to block " + height + ".",
                "已证明：截至区块 " + height + "，本合同项下全部已接受事件共 " + events + " 项、全部被拒绝的操作共 " +
                    refused + " 项。"};
    }
    if (facts.record) {
        return {
            "Proven: this record stands in block " + std::to_string(facts.record->height.raw()) + ", and has since.",
            "已证明：该记录载于区块 " + std::to_string(facts.record->height.raw()) + "，此后未变。"};
    }
    return {"Proven: all uses of this document on this chain up to block " + height + " are listed below.",
            "已证明：截至区块 " + height + "，本链上对该文件的全部使用均列示于下。"};
}

void write_result(Page& page, const Report& report) {
    const Words& words = page.words;
    page.line(words.pick("PROBATUM: REPORT OF THE VERIFICATION OF AN EVIDENCE BUNDLE", "PROBATUM 证据包验证报告"));
    page.line(words.pick("==========================================================", "======================="));
    page.fact("RESULT", "结论", words.of(name(report.conclusion)));
    if (report.conclusion != Conclusion::valid) {
        page.fact("FAILED CHECK", "未通过项", report.failed_check);
    }
    page.fact("Checks", "检查项",
              std::to_string(count(report, Verdict::pass)) + " " + std::string{words.of("pass")} + ", " +
                  std::to_string(count(report, Verdict::fail)) + " " + std::string{words.of("fail")} + ", " +
                  std::to_string(count(report, Verdict::not_checked)) + " " + std::string{words.of("not-checked")});
    page.fact("Bundle", "证据包",
              std::to_string(report.bundle_bytes) + " bytes, SHA-256 " + to_hex(report.bundle_sha256));
    page.fact("Genesis digest", "创世摘要", to_hex(report.genesis_digest));
    if (report.conclusion != Conclusion::valid) {
        return;
    }
    const Facts& facts = report.facts;
    page.fact("Network", "网络", clean(facts.chain_name));
    page.fact("Subject", "对象", std::string{words.of(facts.subject_kind)} + " " + to_hex(facts.subject));
    page.fact(
        "As of", "截至",
        std::string{words.pick("block ", "区块 ")} + std::to_string(facts.height.raw()) + " " + to_hex(facts.block));
    page.line("  " + words.pick(proven_sentence(facts)));
}

void write_checks(Page& page, const Report& report) {
    const Words& words = page.words;
    page.heading("CHECKS", "检查项");
    const auto detail = [&](std::string_view english, std::string_view chinese, std::string_view value) {
        if (!value.empty()) {
            page.line("        " + padded(words.pick(english, chinese), 10) + clean(value));
        }
    };
    for (const Check& check : report.checks) {
        page.line("  " + padded(std::to_string(check.number), 4) + padded(words.of(name(check.verdict)), 13) +
                  check.id);
        page.line("        " + words.pick(check.title));
        detail("input", "输入", check.input);
        detail("expected", "应为", check.expected);
        detail("found", "实为", check.found);
        detail("reason", "原因", words.pick(check.note));
    }
}

void write_sentences(Page& page, const std::vector<Text>& sentences) {
    for (const Text& sentence : sentences) {
        page.line("  - " + page.words.pick(sentence));
    }
}

std::string render_in(const Report& report, bool chinese) {
    Page page{chinese};
    write_result(page, report);
    write_checks(page, report);
    if (report.conclusion == Conclusion::valid) {
        write_facts(page, report.facts);
    } else {
        page.line();
        page.line(page.words.pick("What the bundle says is not shown, because the bundle does not hold.",
                                  "因证据包未通过验证，不列示其内容。"));
    }
    page.heading("WHAT THIS RESTS ON", "前提假设");
    write_sentences(page, report.assumptions);
    page.heading("WHAT IS NOT PROVEN", "未证明事项");
    write_sentences(page, report.not_proven);
    return page.take();
}

}  // namespace

std::string render_text(const Report& report, Language language) {
    switch (language) {
        case Language::english:
            return render_in(report, false);
        case Language::chinese:
            return render_in(report, true);
        case Language::both:
            break;
    }
    const std::string first = "PROBATUM  " + std::string{Words{true}.of(name(report.conclusion))} + "  " +
                              std::string{Words{false}.of(name(report.conclusion))} +
                              (report.failed_check.empty() ? "" : "  " + report.failed_check);
    return first + "\n\n" + render_in(report, true) + "\n\n" + render_in(report, false);
}

}  // namespace probatum::evidence
