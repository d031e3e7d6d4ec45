#include "contracts/schedule/day_count.h"

#include <algorithm>
#include <array>

namespace probatum::schedule {

namespace {

struct Name {
    std::string_view text;
    DayCount convention;
};

/// The first name of each convention is the one that is printed.
constexpr std::array kNames{Name{"A/360", DayCount::actual_360},
                            Name{"A/365", DayCount::actual_365},
                            Name{"A/A", DayCount::actual_actual_isda},
                            Name{"30E/360", DayCount::thirty_e_360},
                            Name{"30E/360ISDA", DayCount::thirty_e_360_isda},
                            Name{"30/360US", DayCount::thirty_360_us},
                            Name{"28E/336", DayCount::twenty_eight_e_336},
                            Name{"A360", DayCount::actual_360},
                            Name{"A365", DayCount::actual_365},
                            Name{"AA", DayCount::actual_actual_isda},
                            Name{"A/AISDA", DayCount::actual_actual_isda},
                            Name{"30E360", DayCount::thirty_e_360},
                            Name{"30E360ISDA", DayCount::thirty_e_360_isda},
                            Name{"30360US", DayCount::thirty_360_us},
                            Name{"28E336", DayCount::twenty_eight_e_336}};

std::int64_t days_of_year(int year) { return is_leap(year) ? 366 : 365; }

std::int64_t day_within_year(CivilDate date) { return date.days() - date_of({civil(date).year, 1, 1}).days(); }

/// Both ends as parts of their own years, and the whole years between their beginnings.
Rational actual_actual(DaySpan span) {
    const int first = civil(span.from).year;
    const int last = civil(span.to).year;
    return Rational{last - first} + Rational{day_within_year(span.to), days_of_year(last)} -
           Rational{day_within_year(span.from), days_of_year(first)};
}

bool is_end_of_february(CivilDate date) { return is_last_of_month(date) && civil(date).month == 2; }

/// Days of twelve equal months between two dates whose days are already adjusted.
struct EqualMonths {
    CivilDay from;
    CivilDay to;
    int days_of_month{30};

    [[nodiscard]] Rational fraction() const {
        const int months = (to.year - from.year) * 12 + to.month - from.month;
        return {months * days_of_month + to.day - from.day, days_of_month * 12};
    }
};

Rational thirty_e(DaySpan span, bool isda, std::optional<CivilDate> maturity) {
    EqualMonths months{civil(span.from), civil(span.to)};
    const bool start_ends_february = isda && is_end_of_february(span.from);
    const bool end_ends_february = isda && is_end_of_february(span.to) && span.to != maturity;
    months.from.day = start_ends_february ? 30 : std::min(months.from.day, 30);
    months.to.day = end_ends_february ? 30 : std::min(months.to.day, 30);
    return months.fraction();
}

Rational thirty_us(DaySpan span) {
    EqualMonths months{civil(span.from), civil(span.to)};
    if (is_end_of_february(span.from)) {
        if (is_end_of_february(span.to)) {
            months.to.day = 30;
        }
        months.from.day = 30;
    }
    if (months.to.day == 31 && months.from.day >= 30) {
        months.to.day = 30;
    }
    months.from.day = std::min(months.from.day, 30);
    return months.fraction();
}

Rational twenty_eight_e(DaySpan span) {
    EqualMonths months{civil(span.from), civil(span.to), 28};
    months.from.day = std::min(months.from.day, 28);
    months.to.day = std::min(months.to.day, 28);
    return months.fraction();
}

}  // namespace

std::optional<DayCount> day_count_from_name(std::string_view text) {
    const auto* const found = std::ranges::find(kNames, text, &Name::text);
    return found == kNames.end() ? std::nullopt : std::optional{found->convention};
}

std::string_view name(DayCount convention) { return std::ranges::find(kNames, convention, &Name::convention)->text; }

Rational year_fraction(DaySpan span, DayCount convention, std::optional<CivilDate> maturity) {
    const std::int64_t days = std::int64_t{span.to.days()} - span.from.days();
    switch (convention) {
        case DayCount::actual_360:
            return {days, 360};
        case DayCount::actual_365:
            return {days, 365};
        case DayCount::actual_actual_isda:
            return actual_actual(span);
        case DayCount::thirty_e_360:
            return thirty_e(span, false, {});
        case DayCount::thirty_e_360_isda:
            return thirty_e(span, true, maturity);
        case DayCount::thirty_360_us:
            return thirty_us(span);
        case DayCount::twenty_eight_e_336:
            return twenty_eight_e(span);
    }
    return {};
}

}  // namespace probatum::schedule
