#include "tools/actus_json.h"

#include <algorithm>
#include <array>

#include "tools/term_reader.h"

namespace probatum::tools {

namespace {

using namespace schedule;

constexpr int kPrintedPlaces = 20;

constexpr std::array kTypes{Word<ContractType>{"PAM", ContractType::pam}, Word<ContractType>{"LAM", ContractType::lam},
                            Word<ContractType>{"NAM", ContractType::nam}, Word<ContractType>{"ANN", ContractType::ann}};
/// Whether the creator of the contract owes (technical specification, contract role sign convention).
constexpr std::array kRoles{Word<bool>{"RPA", false}, Word<bool>{"RPL", true},   Word<bool>{"LG", false},
                            Word<bool>{"ST", true},   Word<bool>{"BUY", false},  Word<bool>{"SEL", true},
                            Word<bool>{"RFL", false}, Word<bool>{"PFL", true},   Word<bool>{"COL", false},
                            Word<bool>{"CNO", false}, Word<bool>{"GUA", true},   Word<bool>{"OBL", false},
                            Word<bool>{"UDL", false}, Word<bool>{"UDLP", false}, Word<bool>{"UDLM", true}};
constexpr std::array kBases{Word<InterestBase>{"NT", InterestBase::notional},
                            Word<InterestBase>{"NTIED", InterestBase::notional_at_exchange},
                            Word<InterestBase>{"NTL", InterestBase::notional_lagged}};
constexpr std::array kFeeBases{Word<FeeBasis>{"A", FeeBasis::absolute}, Word<FeeBasis>{"N", FeeBasis::notional}};
constexpr std::array kEffects{Word<PrepaymentEffect>{"N", PrepaymentEffect::not_allowed},
                              Word<PrepaymentEffect>{"A", PrepaymentEffect::reduces_amount},
                              Word<PrepaymentEffect>{"M", PrepaymentEffect::reduces_maturity}};
constexpr std::array kPenalties{
    Word<PenaltyType>{"O", PenaltyType::none}, Word<PenaltyType>{"A", PenaltyType::absolute},
    Word<PenaltyType>{"N", PenaltyType::notional}, Word<PenaltyType>{"I", PenaltyType::interest_differential}};
struct Scaled {
    bool interest;
    bool notional;
};
/// With the letter O, and with the digit as the older dictionary had it.
constexpr std::array kScalings{Word<Scaled>{"OOO", {false, false}}, Word<Scaled>{"IOO", {true, false}},
                               Word<Scaled>{"ONO", {false, true}},  Word<Scaled>{"INO", {true, true}},
                               Word<Scaled>{"000", {false, false}}, Word<Scaled>{"I00", {true, false}},
                               Word<Scaled>{"0N0", {false, true}},  Word<Scaled>{"IN0", {true, true}}};
/// The only supported value of terms whose other values would change the result.
constexpr std::array kInterestPoint{Word<bool>{"E", true}};
constexpr std::array kResetPoint{Word<bool>{"B", true}};

/// Terms of the dictionary that change neither a date nor an amount of these contract types.
constexpr auto kDescriptive = std::to_array<std::string_view>({"contractID",
                                                               "creatorID",
                                                               "counterpartyID",
                                                               "contractDealDate",
                                                               "contractPerformance",
                                                               "contractStructure",
                                                               "currency",
                                                               "marketObjectCode",
                                                               "marketValueObserved",
                                                               "seniority",
                                                               "nonPerformingDate",
                                                               "gracePeriod",
                                                               "delinquencyPeriod",
                                                               "delinquencyRate",
                                                               "prepaymentPeriod",
                                                               "fixingDays",
                                                               "creditLineAmount",
                                                               "unit",
                                                               "quantity",
                                                               "clearingHouse",
                                                               "guaranteedExposure",
                                                               "coverageOfCreditEnhancement",
                                                               "maximumPenaltyFreeDisbursement",
                                                               "xDayNotice"});

Cycled read_cycled(TermReader& in, std::string_view of) {
    return {.anchor = in.moment("cycleAnchorDateOf" + std::string{of}), .cycle = in.cycle("cycleOf" + std::string{of})};
}

void read_conventions(TermReader& in, ActusTerms& out) {
    out.end_of_month = in.end_of_month("endOfMonthConvention").value_or(EndOfMonth::same_day);
    out.business_day = in.business_day("businessDayConvention").value_or(BusinessDayConvention{});
    const rpc::Json* const calendar = in.raw("calendar");
    if (calendar != nullptr && calendar->is_object()) {
        auto given = read_calendar(*calendar, in.path("calendar"));
        if (!given) {
            in.refuse("calendar", given.error().code, given.error().field + ": " + given.error().detail);
        }
        out.calendar = std::move(given).value_or(Calendar{});
        return;
    }
    static const std::array kCalendars{Word<Calendar>{"NC", Calendar::every_day()},
                                       Word<Calendar>{"NoCalendar", Calendar::every_day()},
                                       Word<Calendar>{"MF", Calendar::monday_to_friday()},
                                       Word<Calendar>{"MondayToFriday", Calendar::monday_to_friday()}};
    out.calendar = in.word<Calendar>("calendar", kCalendars).value_or(Calendar{});
}

void read_amounts(TermReader& in, ActusTerms& out) {
    out.notional = in.need(in.number("notionalPrincipal"), "notionalPrincipal");
    out.premium_discount = in.number("premiumDiscountAtIED").value_or(Rational{});
    out.rate = in.number("nominalInterestRate");
    out.accrued_interest = in.number("accruedInterest");
    out.next_principal = in.number("nextPrincipalRedemptionPayment");
    const auto day_count = in.day_count("dayCountConvention");
    out.day_count = out.rate ? in.need(day_count, "dayCountConvention") : day_count.value_or(DayCount::actual_365);
    out.interest = read_cycled(in, "InterestPayment");
    out.principal = read_cycled(in, "PrincipalRedemption");
    out.interest_base_fixing = read_cycled(in, "InterestCalculationBase");
    out.interest_base = in.word<InterestBase>("interestCalculationBase", kBases).value_or(InterestBase::notional);
    out.interest_base_amount = in.number("interestCalculationBaseAmount");
}

void read_dates(TermReader& in, ActusTerms& out) {
    out.status_date = in.need(in.moment("statusDate"), "statusDate");
    out.initial_exchange = in.need(in.moment("initialExchangeDate"), "initialExchangeDate");
    out.maturity = in.moment("maturityDate");
    out.amortization = in.moment("amortizationDate");
    out.capitalization_end = in.moment("capitalizationEndDate");
    if (const auto at = in.moment("purchaseDate")) {
        out.purchase = Trade{*at, in.need(in.number("priceAtPurchaseDate"), "priceAtPurchaseDate")};
    }
    if (const auto at = in.moment("terminationDate")) {
        out.termination = Trade{*at, in.need(in.number("priceAtTerminationDate"), "priceAtTerminationDate")};
    }
    // A price without its date trades nothing, as the rule of the event says.
    in.ignore(std::to_array<std::string_view>({"priceAtPurchaseDate", "priceAtTerminationDate"}));
}

void read_reset(TermReader& in, RateReset& out) {
    out.when = read_cycled(in, "RateReset");
    out.index = in.text("marketObjectCodeOfRateReset").value_or("");
    const std::string older = in.text("marketObjectCodeRateReset").value_or("");
    out.index = out.index.empty() ? older : out.index;
    out.multiplier = in.number("rateMultiplier").value_or(Rational{1});
    out.spread = in.number("rateSpread").value_or(Rational{});
    out.next_rate = in.number("nextResetRate");
    out.life_cap = in.number("lifeCap");
    out.life_floor = in.number("lifeFloor");
    out.period_cap = in.number("periodCap");
    out.period_floor = in.number("periodFloor");
}

void read_scaling(TermReader& in, Scaling& out) {
    out.when = read_cycled(in, "ScalingIndex");
    const Scaled scaled = in.word<Scaled>("scalingEffect", kScalings).value_or(Scaled{false, false});
    out.interest = scaled.interest;
    out.notional = scaled.notional;
    out.index = in.text("marketObjectCodeOfScalingIndex").value_or("");
    out.index_at_start = in.number("scalingIndexAtContractDealDate");
    const auto at_status = in.number("scalingIndexAtStatusDate");
    out.index_at_start = out.index_at_start ? out.index_at_start : at_status;
    out.notional_multiplier = in.number("notionalScalingMultiplier").value_or(Rational{1});
    out.interest_multiplier = in.number("interestScalingMultiplier").value_or(Rational{1});
}

void read_options(TermReader& in, ActusTerms& out) {
    out.fee = {.when = read_cycled(in, "Fee"),
               .rate = in.number("feeRate"),
               .basis = in.word<FeeBasis>("feeBasis", kFeeBases).value_or(FeeBasis::absolute),
               .accrued = in.number("feeAccrued").value_or(Rational{})};
    out.prepayment = in.word<PrepaymentEffect>("prepaymentEffect", kEffects).value_or(PrepaymentEffect::not_allowed);
    out.penalty = in.word<PenaltyType>("penaltyType", kPenalties).value_or(PenaltyType::none);
    out.penalty_rate = in.number("penaltyRate").value_or(Rational{});
    (void)in.word<bool>("cyclePointOfInterestPayment", kInterestPoint);
    (void)in.word<bool>("cyclePointOfRateReset", kResetPoint);
    const auto currency = in.text("currency");
    const auto settled_in = in.text("settlementCurrency");
    if (settled_in && settled_in != currency) {
        in.refuse("settlementCurrency", Errc::terms_invalid, "settlement in another currency is not carried out");
    }
    // Prepayments come as observed events; a model of them would be a forecast.
    if (out.prepayment == PrepaymentEffect::not_allowed) {
        in.ignore(std::to_array<std::string_view>(
            {"objectCodeOfPrepaymentModel", "cycleOfOptionality", "cycleAnchorDateOfOptionality"}));
    }
}

/// The moment of an entry under the first of the names that it has.
std::optional<Moment> moment_of(const rpc::Json& entry, std::span<const std::string_view> names) {
    for (const std::string_view name : names) {
        const auto found = entry.find(std::string{name});
        if (found != entry.end() && found->is_string()) {
            return Moment::parse(without_blanks(found->get_ref<const std::string&>()));
        }
    }
    return std::nullopt;
}

Result<Rational> amount_of(const rpc::Json& entry, std::span<const std::string_view> names) {
    for (const std::string_view name : names) {
        const auto found = entry.find(std::string{name});
        if (found != entry.end() && !found->is_null()) {
            return read_number(*found);
        }
    }
    return fail(Errc::malformed, {}, "a number is needed");
}

constexpr auto kMomentNames = std::to_array<std::string_view>({"timestamp", "time", "eventDate"});
constexpr auto kAmountNames = std::to_array<std::string_view>({"value", "payoff"});
constexpr auto kTypeNames = std::to_array<std::string_view>({"type", "eventType"});

Result<void> read_series(const rpc::Json& points, const std::string& field,
                         std::vector<std::pair<Moment, Rational>>& out) {
    if (!points.is_array()) {
        return fail(Errc::malformed, field, "a list of points is needed");
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::string place = field + "[" + std::to_string(i) + "]";
        const auto at = points[i].is_object() ? moment_of(points[i], kMomentNames) : std::nullopt;
        if (!at) {
            return fail(Errc::malformed, place + ".timestamp", "a moment is needed");
        }
        const auto value = amount_of(points[i], kAmountNames);
        if (!value) {
            return fail(value.error().code, place + ".value", value.error().detail);
        }
        out.emplace_back(*at, *value);
    }
    std::ranges::stable_sort(out, {}, &std::pair<Moment, Rational>::first);
    for (std::size_t i = 1; i < out.size(); ++i) {
        if (out[i].first == out[i - 1].first && out[i].second != out[i - 1].second) {
            return fail(Errc::malformed, field, "two values at " + out[i].first.to_string());
        }
    }
    return {};
}

Result<Observations> read_observations(const rpc::Json& data, const std::string& path) {
    Observations out;
    if (data.is_null()) {
        return out;
    }
    if (!data.is_object()) {
        return fail(Errc::malformed, path, "an object of series by code is needed");
    }
    for (const auto& [code, series] : data.items()) {
        const std::string field = path + "." + code + ".data";
        if (!series.is_object()) {
            return fail(Errc::malformed, field, "a list of points is needed");
        }
        PROBATUM_TRY(read_series(series.value("data", rpc::Json{}), field, out.series[code]));
    }
    return out;
}

Result<std::vector<ObservedEvent>> read_events(const rpc::Json& events, const std::string& path) {
    std::vector<ObservedEvent> out;
    for (std::size_t i = 0; events.is_array() && i < events.size(); ++i) {
        const std::string place = path + "[" + std::to_string(i) + "]";
        const rpc::Json& entry = events[i];
        const auto at = entry.is_object() ? moment_of(entry, kMomentNames) : std::nullopt;
        std::optional<EventType> type;
        for (const std::string_view name : kTypeNames) {
            if (at && entry.contains(name) && entry.at(std::string{name}).is_string()) {
                type = event_type_from_name(entry.at(std::string{name}).get_ref<const std::string&>());
            }
        }
        if (!at || !type) {
            return fail(Errc::malformed, place, "an event needs its time and its type");
        }
        ObservedEvent event{*at, *type, Rational{}};
        if (*type == EventType::pp) {
            auto amount = amount_of(entry, kAmountNames);
            if (!amount) {
                return fail(amount.error().code, place + ".value", amount.error().detail);
            }
            event.amount = amount->magnitude();
        }
        out.push_back(std::move(event));
    }
    return out;
}

std::string printed(const Rational& value) { return value.decimal(kPrintedPlaces); }

}  // namespace

Result<ActusTerms> read_actus_terms(const rpc::Json& terms, const std::string& path) {
    TermReader in{terms, path};
    ActusTerms out;
    out.type = in.need(in.word<ContractType>("contractType", kTypes), "contractType");
    out.creator_owes = in.need(in.word<bool>("contractRole", kRoles), "contractRole");
    in.ignore(kDescriptive);
    read_dates(in, out);
    read_amounts(in, out);
    read_conventions(in, out);
    read_reset(in, out.reset);
    read_scaling(in, out.scaling);
    read_options(in, out);
    PROBATUM_TRY(in.finish());
    if (auto held = check_terms(out); !held) {
        return fail(held.error().code, in.path(held.error().field), held.error().detail);
    }
    return out;
}

Result<ActusCase> read_actus_case(const rpc::Json& object, const std::string& name) {
    if (!object.is_object() || !object.contains("terms")) {
        return fail(Errc::malformed, name + ".terms", "a case needs its terms");
    }
    ActusCase out;
    PROBATUM_LET(terms, read_actus_terms(object.at("terms"), name + ".terms"));
    out.terms = std::move(terms);
    const rpc::Json to = object.value("to", rpc::Json{});
    if (to.is_string() && !without_blanks(to.get_ref<const std::string&>()).empty()) {
        out.to = Moment::parse(without_blanks(to.get_ref<const std::string&>()));
        if (!out.to) {
            return fail(Errc::malformed, name + ".to", "a moment like 2026-11-21T00:00:00 is needed");
        }
    }
    PROBATUM_LET(observations, read_observations(object.value("dataObserved", rpc::Json{}), name + ".dataObserved"));
    out.observations = std::move(observations);
    PROBATUM_LET(events, read_events(object.value("eventsObserved", rpc::Json{}), name + ".eventsObserved"));
    out.events = std::move(events);
    return out;
}

std::string write_actus_cases(std::span<const PublishedCase> cases) {
    std::string out = "{";
    for (const PublishedCase& one : cases) {
        out += (out.size() > 1 ? ",\n  " : "\n  ") + rpc::to_text(rpc::Json(one.name)) + ": [";
        for (const ActusEvent& event : one.events) {
            out += (&event != one.events.data() ? ",\n    " : "\n    ") + std::string{R"({"eventDate": ")"} +
                   event.at.to_string() + R"(", "eventType": ")" + std::string{name(event.type)} + R"(", "payoff": )" +
                   printed(event.payoff) + R"(, "notionalPrincipal": )" + printed(event.notional) +
                   R"(, "nominalInterestRate": )" + printed(event.rate) + R"(, "accruedInterest": )" +
                   printed(event.accrued) + "}";
        }
        out += one.events.empty() ? "]" : "\n  ]";
    }
    return out + (cases.empty() ? "}\n" : "\n}\n");
}

}  // namespace probatum::tools
