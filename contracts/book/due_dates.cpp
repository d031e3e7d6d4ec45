#include "contracts/book/due_dates.h"

#include "base/check.h"

namespace probatum::book {

using schedule::Moment;
using schedule::PlanShape;
using schedule::PlanTerms;

namespace {

std::optional<DueDate> next_row(const PlanTerms& plan, const Cursor& cursor) {
    for (std::size_t i = cursor.next; i < plan.rows.size(); ++i) {
        const CivilDate due = plan.rows[i].due;
        if (due > cursor.last) {
            return DueDate{due, due, static_cast<std::uint32_t>(i), i + 1 == plan.rows.size()};
        }
    }
    return std::nullopt;
}

/// The k-th date of the cycle, unless it is not before maturity or joined to the last period.
std::optional<Moment> cycle_date(const PlanTerms& plan, std::uint32_t k) {
    const Moment anchor =
        plan.first_due ? Moment{*plan.first_due} : schedule::step(Moment{plan.start}, plan.cycle, 1, plan.end_of_month);
    const Moment end{plan.maturity};
    const Moment date = schedule::step(anchor, plan.cycle, k, plan.end_of_month);
    if (date >= end) {
        return std::nullopt;
    }
    const bool joined = plan.cycle.stub == schedule::Stub::long_last && k > 0 &&
                        schedule::step(anchor, plan.cycle, k + 1, plan.end_of_month) > end;
    return joined ? std::nullopt : std::optional{date};
}

bool counts(const PlanTerms& plan, Moment date) {
    return plan.shape != PlanShape::bullet || (plan.capitalise_until && date.date <= *plan.capitalise_until);
}

}  // namespace

Cursor first_cursor(const PlanTerms& plan, std::optional<CivilDate> after) {
    const bool rows = plan.shape == PlanShape::explicit_rows;
    const CivilDate last = rows ? schedule::plus_days(plan.start, -1) : plan.start;
    Cursor out{.next = 0, .last = std::max(last, after.value_or(last)), .ended = false};
    out.ended = !next_due(plan, out);
    return out;
}

std::optional<DueDate> next_due(const PlanTerms& plan, const Cursor& cursor) {
    if (cursor.ended) {
        return std::nullopt;
    }
    if (plan.shape == PlanShape::explicit_rows) {
        return next_row(plan, cursor);
    }
    for (std::uint32_t k = cursor.next; plan.shape != PlanShape::bullet || plan.capitalise_until; ++k) {
        const std::optional<Moment> date = cycle_date(plan, k);
        if (!date || !counts(plan, *date)) {
            break;
        }
        const auto due = schedule::rolled(*date, plan.calendar, plan.business_day);
        PROBATUM_CHECK(due.has_value(), "checked terms have a business day near every due date");
        if (due->event.date > cursor.last && due->event.date < plan.maturity) {
            return DueDate{due->event.date, due->calculation.date, k, false};
        }
    }
    if (plan.maturity <= cursor.last) {
        return std::nullopt;
    }
    return DueDate{plan.maturity, plan.maturity, 0, true};
}

Cursor behind(const DueDate& due) { return {.next = due.step + 1, .last = due.due, .ended = due.last}; }

}  // namespace probatum::book
