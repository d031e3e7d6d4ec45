#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strong_id.h"

namespace probatum {

/// A day of the proleptic Gregorian calendar, counted from 1970-01-01 = 0. No time zone: the contract names its offset.
class CivilDate {
public:
    constexpr CivilDate() = default;
    constexpr explicit CivilDate(std::int32_t days_since_1970) : days_{days_since_1970} {}
    /// malformed if the day does not exist. Years 1900..2400.
    [[nodiscard]] static Result<CivilDate> from_ymd(int year, int month, int day);
    /// "2026-11-21"; malformed otherwise.
    [[nodiscard]] static Result<CivilDate> parse(std::string_view iso8601);

    [[nodiscard]] constexpr std::int32_t days() const { return days_; }
    [[nodiscard]] std::string to_string() const;
    friend constexpr auto operator<=>(CivilDate, CivilDate) = default;

private:
    std::int32_t days_{0};
};

/// The civil date at an instant under a fixed UTC offset in minutes (-1439..1439; +480 is Beijing).
[[nodiscard]] CivilDate date_at(UnixMs time, int utc_offset_minutes);

/// RFC 3339 in UTC with milliseconds: "2026-11-21T08:00:00.000Z".
[[nodiscard]] std::string to_rfc3339(UnixMs time);
/// RFC 3339 with any offset, seconds and optional fraction up to milliseconds; malformed otherwise.
[[nodiscard]] Result<UnixMs> parse_rfc3339(std::string_view text);

}  // namespace probatum
