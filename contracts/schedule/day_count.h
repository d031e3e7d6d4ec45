#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "contracts/schedule/moment.h"
#include "contracts/schedule/rational.h"

namespace probatum::schedule {

/// How the part of a year between two days is counted. docs/spec/schedules.md section 3.
enum class DayCount : std::uint8_t {
    actual_360,          ///< A/360
    actual_365,          ///< A/365 (fixed)
    actual_actual_isda,  ///< A/A: days in leap years over 366, the others over 365
    thirty_e_360,        ///< 30E/360: day 31 counts as 30
    thirty_e_360_isda,   ///< 30E/360 ISDA: the last day of February counts as 30 too, except at maturity
    thirty_360_us,       ///< 30/360 US (bond basis): day 31 depends on the other date, February's end counts as 30
    twenty_eight_e_336   ///< 28E/336: no month has more than 28 days
};

/// Published codes and the names in ISO 20022 style: "A360", "A/360", "A365", "A/365", "AA", "A/A", "A/AISDA",
/// "30E360", "30E/360", "30E360ISDA", "30E/360ISDA", "30360US", "30/360US", "28E336", "28E/336". nullopt otherwise.
[[nodiscard]] std::optional<DayCount> day_count_from_name(std::string_view name);
[[nodiscard]] std::string_view name(DayCount convention);  ///< "30E/360"

struct DaySpan {
    CivilDate from;
    CivilDate to;
};
/// The exact fraction of a year; below zero where `to` lies before `from`. `maturity` matters to 30E/360 ISDA alone.
/// Threads: pure.
[[nodiscard]] Rational year_fraction(DaySpan span, DayCount convention, std::optional<CivilDate> maturity = {});

}  // namespace probatum::schedule
