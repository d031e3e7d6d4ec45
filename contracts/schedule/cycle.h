#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contracts/schedule/moment.h"

namespace probatum::schedule {

/// More dates than any contract needs, so that no terms can make a rule run without end.
inline constexpr std::size_t kMaxCycleDates = 12'000;

enum class CycleUnit : std::uint8_t { day, week, month, quarter, half_year, year };

/// What becomes of a last period that is shorter than the cycle.
enum class Stub : std::uint8_t {
    long_last,  ///< It is joined to the one before.
    short_last  ///< It stands alone.
};

/// Whether months step from the last day to the last day.
enum class EndOfMonth : std::uint8_t {
    same_day,     ///< The anchor's day of the month, or the month's last day where it has none such.
    end_of_month  ///< The last day of every month if the anchor is the last day of its month; otherwise as same_day.
};

/// "every `count` units".
struct Cycle {
    std::int32_t count{1};  ///< Above zero.
    CycleUnit unit{CycleUnit::month};
    Stub stub{Stub::short_last};

    /// "P1ML0" (long last stub), "P1ML1" (short), "P1M" (short); also the older "1M+" (long) and "1M-" (short).
    /// nullopt otherwise. The count is at most 9999.
    [[nodiscard]] static std::optional<Cycle> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;  ///< "P1ML0"
    friend bool operator==(const Cycle&, const Cycle&) = default;
};

/// The k-th date of a cycle, counted from the anchor itself and never from the date before; k may be below zero.
[[nodiscard]] Moment step(Moment anchor, const Cycle& cycle, std::int64_t k, EndOfMonth convention);

/// From where to where dates are wanted.
struct CycleSpan {
    std::optional<Moment> anchor{};  ///< None: no date but the end.
    std::optional<Cycle> cycle{};    ///< None: the anchor alone, and the end.
    Moment end;
    EndOfMonth convention{EndOfMonth::same_day};
    bool with_end{true};  ///< Whether `end` itself is a date.
};
/// The dates, ascending: the anchor and every step before `end`, then `end`. A last period that is shorter than the
/// cycle is joined to the one before it where the cycle says so and there is one. An anchor that is not before `end`
/// leaves `end` alone. too_large above kMaxCycleDates.
/// Threads: pure.
[[nodiscard]] Result<std::vector<Moment>> cycle_dates(const CycleSpan& span);

}  // namespace probatum::schedule
