#pragma once

#include <string>

#include "evidence/facts.h"
#include "evidence/words.h"

/// The parts of the text report that say what a valid bundle holds.
namespace probatum::evidence {

/// Appends sections to a text: headings, labelled lines, lists.
class Page {
public:
    explicit Page(bool chinese) : words{chinese} {}

    void heading(std::string_view english, std::string_view chinese);
    void line(std::string_view text = {});
    /// "  label   value"
    void fact(std::string_view english, std::string_view chinese, std::string_view value);
    [[nodiscard]] std::string take() { return std::move(out_); }

    const Words words;

private:
    std::string out_;
    unsigned sections_{0};
};

/// Contract or record, events, other uses, who ran the chain, time.
void write_facts(Page& page, const Facts& facts);

}  // namespace probatum::evidence
