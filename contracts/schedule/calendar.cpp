#include "contracts/schedule/calendar.h"

#include <algorithm>
#include <functional>

namespace probatum::schedule {

namespace {

constexpr std::int32_t kLongestHoliday = 60;

struct NamedConvention {
    std::string_view code;
    BusinessDayConvention convention;
};

constexpr std::array kConventions{
    NamedConvention{"NOS", {Roll::none, false}},      NamedConvention{"NULL", {Roll::none, false}},
    NamedConvention{"SCF", {Roll::following, false}}, NamedConvention{"SCMF", {Roll::modified_following, false}},
    NamedConvention{"CSF", {Roll::following, true}},  NamedConvention{"CSMF", {Roll::modified_following, true}},
    NamedConvention{"SCP", {Roll::preceding, false}}, NamedConvention{"SCMP", {Roll::modified_preceding, false}},
    NamedConvention{"CSP", {Roll::preceding, true}},  NamedConvention{"CSMP", {Roll::modified_preceding, true}}};

bool strictly_ascending(const std::vector<CivilDate>& dates) {
    return std::ranges::adjacent_find(dates, std::greater_equal{}) == dates.end();
}

/// The nearest business day in one direction, the date itself included.
std::optional<CivilDate> nearest(CivilDate date, const Calendar& calendar, std::int32_t direction) {
    for (std::int32_t i = 0; i <= kLongestHoliday; ++i) {
        const CivilDate candidate = plus_days(date, i * direction);
        if (calendar.is_business_day(candidate)) {
            return candidate;
        }
    }
    return std::nullopt;
}

bool same_month(CivilDate a, CivilDate b) { return civil(a).month == civil(b).month && civil(a).year == civil(b).year; }

}  // namespace

Result<void> Calendar::check() const {
    if (!strictly_ascending(holidays)) {
        return fail(Errc::terms_invalid, "holidays", "the dates must ascend, none twice");
    }
    if (!strictly_ascending(working_days)) {
        return fail(Errc::terms_invalid, "working_days", "the dates must ascend, none twice");
    }
    if (std::ranges::all_of(weekend, [](bool is_free) { return is_free; })) {
        return fail(Errc::terms_invalid, "weekend", "no weekday is left to work on");
    }
    return {};
}

bool Calendar::is_business_day(CivilDate date) const {
    if (std::ranges::binary_search(working_days, date)) {
        return true;
    }
    if (std::ranges::binary_search(holidays, date)) {
        return false;
    }
    return !weekend[static_cast<std::size_t>(weekday(date))];
}

std::optional<BusinessDayConvention> BusinessDayConvention::parse(std::string_view code) {
    for (const NamedConvention& known : kConventions) {
        if (known.code == code) {
            return known.convention;
        }
    }
    return std::nullopt;
}

std::string_view BusinessDayConvention::code() const {
    for (const NamedConvention& known : kConventions) {
        if (known.convention == *this) {
            return known.code;
        }
    }
    return "NOS";
}

Result<ScheduledDate> rolled(Moment date, const Calendar& calendar, BusinessDayConvention convention) {
    if (convention.roll == Roll::none || calendar.is_business_day(date.date)) {
        return ScheduledDate{date, date};
    }
    const bool forward = convention.roll == Roll::following || convention.roll == Roll::modified_following;
    const bool modified = convention.roll == Roll::modified_following || convention.roll == Roll::modified_preceding;
    auto target = nearest(date.date, calendar, forward ? 1 : -1);
    if (modified && target && !same_month(*target, date.date)) {
        target = nearest(date.date, calendar, forward ? -1 : 1);
    }
    if (!target) {
        return fail(Errc::terms_invalid, "calendar", "no business day within 60 days of " + date.date.to_string());
    }
    const Moment shifted{*target, date.second_of_day};
    return ScheduledDate{shifted, convention.calculate_first ? date : shifted};
}

}  // namespace probatum::schedule
