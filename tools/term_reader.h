#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "contracts/schedule/calendar.h"
#include "contracts/schedule/cycle.h"
#include "contracts/schedule/day_count.h"
#include "contracts/schedule/rational.h"
#include "rpc/json.h"

namespace probatum::tools {

/// One word of a term and what it stands for.
template <class Value>
struct Word {
    std::string_view text;
    Value value;
};

/// Takes terms out of a JSON object by their names. The first thing that is wrong is remembered with the name of its
/// term, and everything after it comes out empty; `finish` tells. A term that is null or empty text is not given.
/// Numbers may stand as numbers or as text, text may have blanks around it. Threads: one.
class TermReader {
public:
    /// @param path  how errors name the object: "terms" gives "terms.maturityDate"; empty gives the bare name.
    TermReader(const rpc::Json& object, std::string path);

    [[nodiscard]] bool has(std::string_view name);
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::optional<schedule::Rational> number(std::string_view name);
    [[nodiscard]] std::optional<schedule::Moment> moment(std::string_view name);
    [[nodiscard]] std::optional<CivilDate> date(std::string_view name);
    [[nodiscard]] std::optional<schedule::Cycle> cycle(std::string_view name);
    [[nodiscard]] std::optional<schedule::DayCount> day_count(std::string_view name);
    [[nodiscard]] std::optional<schedule::BusinessDayConvention> business_day(std::string_view name);
    [[nodiscard]] std::optional<schedule::EndOfMonth> end_of_month(std::string_view name);
    /// nullptr where the term is not given.
    [[nodiscard]] const rpc::Json* raw(std::string_view name);

    template <class Value>
    [[nodiscard]] std::optional<Value> word(std::string_view name, std::span<const Word<Value>> words) {
        const auto given = text(name);
        if (!given) {
            return std::nullopt;
        }
        std::string known;
        for (const Word<Value>& word : words) {
            if (word.text == *given) {
                return word.value;
            }
            known += (known.empty() ? "" : ", ") + std::string{word.text};
        }
        refuse(name, Errc::terms_invalid, "'" + *given + "' is none of " + known);
        return std::nullopt;
    }

    /// The value, or the default and a remembered error if the term is not given.
    template <class Value>
    [[nodiscard]] Value need(std::optional<Value> value, std::string_view name) {
        if (!value) {
            refuse(name, Errc::terms_invalid, "this term is needed");
        }
        return std::move(value).value_or(Value{});
    }

    /// The names are known and say nothing about the schedule.
    void ignore(std::span<const std::string_view> names);
    void refuse(std::string_view name, Errc code, std::string why);
    [[nodiscard]] std::string path(std::string_view name) const;
    /// The first error; terms_invalid naming a term that nobody asked for.
    [[nodiscard]] Result<void> finish() const;

private:
    const rpc::Json& object_;
    std::string path_;
    std::set<std::string, std::less<>> known_{};
    std::optional<Error> error_{};
};

[[nodiscard]] std::string_view without_blanks(std::string_view text);
/// A number or a decimal text.
[[nodiscard]] Result<schedule::Rational> read_number(const rpc::Json& value);
/// {"weekend": ["saturday"], "holidays": ["2026-10-01"], "working_days": ["2026-10-10"]}, each optional.
[[nodiscard]] Result<schedule::Calendar> read_calendar(const rpc::Json& value, const std::string& path);

}  // namespace probatum::tools
