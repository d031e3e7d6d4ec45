#include "contracts/schedule/cycle.h"

#include <algorithm>

namespace probatum::schedule {

namespace {

constexpr std::string_view kUnits = "DWMQHY";

std::int64_t months_of(CycleUnit unit) {
    switch (unit) {
        case CycleUnit::month:
            return 1;
        case CycleUnit::quarter:
            return 3;
        case CycleUnit::half_year:
            return 6;
        case CycleUnit::year:
            return 12;
        default:
            return 0;
    }
}

CivilDate plus_months(CivilDate anchor, std::int64_t months, bool to_the_end) {
    const CivilDay from = civil(anchor);
    const std::int64_t total = std::int64_t{from.year} * 12 + from.month - 1 + months;
    const int year = static_cast<int>(total / 12);
    const int month = static_cast<int>(total % 12) + 1;
    const int last = days_in_month(year, month);
    return date_of({year, month, to_the_end ? last : std::min(last, from.day)});
}

std::optional<Stub> stub_of(std::string_view text) {
    if (text.empty() || text == "L1" || text == "-") {
        return Stub::short_last;
    }
    return text == "L0" || text == "+" ? std::optional{Stub::long_last} : std::nullopt;
}

}  // namespace

std::optional<Cycle> Cycle::parse(std::string_view text) {
    const bool published = text.starts_with('P');
    if (published) {
        text.remove_prefix(1);
    }
    std::int32_t count = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        count = count * 10 + (text[digits] - '0');
    }
    if (count == 0 || digits == text.size()) {
        return std::nullopt;
    }
    const std::size_t unit = kUnits.find(text[digits]);
    const std::string_view rest = text.substr(digits + 1);
    const auto stub = stub_of(rest);
    const bool old_stub = rest == "+" || rest == "-";
    if (unit == std::string_view::npos || !stub || old_stub == published) {
        return std::nullopt;
    }
    return Cycle{count, static_cast<CycleUnit>(unit), *stub};
}

std::string Cycle::to_string() const {
    return "P" + std::to_string(count) + kUnits[static_cast<std::size_t>(unit)] +
           (stub == Stub::long_last ? "L0" : "L1");
}

Moment step(Moment anchor, const Cycle& cycle, std::int64_t k, EndOfMonth convention) {
    const std::int64_t units = k * cycle.count;
    if (cycle.unit == CycleUnit::day || cycle.unit == CycleUnit::week) {
        const std::int64_t days = units * (cycle.unit == CycleUnit::week ? 7 : 1);
        return {plus_days(anchor.date, static_cast<std::int32_t>(days)), anchor.second_of_day};
    }
    const bool to_the_end = convention == EndOfMonth::end_of_month && is_last_of_month(anchor.date);
    return {plus_months(anchor.date, units * months_of(cycle.unit), to_the_end), anchor.second_of_day};
}

Result<std::vector<Moment>> cycle_dates(const CycleSpan& span) {
    std::vector<Moment> out;
    if (span.anchor && *span.anchor < span.end) {
        out.push_back(*span.anchor);
        if (span.cycle) {
            Moment next = step(*span.anchor, *span.cycle, 1, span.convention);
            while (next < span.end) {
                if (out.size() >= kMaxCycleDates) {
                    return fail(Errc::too_large, {}, "the cycle has more than 12000 dates");
                }
                out.push_back(next);
                next = step(*span.anchor, *span.cycle, static_cast<std::int64_t>(out.size()), span.convention);
            }
            const bool stub = next != span.end;
            if (stub && span.cycle->stub == Stub::long_last && out.size() > 1) {
                out.pop_back();
            }
        }
    }
    if (span.with_end) {
        out.push_back(span.end);
    }
    return out;
}

}  // namespace probatum::schedule
