#include "evidence/report.h"

#include "evidence/report_facts.h"
#include "evidence/report_page.h"

namespace probatum::evidence {

namespace {

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
    return page.text();
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
