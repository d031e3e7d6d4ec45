// What holds of every schedule: nothing is lost, nothing is left, equal means equal, the other side sees the opposite.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "contracts/schedule/actus.h"
#include "contracts/schedule/plan.h"

namespace probatum::schedule {
namespace {

Moment day(int days) { return {CivilDate{days}}; }
int between(int low, int high) { return *rc::gen::inRange(low, high + 1); }

Cycle any_cycle() {
    const auto unit = static_cast<CycleUnit>(between(1, 3));
    return {unit == CycleUnit::week ? between(2, 8) : between(1, 3), unit, static_cast<Stub>(between(0, 1))};
}

BusinessDayConvention any_convention() {
    const auto* const code = *rc::gen::element("NOS", "SCF", "SCMF", "CSF", "CSMF", "SCP", "SCMP", "CSP", "CSMP");
    return *BusinessDayConvention::parse(code);
}

DayCount any_day_count() { return static_cast<DayCount>(between(0, 6)); }

ActusCase any_loan(ContractType type) {
    ActusTerms terms;
    terms.type = type;
    const int begin = between(15'000, 25'000);
    terms.status_date = day(begin - between(1, 20));
    terms.initial_exchange = day(begin);
    terms.notional = Rational{between(1'000, 100'000'000), 100};
    terms.rate = Rational{between(0, 3'000), 10'000};
    terms.day_count = any_day_count();
    terms.end_of_month = static_cast<EndOfMonth>(between(0, 1));
    terms.calendar = Calendar::monday_to_friday();
    terms.business_day = any_convention();
    terms.principal = {day(begin + between(20, 200)), any_cycle()};
    terms.interest = terms.principal;
    terms.maturity = day(begin + between(400, 4'000));
    if (type == ContractType::lam || type == ContractType::nam) {
        terms.next_principal = terms.notional / Rational{between(1, 60)};
    }
    terms.creator_owes = between(0, 1) == 1;
    return {.terms = terms};
}

std::vector<ActusEvent> events_of(const ActusCase& input) {
    auto out = actus_events(input);
    if (!out) {
        RC_FAIL(out.error().to_string());
    }
    return *std::move(out);
}

RC_GTEST_PROP(ActusProperties, PrincipalAddsUpToTheNotional, ()) {
    const auto type = static_cast<ContractType>(between(0, 3));
    const ActusCase input = any_loan(type);
    const Rational sign{input.terms.creator_owes ? -1 : 1};
    Rational paid;
    Rational left;
    Moment last = input.terms.status_date;
    for (const ActusEvent& event : events_of(input)) {
        RC_ASSERT(last <= event.at);
        last = event.at;
        if (event.type == EventType::pr || event.type == EventType::md) {
            paid += event.payoff;
        }
        RC_ASSERT((sign * event.notional).sign() >= 0);
        left = event.notional;
    }
    const Rational difference = (paid - sign * input.terms.notional).magnitude();
    RC_ASSERT(difference < *Rational::parse("1e-30"));
    RC_ASSERT(left.is_zero());
}

RC_GTEST_PROP(ActusProperties, AnAnnuityPaysTheSameEachTimeAndLeavesNothing, ()) {
    ActusCase input = any_loan(ContractType::ann);
    // A roll can put a date behind maturity only if they are a few days apart: maturity ends a whole cycle here.
    input.terms.principal.cycle = Cycle{between(1, 3), CycleUnit::month, static_cast<Stub>(between(0, 1))};
    input.terms.maturity =
        step(*input.terms.principal.anchor, *input.terms.principal.cycle, between(2, 60), input.terms.end_of_month);
    std::map<Moment, Rational> totals;
    for (const ActusEvent& event : events_of(input)) {
        if (event.type == EventType::pr || event.type == EventType::ip || event.type == EventType::md) {
            totals[event.at] += event.payoff;
        }
    }
    const Moment first = *input.terms.principal.anchor;
    std::optional<Rational> payment;
    for (const auto& [at, total] : totals) {
        if (at.date.days() < first.date.days() - 5) {
            continue;
        }
        if (payment) {
            RC_ASSERT((total - *payment).magnitude() < *Rational::parse("1e-25"));
        }
        payment = total;
    }
    RC_ASSERT(payment.has_value());
}

RC_GTEST_PROP(ActusProperties, TheOtherSideSeesTheOpposite, ()) {
    ActusCase input = any_loan(static_cast<ContractType>(between(0, 3)));
    const auto one = events_of(input);
    input.terms.creator_owes = !input.terms.creator_owes;
    const auto other = events_of(input);
    RC_ASSERT(one.size() == other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        RC_ASSERT(one[i].payoff == -other[i].payoff);
        RC_ASSERT(one[i].notional == -other[i].notional);
        RC_ASSERT(one[i].accrued == -other[i].accrued);
    }
}

RC_GTEST_PROP(DateProperties, ACycleAscendsAndEveryDateIsItsStep, ()) {
    const Moment anchor = day(between(10'000, 30'000));
    const Cycle cycle = any_cycle();
    const auto convention = static_cast<EndOfMonth>(between(0, 1));
    const Moment end = day(anchor.date.days() + between(1, 5'000));
    const auto dates = cycle_dates({anchor, cycle, end, convention, true});
    RC_ASSERT(dates.has_value());
    RC_ASSERT(dates->back() == end);
    for (std::size_t i = 0; i + 1 < dates->size(); ++i) {
        RC_ASSERT((*dates)[i] < (*dates)[i + 1]);
        RC_ASSERT((*dates)[i] == step(anchor, cycle, static_cast<std::int64_t>(i), convention));
    }
}

RC_GTEST_PROP(DateProperties, ARolledDateIsABusinessDayAndModifiedStaysInItsMonth, ()) {
    const Moment date = day(between(10'000, 30'000));
    const BusinessDayConvention convention = any_convention();
    const Calendar calendar = Calendar::monday_to_friday();
    const auto out = rolled(date, calendar, convention);
    RC_ASSERT(out.has_value());
    RC_ASSERT(convention.roll == Roll::none || calendar.is_business_day(out->event.date));
    RC_ASSERT(out->calculation == (convention.calculate_first ? date : out->event));
    if (convention.roll == Roll::modified_following || convention.roll == Roll::modified_preceding) {
        RC_ASSERT(civil(out->event.date).month == civil(date.date).month);
    }
}

RC_GTEST_PROP(DateProperties, ActualDayCountsAdd, ()) {
    const CivilDate from{between(10'000, 30'000)};
    const CivilDate middle{from.days() + between(0, 2'000)};
    const CivilDate to{middle.days() + between(0, 2'000)};
    const auto convention = static_cast<DayCount>(between(0, 2));
    RC_ASSERT(year_fraction({from, middle}, convention) + year_fraction({middle, to}, convention) ==
              year_fraction({from, to}, convention));
}

PlanTerms any_plan() {
    PlanTerms out;
    out.shape = static_cast<PlanShape>(between(1, 4));
    out.principal_minor = between(1'000'00, 1'000'000'000);
    out.start = CivilDate{between(15'000, 25'000)};
    out.maturity = plus_days(out.start, between(60, 3'000));
    out.cycle = {between(1, 3), CycleUnit::month, static_cast<Stub>(between(0, 1))};
    out.rate = Rational{between(0, 2'400), 10'000};
    out.day_count = any_day_count();
    out.rounding = static_cast<Rounding>(between(1, 2));
    if (between(0, 3) == 0) {
        out.capitalise_until = plus_days(out.start, between(1, 50));
    }
    if (between(0, 1) == 1) {
        out.prepayments.push_back({.date = plus_days(out.start, between(1, 59)),
                                   .principal_minor = between(1, 50'000),
                                   .choice = static_cast<PrepaymentChoice>(between(1, 2)),
                                   .fee = {}});
    }
    return out;
}

RC_GTEST_PROP(PlanProperties, PrincipalPaidIsTheLoanAndWhatWasCapitalised, ()) {
    const PlanTerms terms = any_plan();
    const auto rows = plan_rows(terms);
    if (!rows) {
        RC_DISCARD(rows.error().to_string());
    }
    MinorAmount paid = 0;
    MinorAmount owed = terms.principal_minor;
    CivilDate last = terms.start;
    for (const PlanRow& row : *rows) {
        RC_ASSERT(last <= row.due);
        RC_ASSERT(row.principal_minor >= 0);
        RC_ASSERT(row.interest_minor >= 0);
        paid += row.principal_minor;
        owed += row.capitalised_minor;
        RC_ASSERT(row.outstanding_minor == owed - paid);
        last = row.due;
    }
    RC_ASSERT(paid == owed);
}

RC_GTEST_PROP(PlanProperties, EqualInstalmentsAreEqualUpToTheLast, ()) {
    PlanTerms terms = any_plan();
    terms.shape = PlanShape::equal_instalment;
    terms.prepayments.clear();
    terms.capitalise_until = {};
    const auto rows = plan_rows(terms);
    if (!rows) {
        RC_DISCARD(rows.error().to_string());
    }
    const auto count = static_cast<MinorAmount>(rows->size());
    for (const PlanRow& row : *rows) {
        const MinorAmount difference = row.total_minor() - rows->front().total_minor();
        const bool is_last = &row == &rows->back();
        // A row rounds by half a unit of instalment and half of interest at most, and that grows with the interest.
        const MinorAmount bound = is_last ? 10 * count : 0;
        RC_ASSERT(std::abs(difference) <= bound);
    }
}

}  // namespace
}  // namespace probatum::schedule
