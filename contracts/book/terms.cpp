#include "contracts/book/terms.h"

#include <algorithm>

#include "contracts/book/due_dates.h"

namespace probatum::book {

using schedule::PlanShape;
using schedule::Rational;

namespace {

constexpr std::int64_t kRateUnits = 1'000'000'000'000;  ///< 12 decimal places: exact sums stay short.
constexpr std::int64_t kMaxRate = 10;

Result<void> check_rate(const Rational& rate, const char* field) {
    if (rate.sign() < 0 || rate > Rational{kMaxRate} || !(rate * Rational{kRateUnits}).whole()) {
        return fail(Errc::terms_invalid, field, "from 0 to 10 a year, at most 12 decimal places");
    }
    return {};
}

Result<void> check_plan(const Terms& terms) {
    const schedule::PlanTerms& plan = terms.plan;
    if (!plan.prepayments.empty()) {
        return fail(Errc::terms_invalid, "prepayments", "a prepayment is a movement");
    }
    PROBATUM_TRY(check_rate(plan.rate, "rate"));
    for (const schedule::PlanFee& fee : plan.fees) {
        PROBATUM_TRY(check_rate(fee.rate, "fees"));
    }
    PROBATUM_TRY(schedule::plan_rows(plan));
    if (plan.shape == PlanShape::explicit_rows) {
        if (!plan.rate.is_zero() || !plan.fees.empty()) {
            return fail(Errc::terms_invalid, "rate", "explicit rows say themselves what is owed");
        }
        if (plan.rows.empty() || plan.rows.size() > kMaxDueDates) {
            return fail(Errc::terms_invalid, "rows", "1 to 600");
        }
        return {};
    }
    std::size_t count = 0;
    for (auto due = next_due(plan, first_cursor(plan)); due; due = next_due(plan, behind(*due))) {
        if (++count > kMaxDueDates) {
            return fail(Errc::too_large, "cycle", "at most 600 due dates");
        }
    }
    return {};
}

Result<void> check_options(const Terms& terms) {
    const PlanShape shape = terms.plan.shape;
    if (terms.revolving && shape != PlanShape::bullet && shape != PlanShape::interest_only) {
        return fail(Errc::terms_invalid, "revolving", "with bullet or interest-only alone");
    }
    if (terms.prepayment && shape == PlanShape::explicit_rows) {
        return fail(Errc::terms_invalid, "prepayment", "explicit rows are paid ahead or amended");
    }
    if (terms.prepayment) {
        PROBATUM_TRY(check_rate(terms.prepayment->rate, "prepayment.rate"));
        if (terms.prepayment->amount_minor < 0 || terms.prepayment->amount_minor > kMaxAmount) {
            return fail(Errc::amount_invalid, "prepayment.amount");
        }
    }
    ClaimOrder order = terms.allocation;
    std::ranges::sort(order);
    if (order != kAllClaims) {
        return fail(Errc::terms_invalid, "allocation", "each claim once");
    }
    return {};
}

Result<void> check_floating(const Terms& terms) {
    if (!terms.floating) {
        return {};
    }
    const Floating& floating = *terms.floating;
    if (terms.plan.shape == PlanShape::explicit_rows) {
        return fail(Errc::terms_invalid, "floating", "explicit rows have no rate");
    }
    // A margin may be below zero: prime less some points.
    PROBATUM_TRY(check_rate(floating.margin.magnitude(), "floating.margin"));
    PROBATUM_TRY(check_rate(floating.floor.value_or(Rational{}), "floating.floor"));
    PROBATUM_TRY(check_rate(floating.cap.value_or(Rational{}), "floating.cap"));
    if (floating.floor && floating.cap && *floating.floor > *floating.cap) {
        return fail(Errc::terms_invalid, "floating.cap", "not below the floor");
    }
    if (floating.first_reset < terms.plan.start) {
        return fail(Errc::terms_invalid, "floating.first_reset", "not before the start");
    }
    return {};
}

Result<void> check_overdue(const Overdue& overdue) {
    PROBATUM_TRY(check_rate(overdue.penalty_rate, "overdue.penalty_rate"));
    const Thresholds& limits = overdue.thresholds;
    for (const std::uint32_t days :
         {overdue.grace_days, limits.delinquent_days.value_or(0), limits.default_days.value_or(0),
          limits.blue_days.value_or(0), limits.yellow_days.value_or(0), limits.red_days.value_or(0)}) {
        if (days > kMaxDays) {
            return fail(Errc::terms_invalid, "overdue", "at most 36500 days");
        }
    }
    if (overdue.ceilings.size() > kMaxCeilings) {
        return fail(Errc::terms_invalid, "overdue.ceilings", "at most 32");
    }
    for (std::size_t i = 0; i < overdue.ceilings.size(); ++i) {
        PROBATUM_TRY(check_rate(overdue.ceilings[i].rate, "overdue.ceilings"));
        if (i > 0 && overdue.ceilings[i].from <= overdue.ceilings[i - 1].from) {
            return fail(Errc::terms_invalid, "overdue.ceilings", "dates ascend");
        }
    }
    return {};
}

}  // namespace

Result<void> check(const Terms& terms) {
    PROBATUM_TRY(check_plan(terms));
    PROBATUM_TRY(check_options(terms));
    PROBATUM_TRY(check_floating(terms));
    return check_overdue(terms.overdue);
}

}  // namespace probatum::book
