#include "evidence/report_page.h"

#include "base/text_encoding.h"

namespace probatum::evidence {

void Page::heading(std::string_view english, std::string_view chinese) {
    items_.push_back(
        {PageItem::Kind::heading, std::to_string(++sections_) + ". " + std::string{words.pick(english, chinese)}, {}});
}

void Page::line(std::string_view text) { items_.push_back({PageItem::Kind::line, {}, std::string{text}}); }

void Page::fact(std::string_view english, std::string_view chinese, std::string_view value) {
    items_.push_back({PageItem::Kind::fact, std::string{words.pick(english, chinese)}, std::string{value}});
}

std::string Page::text() const {
    std::string out;
    for (const PageItem& item : items_) {
        switch (item.kind) {
            case PageItem::Kind::heading:
                out += "\n" + item.label;
                break;
            case PageItem::Kind::fact:
                out += "  " + padded(item.label, 16) + item.value;
                break;
            case PageItem::Kind::line:
                out += item.value;
                break;
        }
        out.push_back('\n');
    }
    return out;
}

std::size_t count_of(const Report& report, Verdict verdict) {
    std::size_t out = 0;
    for (const Check& check : report.checks) {
        out += check.verdict == verdict ? 1 : 0;
    }
    return out;
}

Text proven_sentence(const Facts& facts) {
    const std::string height = std::to_string(facts.height.raw());
    if (facts.contract) {
        const std::string events = std::to_string(facts.event_count);
        const std::string refused = std::to_string(facts.refused_count);
        return {"Proven: all " + events + " events accepted under this contract and all " + refused +
                    " refused attempts by parties to it, up to block " + height + ".",
                "已证明：截至区块 " + height + "，本合同项下全部已接受事件共 " + events +
                    " 项、当事人被拒绝的操作全部共 " + refused + " 项。"};
    }
    if (facts.record) {
        return {
            "Proven: this record stands in block " + std::to_string(facts.record->height.raw()) + ", and has since.",
            "已证明：该记录载于区块 " + std::to_string(facts.record->height.raw()) + "，此后未变。"};
    }
    if (facts.standing && facts.standing->registered) {
        const std::string events = std::to_string(facts.standing->events);
        const std::string refused = std::to_string(facts.standing->refused);
        return {"Proven: up to block " + height + " this contract has exactly " + events + " accepted events and " +
                    refused + " refused attempts by parties to it; nothing came after them.",
                "已证明：截至区块 " + height + "，本合同恰有已接受事件 " + events + " 项、当事人被拒绝的操作 " +
                    refused + " 项，此后再无其他。"};
    }
    if (facts.standing) {
        return {"Proven: up to block " + height + " no contract is registered under this id on this chain.",
                "已证明：截至区块 " + height + "，本链上未登记该标识的合同。"};
    }
    if (!facts.uses.empty() && facts.uses.front().others.empty()) {
        return {"Proven: up to block " + height + " nothing on this chain uses this document: it is not registered.",
                "已证明：截至区块 " + height + "，本链上无任何事项使用该文件：该文件未登记。"};
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
    page.fact("Checks", "检查项", verdict_counts(report, words));
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

void write_sentences(Page& page, const std::vector<Text>& sentences) {
    for (const Text& sentence : sentences) {
        page.line("  - " + page.words.pick(sentence));
    }
}

std::string verdict_counts(const Report& report, const Words& words) {
    std::string out;
    for (const Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::not_checked}) {
        out += (out.empty() ? "" : ", ") + std::to_string(count_of(report, verdict)) + " " +
               std::string{words.of(name(verdict))};
    }
    return out;
}

}  // namespace probatum::evidence
