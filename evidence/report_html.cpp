#include "evidence/explain.h"
#include "evidence/report.h"
#include "evidence/report_facts.h"
#include "evidence/report_page.h"

namespace probatum::evidence {

namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #111; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; border-bottom: 3px solid #444; padding-bottom: .4rem; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; border-bottom: 1px solid #bbb; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
th { width: 11rem; font-weight: 600; }
pre { font: 12.5px/1.45 "Noto Sans Mono CJK SC", "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
.case { border: 1px solid #444; padding: .5rem .8rem; margin: .8rem 0; }
.verdict { font-size: 1.3rem; font-weight: 700; }
.valid, .pass { color: #0b5d1e; } .not-valid, .fail { color: #9b1111; } .unusable, .not-checked { color: #5c4a00; }
code { font-family: "DejaVu Sans Mono", monospace; font-size: .85em; }
.small { font-size: .87em; color: #333; }
@media print { body { margin: 0; max-width: none; } section { break-after: page; } tr { break-inside: avoid; } }
)";

/// Text of anybody in HTML: nothing of it is markup, and controls are shown as what they are not.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char each : clean(text)) {
        switch (each) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out.push_back(each);
        }
    }
    return out;
}

std::string row(std::string_view label, std::string_view value) {
    return "<tr><th scope=\"row\">" + escaped(label) + "</th><td>" + escaped(value) + "</td></tr>\n";
}

/// Headings, tables of labelled values, and lines whose layout is kept.
std::string items_html(const std::vector<PageItem>& items) {
    std::string out;
    PageItem::Kind open = PageItem::Kind::heading;
    const auto close = [&] {
        out += open == PageItem::Kind::fact ? "</table>\n" : open == PageItem::Kind::line ? "</pre>\n" : "";
        open = PageItem::Kind::heading;
    };
    for (const PageItem& item : items) {
        if (item.kind != open || item.kind == PageItem::Kind::heading) {
            close();
            out += item.kind == PageItem::Kind::fact ? "<table>\n" : item.kind == PageItem::Kind::line ? "<pre>\n" : "";
            open = item.kind;
        }
        switch (item.kind) {
            case PageItem::Kind::heading:
                out += "<h2>" + escaped(item.label) + "</h2>\n";
                break;
            case PageItem::Kind::fact:
                out += row(item.label, item.value);
                break;
            case PageItem::Kind::line:
                out += escaped(item.value) + "\n";
                break;
        }
    }
    close();
    return out;
}

std::string result_html(const Report& report, const Words& words) {
    const std::string verdict{name(report.conclusion)};
    std::string out = "<h1>" +
                      escaped(words.pick("Report of the verification of an evidence bundle", "证据包验证报告")) +
                      "</h1>\n<div class=\"case\">" + escaped(words.pick("Case number: ", "案号：")) +
                      "______________________________</div>\n<p class=\"verdict " + verdict + "\">" +
                      escaped(words.of(verdict)) + "</p>\n";
    Page page{words.pick("en", "zh") == "zh"};
    write_result(page, report);
    std::vector<PageItem> items = page.items();
    items.erase(items.begin(), items.begin() + 3);  // Title, rule and verdict stand above, larger.
    return out + items_html(items);
}

std::string checks_html(const Report& report, const Words& words, const Provisions* explained) {
    std::string out = "<h2>" + escaped(words.pick("Checks", "检查项")) + "</h2>\n<table>\n";
    for (const Check& check : report.checks) {
        const std::string verdict{name(check.verdict)};
        out += "<tr><th scope=\"row\">" + std::to_string(check.number) + ". <span class=\"" + verdict + "\">" +
               escaped(words.of(verdict)) + "</span></th><td>" + escaped(words.pick(check.title));
        if (explained != nullptr) {
            const Explanation& text = explanation_of(check.id);
            out += "<br>" + escaped(words.pick(text.question)) + " " + escaped(words.pick(text.method));
            const auto law = explained->find(check.id);
            if (law != explained->end()) {
                out += "<br><i>" + escaped(words.pick(law->second)) + "</i>";
            }
        }
        out += "<div class=\"small\"><code>" + escaped(check.id) + "</code>";
        const auto detail = [&](std::string_view english, std::string_view chinese, std::string_view value) {
            if (!value.empty()) {
                out += "<br>" + escaped(words.pick(english, chinese)) + " <code>" + escaped(value) + "</code>";
            }
        };
        detail("input", "输入", check.input);
        detail("expected", "应为", check.expected);
        detail("found", "实为", check.found);
        if (!check.note.english.empty()) {
            out += "<br>" + escaped(words.pick(check.note));
        }
        out += "</div></td></tr>\n";
    }
    return out + "</table>\n";
}

std::string list_html(std::string_view title, const std::vector<Text>& sentences, const Words& words) {
    std::string out = "<h2>" + escaped(title) + "</h2>\n<ul>\n";
    for (const Text& sentence : sentences) {
        out += "<li>" + escaped(words.pick(sentence)) + "</li>\n";
    }
    return out + "</ul>\n";
}

std::string section_html(const Report& report, bool chinese, const Provisions* explained) {
    const Words words{chinese};
    std::string out = std::string{"<section lang=\""} + (chinese ? "zh-CN" : "en") + "\">\n";
    out += result_html(report, words) + checks_html(report, words, explained);
    if (report.conclusion == Conclusion::valid) {
        Page page{chinese};
        write_facts(page, report.facts);
        out += items_html(page.items());
    }
    out += list_html(words.pick("What this rests on", "前提假设"), report.assumptions, words);
    out += list_html(words.pick("What is not proven", "未证明事项"), report.not_proven, words);
    return out + "</section>\n";
}

}  // namespace

std::string render_html(const Report& report, Language language, const Provisions* explained) {
    std::string out = std::string{"<!DOCTYPE html>\n<html lang=\""} + (language == Language::english ? "en" : "zh-CN") +
                      "\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<title>Probatum: " +
                      std::string{name(report.conclusion)} + "</title>\n<style>" + std::string{kStyle} +
                      "</style>\n</head>\n<body>\n";
    if (language != Language::english) {
        out += section_html(report, true, explained);
    }
    if (language != Language::chinese) {
        out += section_html(report, false, explained);
    }
    return out + "</body>\n</html>\n";
}

}  // namespace probatum::evidence
