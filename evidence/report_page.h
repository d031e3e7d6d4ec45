#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/verify.h"
#include "evidence/words.h"

/// A report before it becomes text, HTML or a printed page: headings, labelled values and lines, in order.
namespace probatum::evidence {

struct PageItem {
    enum class Kind : std::uint8_t { heading, fact, line };
    Kind kind{Kind::line};
    std::string label{};  ///< Of a heading ("3. PARTIES") or a fact.
    std::string value{};  ///< Of a fact or a line; a line's blanks are its layout.
};

class Page {
public:
    explicit Page(bool chinese) : words{chinese} {}

    void heading(std::string_view english, std::string_view chinese);
    void line(std::string_view text = {});
    /// "  label   value"
    void fact(std::string_view english, std::string_view chinese, std::string_view value);

    [[nodiscard]] const std::vector<PageItem>& items() const { return items_; }
    [[nodiscard]] std::string text() const;

    const Words words;

private:
    std::vector<PageItem> items_;
    unsigned sections_{0};
};

[[nodiscard]] std::size_t count_of(const Report& report, Verdict verdict);
/// "24 PASS, 0 FAIL, 2 NOT CHECKED"
[[nodiscard]] std::string verdict_counts(const Report& report, const Words& words);
/// The one sentence that a bundle is for.
[[nodiscard]] Text proven_sentence(const Facts& facts);
/// The conclusion and what it is about, under a title.
void write_result(Page& page, const Report& report);
/// "  - sentence" for each.
void write_sentences(Page& page, const std::vector<Text>& sentences);

}  // namespace probatum::evidence
