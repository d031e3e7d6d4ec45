#include "evidence/explain.h"

#include "evidence/report_facts.h"
#include "evidence/report_page.h"

namespace probatum::evidence {

namespace {

/// The answer in a sentence, whatever the check.
std::string_view answer_of(Verdict verdict, const Words& words) {
    switch (verdict) {
        case Verdict::pass:
            return words.pick("Yes.", "是。");
        case Verdict::fail:
            return words.pick("NO. The bundle must not be relied on.", "否。本证据包不可采信。");
        case Verdict::not_checked:
            break;
    }
    return words.pick("Not answered.", "未作回答。");
}

void write_explained(Page& page, const Report& report, const Provisions& provisions) {
    page.heading("THE CHECKS, EXPLAINED", "检查项说明");
    for (const Check& check : report.checks) {
        const Explanation& explained = explanation_of(check.id);
        page.line();
        page.line("  " + std::to_string(check.number) + ". " + page.words.pick(explained.question));
        page.line("     " + page.words.pick(explained.method));
        page.line("     " + std::string{page.words.pick("Answer: ", "回答：")} +
                  std::string{answer_of(check.verdict, page.words)} + " " + page.words.pick(check.note));
        const auto provision = provisions.find(check.id);
        if (provision != provisions.end()) {
            page.line("     " + std::string{page.words.pick("Bears on: ", "相关规定：")} +
                      clean(page.words.pick(provision->second)));
        }
    }
}

std::string render_in(const Report& report, const Provisions& provisions, bool chinese) {
    Page page{chinese};
    write_result(page, report);
    write_explained(page, report, provisions);
    if (report.conclusion == Conclusion::valid) {
        write_facts(page, report.facts);
    }
    page.heading("WHAT THIS RESTS ON", "前提假设");
    write_sentences(page, report.assumptions);
    page.heading("WHAT IS NOT PROVEN", "未证明事项");
    write_sentences(page, report.not_proven);
    return page.text();
}

}  // namespace

std::string render_explained(const Report& report, Language language, const Provisions& provisions) {
    switch (language) {
        case Language::english:
            return render_in(report, provisions, false);
        case Language::chinese:
            return render_in(report, provisions, true);
        case Language::both:
            break;
    }
    return render_in(report, provisions, true) + "\n\n" + render_in(report, provisions, false);
}

}  // namespace probatum::evidence
