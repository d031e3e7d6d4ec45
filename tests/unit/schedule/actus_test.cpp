// What the published cases do not reach, from the rules of docs/spec/schedules.md and by hand.
#include "contracts/schedule/actus.h"

#include <gtest/gtest.h>

namespace probatum::schedule {
namespace {

Moment moment(std::string_view text) { return *Moment::parse(text); }
Rational number(std::string_view text) { return *Rational::parse(text); }
Cycled every(std::string_view anchor, std::string_view cycle) { return {moment(anchor), Cycle::parse(cycle)}; }

/// Amounts between events keep 40 places, so what does not end is compared to 30.
std::string thirty_places(const Rational& value) { return value.decimal(30); }

/// 36,000 for a year at 10 %, 30E/360, interest on the first of each month: 300 a month.
ActusCase loan(ContractType type = ContractType::pam) {
    ActusTerms terms;
    terms.type = type;
    terms.status_date = moment("2025-12-31");
    terms.initial_exchange = moment("2026-01-01");
    terms.maturity = moment("2027-01-01");
    terms.notional = Rational{36'000};
    terms.rate = number("0.1");
    terms.day_count = DayCount::thirty_e_360;
    terms.interest = every("2026-02-01", "P1ML1");
    if (type != ContractType::pam) {
        terms.principal = every("2026-02-01", "P1ML1");
        terms.next_principal = Rational{3'000};
    }
    return {.terms = terms};
}

std::vector<ActusEvent> events_of(const ActusCase& input, std::optional<EventType> only = {}) {
    auto all = actus_events(input);
    EXPECT_TRUE(all) << (all ? "" : all.error().to_string());
    std::vector<ActusEvent> out;
    for (const ActusEvent& event : all.value_or(std::vector<ActusEvent>{})) {
        if (!only || event.type == *only) {
            out.push_back(event);
        }
    }
    return out;
}

ActusEvent at(const ActusCase& input, EventType type, std::string_view when) {
    for (const ActusEvent& event : events_of(input, type)) {
        if (event.at == moment(when)) {
            return event;
        }
    }
    ADD_FAILURE() << name(type) << " does not happen at " << when;
    return {};
}

std::string field_of(const ActusCase& input) {
    const auto out = actus_events(input);
    return out ? "accepted" : out.error().field;
}

TEST(Actus, ShiftFirstCountsToTheNewDayAndCalculateFirstToTheOld) {
    ActusCase input = loan();
    input.terms.calendar = Calendar::monday_to_friday();
    input.terms.business_day = *BusinessDayConvention::parse("SCF");  // 2026-02-01 is a Sunday
    EXPECT_EQ(at(input, EventType::ip, "2026-02-02").payoff, Rational{310});
    EXPECT_EQ(at(input, EventType::ip, "2026-03-02").payoff, Rational{300});  // 2026-03-01 is a Sunday too
    input.terms.business_day = *BusinessDayConvention::parse("CSF");
    EXPECT_EQ(at(input, EventType::ip, "2026-02-02").payoff, Rational{300});
    EXPECT_EQ(at(input, EventType::ip, "2026-03-02").payoff, Rational{300});
}

TEST(Actus, DatesThatThePartiesChoseDoNotRoll) {
    ActusCase input = loan();
    input.terms.initial_exchange = moment("2026-01-03");  // a Saturday
    input.terms.maturity = moment("2027-01-02");          // a Saturday
    input.terms.calendar = Calendar::monday_to_friday();
    input.terms.business_day = *BusinessDayConvention::parse("SCF");
    EXPECT_EQ(at(input, EventType::ied, "2026-01-03").payoff, Rational{-36'000});
    EXPECT_EQ(at(input, EventType::md, "2027-01-02").payoff, Rational{36'000});
    EXPECT_EQ(events_of(input, EventType::ip).back().at, moment("2027-01-02"));
}

TEST(Actus, WithoutAnInterestCycleInterestIsPaidAtMaturity) {
    ActusCase input = loan();
    input.terms.interest = {};
    const auto paid = events_of(input, EventType::ip);
    ASSERT_EQ(paid.size(), 1U);
    EXPECT_EQ(paid.front().payoff, Rational{3'600});
    input.terms.interest = {.anchor = moment("2026-07-01"), .cycle = {}};
    ASSERT_EQ(events_of(input, EventType::ip).size(), 2U);
    input.terms.interest = {.anchor = {}, .cycle = Cycle::parse("P3ML1")};
    EXPECT_EQ(events_of(input, EventType::ip).front().at, moment("2026-04-01"));
    EXPECT_EQ(events_of(input, EventType::ip).size(), 4U);
}

TEST(Actus, AnAnchorBeforeTheExchangeBringsAccruedInterest) {
    ActusCase input = loan();
    input.terms.interest = every("2025-12-01", "P1ML1");
    EXPECT_EQ(at(input, EventType::ied, "2026-01-01").accrued, Rational{300});
    input.terms.accrued_interest = Rational{70};
    EXPECT_EQ(at(input, EventType::ied, "2026-01-01").accrued, Rational{70});
}

TEST(Actus, ARunningContractCountsFromItsLastInterestDate) {
    ActusCase input = loan();
    input.terms.status_date = moment("2026-03-16");
    EXPECT_EQ(events_of(input).front().at, moment("2026-04-01"));
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{300});
    input.terms.accrued_interest = Rational{1};
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{151});
    input.terms.creator_owes = true;
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{-151});
}

TEST(Actus, EventsAtTheStatusDateAreInThePastAndThoseAtTheEndAreIn) {
    ActusCase input = loan();
    input.terms.status_date = moment("2026-02-01");
    input.to = moment("2026-03-01");
    const auto events = events_of(input);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events.front().at, moment("2026-03-01"));
}

TEST(Actus, InterestIsCapitalisedUpToAndAtItsEnd) {
    ActusCase input = loan();
    input.terms.capitalization_end = moment("2026-03-01");
    EXPECT_EQ(at(input, EventType::ipci, "2026-02-01").notional, Rational{36'300});
    EXPECT_EQ(at(input, EventType::ipci, "2026-03-01").notional, number("36602.5"));
    EXPECT_EQ(events_of(input, EventType::ipci).size(), 2U);
    EXPECT_EQ(thirty_places(at(input, EventType::ip, "2026-04-01").payoff),
              thirty_places(number("36602.5") / Rational{120}));
    input.terms.capitalization_end = moment("2026-02-16");
    EXPECT_EQ(at(input, EventType::ipci, "2026-02-16").notional, number("36451.25"));
}

TEST(Actus, ResetsKeepWithinTheirLimits) {
    ActusCase input = loan();
    input.terms.reset.when = every("2026-04-01", "P3ML1");
    input.terms.reset.index = "X";
    input.observations.series["X"] = {{moment("2026-03-15"), number("0.05")},
                                      {moment("2026-07-01"), number("0.2")},
                                      {moment("2026-10-01"), number("-0.9")}};
    input.terms.reset.multiplier = Rational{2};
    input.terms.reset.spread = number("0.005");
    EXPECT_EQ(at(input, EventType::rr, "2026-04-01").rate, number("0.105"));
    EXPECT_EQ(at(input, EventType::rr, "2026-07-01").rate, number("0.405"));
    input.terms.reset.period_cap = number("0.03");
    input.terms.reset.period_floor = number("0.02");
    EXPECT_EQ(at(input, EventType::rr, "2026-07-01").rate, number("0.135"));
    EXPECT_EQ(at(input, EventType::rr, "2026-10-01").rate, number("0.115"));
    input.terms.reset.life_cap = number("0.12");
    input.terms.reset.life_floor = number("0.119");
    EXPECT_EQ(at(input, EventType::rr, "2026-04-01").rate, number("0.119"));
    EXPECT_EQ(at(input, EventType::rr, "2026-07-01").rate, number("0.12"));
    input.terms.reset.next_rate = number("0.5");  // what was fixed already is not limited again
    EXPECT_EQ(at(input, EventType::rrf, "2026-04-01").rate, number("0.5"));
    input.observations.series.clear();
    EXPECT_EQ(field_of(input), "marketObjectCodeOfRateReset");
}

TEST(Actus, FeesAreAnAmountOrARate) {
    ActusCase input = loan();
    input.terms.fee = {.when = every("2026-04-01", "P6ML1"), .rate = Rational{15}};
    EXPECT_EQ(at(input, EventType::fp, "2026-04-01").payoff, Rational{15});
    EXPECT_EQ(events_of(input, EventType::fp).size(), 3U);
    input.terms.fee.basis = FeeBasis::notional;
    input.terms.fee.rate = number("0.01");
    EXPECT_EQ(at(input, EventType::fp, "2026-04-01").payoff, Rational{90});
    EXPECT_EQ(at(input, EventType::fp, "2026-10-01").payoff, Rational{180});
    EXPECT_EQ(at(input, EventType::md, "2027-01-01").payoff, Rational{36'000});
    input.terms.fee.when = {};  // no payment of its own: it is paid with the principal
    EXPECT_EQ(at(input, EventType::md, "2027-01-01").payoff, Rational{36'360});
}

TEST(Actus, ScalingMultipliesInterestOrPrincipal) {
    ActusCase input = loan(ContractType::lam);
    input.terms.scaling = {.when = every("2026-03-01", "P1YL1"),
                           .interest = false,
                           .notional = true,
                           .index = "CPI",
                           .index_at_start = Rational{100}};
    input.observations.series["CPI"] = {{moment("2026-03-01"), Rational{150}}};
    EXPECT_EQ(at(input, EventType::pr, "2026-03-01").payoff, Rational{3'000});
    EXPECT_EQ(at(input, EventType::pr, "2026-04-01").payoff, Rational{4'500});
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{250});
    input.terms.scaling.interest = true;
    input.terms.scaling.interest_multiplier = Rational{2};
    EXPECT_EQ(at(input, EventType::ip, "2026-03-01").payoff, Rational{550});
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{375});
}

TEST(Actus, TheInterestBaseFollowsStaysOrLags) {
    ActusCase input = loan(ContractType::lam);
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{250});
    input.terms.interest_base = InterestBase::notional_at_exchange;
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{300});
    input.terms.interest_base_amount = Rational{12'000};
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{100});
    input.terms.interest_base = InterestBase::notional_lagged;
    input.terms.interest_base_fixing = every("2026-04-01", "P1YL1");
    EXPECT_EQ(at(input, EventType::ip, "2026-04-01").payoff, Rational{100});
    EXPECT_EQ(at(input, EventType::ip, "2026-05-01").payoff, Rational{225});
}

TEST(Actus, PrepaymentsReduceTheAmountOrTheMaturity) {
    ActusCase input = loan(ContractType::lam);
    input.events = {{moment("2026-02-16"), EventType::pp, Rational{11'000}}};
    EXPECT_EQ(field_of(input), "eventsObserved[0]");
    input.terms.prepayment = PrepaymentEffect::reduces_maturity;
    EXPECT_EQ(at(input, EventType::pp, "2026-02-16").notional, Rational{22'000});
    EXPECT_EQ(thirty_places(at(input, EventType::ip, "2026-03-01").payoff),
              thirty_places(number("137.5") + Rational{11'000} / Rational{120}));
    EXPECT_EQ(at(input, EventType::pr, "2026-10-01").payoff, Rational{1'000});
    EXPECT_EQ(at(input, EventType::md, "2027-01-01").payoff, Rational{});
    input.terms.prepayment = PrepaymentEffect::reduces_amount;
    EXPECT_EQ(at(input, EventType::pr, "2026-03-01").payoff, Rational{2'000});
    EXPECT_EQ(at(input, EventType::md, "2027-01-01").payoff, Rational{2'000});
    input.terms.penalty = PenaltyType::absolute;
    input.terms.penalty_rate = Rational{50};
    EXPECT_EQ(at(input, EventType::py, "2026-02-16").payoff, Rational{50});
    input.terms.penalty = PenaltyType::notional;
    input.terms.penalty_rate = number("0.02");  // a year, on 33,000, for half a month
    EXPECT_EQ(at(input, EventType::py, "2026-02-16").payoff, number("27.5"));
}

TEST(Actus, AnAnnuityIsFixedAgainAfterAPrepaymentOfItsAmount) {
    ActusCase input = loan(ContractType::ann);
    input.terms.next_principal = {};
    input.terms.prepayment = PrepaymentEffect::reduces_amount;
    input.events = {{moment("2026-06-01"), EventType::pp, Rational{5'000}}};
    const auto principal = events_of(input, EventType::pr);
    const auto interest = events_of(input, EventType::ip);
    const auto tiny = number("1e-25");
    const Rational before = principal[0].payoff + interest[0].payoff;
    const Rational after = principal[6].payoff + interest[6].payoff;
    EXPECT_LT(after, before);
    EXPECT_LT((principal[9].payoff + interest[9].payoff - after).magnitude(), tiny);
    EXPECT_LT((events_of(input, EventType::md)[0].payoff + interest[11].payoff - after).magnitude(), tiny);
}

TEST(Actus, AnAnnuityIsFixedBeforeItsFirstPaymentHoweverThatRolls) {
    ActusCase input = loan(ContractType::ann);
    input.terms.next_principal = {};
    EXPECT_EQ(events_of(input, EventType::prf).front().at, moment("2026-01-31"));
    input.terms.calendar = Calendar::monday_to_friday();
    input.terms.business_day = *BusinessDayConvention::parse("SCP");  // 2026-02-01 is a Sunday
    EXPECT_EQ(events_of(input, EventType::pr).front().at, moment("2026-01-30"));
    EXPECT_EQ(events_of(input, EventType::prf).front().at, moment("2026-01-29"));
    input.terms.business_day = *BusinessDayConvention::parse("SCF");
    EXPECT_EQ(events_of(input, EventType::prf).front().at, moment("2026-01-31"));
}

TEST(Actus, WhoBuysOrSellsSettlesTheAccruedInterest) {
    ActusCase input = loan();
    input.terms.purchase = Trade{moment("2026-02-16"), Rational{35'000}};
    input.terms.termination = Trade{moment("2026-05-16"), Rational{36'500}};
    const auto events = events_of(input);
    EXPECT_EQ(events.front().type, EventType::prd);
    EXPECT_EQ(events.front().payoff, Rational{-35'150});
    EXPECT_EQ(events.back().type, EventType::td);
    EXPECT_EQ(events.back().payoff, Rational{36'650});
    EXPECT_EQ(events.back().notional, Rational{});
}

TEST(Actus, TheOtherSideSeesTheSameWithTheOtherSign) {
    for (const ContractType type : {ContractType::pam, ContractType::lam, ContractType::nam, ContractType::ann}) {
        ActusCase input = loan(type);
        input.terms.capitalization_end = moment("2026-02-01");
        const auto asset = events_of(input);
        input.terms.creator_owes = true;
        const auto liability = events_of(input);
        ASSERT_EQ(asset.size(), liability.size());
        for (std::size_t i = 0; i < asset.size(); ++i) {
            EXPECT_EQ(asset[i].payoff, -liability[i].payoff);
            EXPECT_EQ(asset[i].notional, -liability[i].notional);
            EXPECT_EQ(asset[i].accrued, -liability[i].accrued);
            EXPECT_EQ(asset[i].rate, liability[i].rate);
        }
    }
}

TEST(Actus, MaturityFollowsFromThePaymentWhereItIsNotGiven) {
    ActusCase input = loan(ContractType::lam);
    input.terms.maturity = {};
    EXPECT_EQ(events_of(input).back().at, moment("2027-01-01"));
    input.terms.next_principal = Rational{3'500};  // ten of them and a rest
    EXPECT_EQ(events_of(input).back().at, moment("2026-12-01"));
    EXPECT_EQ(events_of(input).back().payoff, Rational{1'000});
    input.terms.status_date = moment("2026-03-01");  // the notional is as of then: eleven payments from April
    EXPECT_EQ(events_of(input).back().at, moment("2027-02-01"));
    input.terms.type = ContractType::nam;
    input.terms.next_principal = Rational{300};  // no more than the interest
    EXPECT_EQ(field_of(input), "nextPrincipalRedemptionPayment");
}

TEST(Actus, AnAnalysisShowsTheAccruedInterestAndChangesNothing) {
    ActusCase input = loan();
    input.events = {{moment("2026-01-16"), EventType::ad, {}}};
    EXPECT_EQ(at(input, EventType::ad, "2026-01-16").accrued, Rational{150});
    EXPECT_EQ(at(input, EventType::ad, "2026-01-16").payoff, Rational{});
    EXPECT_EQ(at(input, EventType::ip, "2026-02-01").payoff, Rational{300});
}

TEST(Actus, ErrorsNameTheTerm) {
    const auto refused = [](auto change, ContractType type = ContractType::pam) {
        ActusCase input = loan(type);
        change(input.terms);
        return field_of(input);
    };
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.notional = Rational{}; }), "notionalPrincipal");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.maturity = {}; }), "maturityDate");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.maturity = terms.initial_exchange; }), "maturityDate");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.capitalization_end = moment("2028-01-01"); }),
              "capitalizationEndDate");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.purchase = Trade{moment("2028-01-01"), {}}; }), "purchaseDate");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.termination = Trade{moment("2028-01-01"), {}}; }),
              "terminationDate");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.reset.when = every("2026-04-01", "P3ML1"); }),
              "marketObjectCodeOfRateReset");
    EXPECT_EQ(refused([](ActusTerms& terms) {
                  terms.scaling.when = every("2026-04-01", "P3ML1");
                  terms.scaling.interest = true;
              }),
              "marketObjectCodeOfScalingIndex");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.next_principal = Rational{-1}; }, ContractType::lam),
              "nextPrincipalRedemptionPayment");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.next_principal = {}; }, ContractType::nam),
              "nextPrincipalRedemptionPayment");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.rate = {}; }, ContractType::ann), "nominalInterestRate");
    EXPECT_EQ(refused([](ActusTerms& terms) { terms.principal.cycle = {}; }, ContractType::ann),
              "cycleOfPrincipalRedemption");
    EXPECT_EQ(refused(
                  [](ActusTerms& terms) {
                      terms.maturity = {};
                      terms.next_principal = {};
                  },
                  ContractType::ann),
              "maturityDate");
}

}  // namespace
}  // namespace probatum::schedule
