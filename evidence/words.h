#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/money.h"
#include "base/strong_id.h"
#include "evidence/report.h"

/// How the report says things in one language.
namespace probatum::evidence {

class Words {
public:
    explicit Words(bool chinese) : chinese_{chinese} {}

    [[nodiscard]] std::string_view pick(std::string_view english, std::string_view chinese) const {
        return chinese_ ? chinese : english;
    }
    [[nodiscard]] const std::string& pick(const Text& text) const { return chinese_ ? text.chinese : text.english; }
    /// The person's word for a stable name: "principal-receivable"; the name itself where there is none.
    [[nodiscard]] std::string_view of(std::string_view stable_name) const;
    [[nodiscard]] std::string refusal(std::uint16_t number, std::string_view field) const;

private:
    bool chinese_;
};

/// "CNY 1,000,000.00"
[[nodiscard]] std::string grouped_amount(MinorAmount amount_minor, Currency currency);
/// "2026-11-21 16:00:13.000 UTC+08:00"
[[nodiscard]] std::string local_time(UnixMs time, std::int32_t utc_offset_minutes);
/// Foreign text on one line: control characters become U+FFFD.
[[nodiscard]] std::string clean(std::string_view foreign);
/// Padded with blanks to a width in terminal cells; wide characters count two.
[[nodiscard]] std::string padded(std::string_view text, std::size_t cells);

}  // namespace probatum::evidence
