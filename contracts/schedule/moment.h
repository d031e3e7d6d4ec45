#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/civil_time.h"

namespace probatum::schedule {

/// A day by its name in the Gregorian calendar.
struct CivilDay {
    int year;
    int month;  ///< 1..12
    int day;    ///< 1..31
};
[[nodiscard]] CivilDay civil(CivilDate date);
/// Precondition: the day exists.
[[nodiscard]] CivilDate date_of(CivilDay day);
[[nodiscard]] bool is_leap(int year);
[[nodiscard]] int days_in_month(int year, int month);
[[nodiscard]] bool is_last_of_month(CivilDate date);
/// 0 is Monday.
[[nodiscard]] int weekday(CivilDate date);
[[nodiscard]] inline CivilDate plus_days(CivilDate date, std::int32_t days) { return CivilDate{date.days() + days}; }

/// A point in local time without a zone, to the second. The order is the order in time.
struct Moment {
    CivilDate date;
    std::int32_t second_of_day{0};  ///< 0..86399

    /// The day on which interest is counted: the last second of a day is the end of that day, so the next one.
    [[nodiscard]] CivilDate counting_day() const { return second_of_day == 86'399 ? plus_days(date, 1) : date; }
    /// "2013-12-31T23:59:59"
    [[nodiscard]] std::string to_string() const;
    /// "2013-12-31", "2013-12-31T23:59", "2013-12-31T23:59:59"; T24:00 and T24:00:00 are the next day's midnight.
    /// nullopt otherwise.
    [[nodiscard]] static std::optional<Moment> parse(std::string_view text);

    friend auto operator<=>(const Moment&, const Moment&) = default;
};

}  // namespace probatum::schedule
