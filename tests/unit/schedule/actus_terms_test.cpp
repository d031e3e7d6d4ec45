// The published layout: what is read, what is refused and by which name.
#include <gtest/gtest.h>

#include "tools/actus_json.h"

namespace probatum::tools {
namespace {

using rpc::Json;

Json terms() {
    return {{"contractType", "PAM"},
            {"contractID", "one"},
            {"contractRole", "RPA"},
            {"statusDate", "2025-12-31T00:00:00"},
            {"initialExchangeDate", "2026-01-01"},
            {"maturityDate", "2027-01-01T00:00"},
            {"notionalPrincipal", "  3000"},
            {"nominalInterestRate", "0.1"},
            {"dayCountConvention", "30E360"},
            {"cycleOfInterestPayment", "P6ML0"},
            {"currency", "CNY"}};
}

Error refused(const std::string& name, Json value) {
    Json changed = terms();
    changed[name] = std::move(value);
    const auto out = read_actus_terms(changed, "one.terms");
    return out ? Error{Errc::internal, "accepted", {}} : out.error();
}

TEST(ActusJson, ReadsNumbersAndTextsWithBlanks) {
    const auto out = read_actus_terms(terms(), "terms");
    ASSERT_TRUE(out) << out.error().to_string();
    EXPECT_EQ(out->notional, schedule::Rational{3000});
    Json changed = *rpc::parse_json(terms().dump());
    changed["nominalInterestRate"] = rpc::parse_json("0.12345678901234567891").value();
    EXPECT_EQ(read_actus_terms(changed, "terms")->rate, *schedule::Rational::parse("0.12345678901234567891"))
        << "a literal is not rounded on its way";
    changed["accruedInterest"] = nullptr;
    changed["premiumDiscountAtIED"] = " ";
    EXPECT_FALSE(read_actus_terms(changed, "terms")->accrued_interest);
}

TEST(ActusJson, EveryBadTermIsNamed) {
    struct Bad {
        const char* name;
        Json value;
        Errc code;
    };
    for (const Bad& bad : {Bad{"maturityDate", "2027-13-01", Errc::malformed},
                           Bad{"maturityDate", 5, Errc::malformed},
                           Bad{"notionalPrincipal", "3,000", Errc::malformed},
                           Bad{"notionalPrincipal", Json::array(), Errc::malformed},
                           Bad{"notionalPrincipal", "-1", Errc::terms_invalid},
                           Bad{"notionalPrincipal", nullptr, Errc::terms_invalid},
                           Bad{"nominalInterestRate", std::string(50, '1'), Errc::too_large},
                           Bad{"contractType", "SWAPS", Errc::terms_invalid},
                           Bad{"contractRole", "X", Errc::terms_invalid},
                           Bad{"dayCountConvention", "B252", Errc::terms_invalid},
                           Bad{"dayCountConvention", "", Errc::terms_invalid},
                           Bad{"cycleOfInterestPayment", "1 month", Errc::malformed},
                           Bad{"businessDayConvention", "SC", Errc::terms_invalid},
                           Bad{"endOfMonthConvention", "EM", Errc::terms_invalid},
                           Bad{"calendar", "TARGET", Errc::terms_invalid},
                           Bad{"purchaseDate", "x", Errc::malformed},
                           Bad{"cyclePointOfInterestPayment", "B", Errc::terms_invalid},
                           Bad{"settlementCurrency", "USD", Errc::terms_invalid},
                           Bad{"nominalIntrestRate", "0.1", Errc::terms_invalid},
                           Bad{"arrayRate", "0.1", Errc::terms_invalid}}) {
        const Error error = refused(bad.name, bad.value);
        EXPECT_EQ(error.code, bad.code) << bad.name << ": " << error.to_string();
        EXPECT_EQ(error.field, std::string{"one.terms."} + bad.name);
    }
    EXPECT_EQ(refused("purchaseDate", "2026-02-01").field, "one.terms.priceAtPurchaseDate");
}

TEST(ActusJson, ACalendarMayBeGivenAsData) {
    Json changed = terms();
    changed["calendar"] = {{"weekend", {"saturday", "sunday"}}, {"holidays", {"2026-07-01"}}};
    const auto out = read_actus_terms(changed, "terms");
    ASSERT_TRUE(out) << out.error().to_string();
    EXPECT_FALSE(out->calendar.is_business_day(*CivilDate::parse("2026-07-01")));
    EXPECT_EQ(refused("calendar", {{"weekend", {"someday"}}}).field, "one.terms.calendar");
    EXPECT_EQ(refused("calendar", {{"holidays", {"2026-07-02", "2026-07-01"}}}).field, "one.terms.calendar");
}

TEST(ActusJson, CasesCarryObservationsAndEvents) {
    Json object = {{"terms", terms()},
                   {"to", ""},
                   {"dataObserved",
                    {{"X",
                      {{"identifier", "X"},
                       {"data",
                        {{{"timestamp", "2026-02-01T00:00:00"}, {"value", "0.2"}},
                         {{"timestamp", "2026-01-01"}, {"value", 0.1}}}}}}}},
                   {"eventsObserved", {{{"time", "2026-02-01"}, {"type", "AD"}}}}};
    const auto out = read_actus_case(*rpc::parse_json(object.dump()), "one");
    ASSERT_TRUE(out) << out.error().to_string();
    EXPECT_EQ(*out->observations.at("X", *schedule::Moment::parse("2026-01-15")), *schedule::Rational::parse("0.1"));
    EXPECT_EQ(out->events.size(), 1U);
    object["eventsObserved"][0]["type"] = "PP";
    EXPECT_EQ(read_actus_case(object, "one").error().field, "one.eventsObserved[0].value");
    object["eventsObserved"] = nullptr;
    object["to"] = "soon";
    EXPECT_EQ(read_actus_case(object, "one").error().field, "one.to");
    EXPECT_EQ(read_actus_case(Json::object(), "two").error().field, "two.terms");
}

TEST(ActusJson, WritesThePublishedNames) {
    const auto input = read_actus_case({{"terms", terms()}, {"to", "2026-01-01T00:00:00"}}, "a \"b\"");
    ASSERT_TRUE(input) << input.error().to_string();
    const std::vector<PublishedCase> cases{{"a \"b\"", *schedule::actus_events(*input)}};
    EXPECT_EQ(write_actus_cases(cases),
              "{\n  \"a \\\"b\\\"\": [\n"
              "    {\"eventDate\": \"2026-01-01T00:00:00\", \"eventType\": \"IED\", \"payoff\": -3000, "
              "\"notionalPrincipal\": 3000, \"nominalInterestRate\": 0.1, \"accruedInterest\": 0}\n  ]\n}\n");
    EXPECT_EQ(write_actus_cases({}), "{}\n");
}

}  // namespace
}  // namespace probatum::tools
