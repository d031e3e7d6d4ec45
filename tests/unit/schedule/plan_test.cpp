// What is refused of terms in minor units, and how schedules are printed.
#include <gtest/gtest.h>

#include "tools/plan_json.h"

namespace probatum::tools {
namespace {

using rpc::Json;

Json terms() {
    return {{"shape", "equal-instalment"}, {"currency", "CNY"}, {"principal", "1200.00"}, {"start", "2026-01-15"},
            {"maturity", "2026-04-15"},    {"rate", "0.12"},    {"day_count", "30E/360"}, {"cycle", "P1ML1"}};
}

/// "307 field" of the first thing that is wrong, wherever it is found.
std::string refused(const Json& changed) {
    const auto plan = read_plan(changed);
    if (!plan) {
        return std::to_string(plan.error().number()) + " " + plan.error().field;
    }
    const auto rows = schedule::plan_rows(plan->terms);
    return rows ? "accepted" : std::to_string(rows.error().number()) + " " + rows.error().field;
}

std::string with(const char* name, Json value) {
    Json changed = terms();
    changed[name] = std::move(value);
    return refused(changed);
}

TEST(Plan, EveryBadTermIsNamed) {
    EXPECT_EQ(refused(terms()), "accepted");
    EXPECT_EQ(with("shape", "balloon"), "307 shape");
    EXPECT_EQ(with("currency", "XXX"), "100 currency");
    EXPECT_EQ(with("principal", "0.00"), "310 principal");
    EXPECT_EQ(with("principal", "1.001"), "100 principal");
    EXPECT_EQ(with("principal", nullptr), "307 principal");
    EXPECT_EQ(with("start", "2026-02-30"), "100 start");
    EXPECT_EQ(with("maturity", "2026-01-15"), "307 maturity");
    EXPECT_EQ(with("rate", "-0.01"), "307 rate");
    EXPECT_EQ(with("rate", "ten"), "100 rate");
    EXPECT_EQ(with("day_count", "30"), "307 day_count");
    EXPECT_EQ(with("cycle", nullptr), "307 cycle");
    EXPECT_EQ(with("first_due", "2026-01-15"), "307 first_due");
    EXPECT_EQ(with("capitalise_until", "2026-04-15"), "307 capitalise_until");
    EXPECT_EQ(with("rounding", "down"), "307 rounding");
    EXPECT_EQ(with("balloon", "1200.00"), "310 balloon");
    EXPECT_EQ(with("balllon", "1.00"), "307 balllon");
    EXPECT_EQ(with("calendar", {{"weekend", {"x"}}}), "100 calendar.weekend");
    EXPECT_EQ(with("fees", Json::object()), "100 fees");
    EXPECT_EQ(with("fees", {{{"kind", "each-due-date"}}}), "307 fees[0].amount");
    EXPECT_EQ(with("fees", {{{"kind", "share-at-start"}, {"rate", "2"}}}), "310 fees[0]");
    EXPECT_EQ(with("fees", {{{"kind", "at-start"}, {"amount", "1.00"}, {"rate", "2"}}}), "307 fees[0].rate");
}

TEST(Plan, EveryBadPrepaymentIsNamed) {
    const auto prepaid = [](Json change) {
        Json one = {{"date", "2026-03-01"}, {"principal", "100.00"}, {"choice", "shorten-term"}};
        one.update(change);
        return with("prepayments", Json::array({one}));
    };
    EXPECT_EQ(prepaid(Json::object()), "accepted");
    EXPECT_EQ(prepaid({{"date", "2026-04-15"}}), "307 prepayments[0].date");
    EXPECT_EQ(prepaid({{"date", "2026-01-15"}}), "307 prepayments[0].date");
    EXPECT_EQ(prepaid({{"principal", "0.00"}}), "310 prepayments[0].principal");
    EXPECT_EQ(prepaid({{"principal", "1200.00"}}), "310 prepayments[0].principal");
    EXPECT_EQ(prepaid({{"choice", "both"}}), "307 prepayments[0].choice");
    EXPECT_EQ(prepaid({{"fee", {{"kind", "fixed"}}}}), "307 prepayments[0].fee.amount");
    EXPECT_EQ(prepaid({{"fee", {{"kind", "relative"}, {"rate", "-1"}}}}), "310 prepayments[0].fee");
}

TEST(Plan, ALongFirstPeriodCanCostMoreThanTheInstalment) {
    Json changed = terms();
    changed["first_due"] = "2036-01-15";
    changed["maturity"] = "2086-01-15";
    changed["rate"] = "1";
    EXPECT_EQ(refused(changed), "307 first_due");
}

TEST(Plan, ADateThatRollsOntoAnotherFallsAway) {
    Json changed = terms();
    changed["cycle"] = "P1DL1";
    changed["start"] = "2026-02-12";     // a Thursday
    changed["maturity"] = "2026-02-17";  // a Tuesday
    changed["calendar"] = {{"weekend", {"saturday", "sunday"}}};
    changed["business_day"] = "SCF";
    const auto dates = [&] {
        std::string out;
        const auto rows = schedule::plan_rows(read_plan(changed)->terms);
        for (const schedule::PlanRow& row : *rows) {
            out += row.due.to_string().substr(8) + " ";
        }
        return out;
    };
    EXPECT_EQ(dates(), "13 16 17 ");
    changed["maturity"] = "2026-02-15";  // a Sunday, before the Monday that Saturday rolls to
    EXPECT_EQ(dates(), "13 15 ");
    changed["start"] = "2026-02-13";
    changed["business_day"] = "SCP";
    changed["maturity"] = "2026-02-17";
    EXPECT_EQ(dates(), "16 17 ");
}

TEST(Plan, RowsOfThePartiesMustAddUp) {
    Json changed = {{"shape", "explicit"},
                    {"currency", "CNY"},
                    {"principal", "10.00"},
                    {"start", "2026-01-15"},
                    {"rows", {{{"due", "2026-02-15"}, {"principal", "10.00"}, {"interest", "0.10"}}}}};
    EXPECT_EQ(refused(changed), "accepted");
    changed["rows"][0]["principal"] = "9.99";
    EXPECT_EQ(refused(changed), "307 rows");
    changed["rows"][0]["principal"] = "10.01";
    EXPECT_EQ(refused(changed), "307 rows[0].principal");
    changed["rows"][0]["due"] = "2026-01-14";
    EXPECT_EQ(refused(changed), "307 rows[0].due");
    changed["rows"][0] = {{"due", "2026-02-15"}, {"principal", "0.00"}, {"interest", "0.00"}};
    EXPECT_EQ(refused(changed), "310 rows[0]");
}

TEST(Plan, ALoansTermsAreAPlan) {
    const Json loan = {{"number", "1"},
                       {"terms",
                        {{"currency", "CNY"},
                         {"principal", "10.00"},
                         {"contract_date", "2026-01-15"},
                         {"utc_offset_minutes", 480},
                         {"rows", {{{"due", "2026-02-15"}, {"principal", "10.00"}, {"interest", "0.10"}}}}}}};
    EXPECT_TRUE(is_plan(loan));
    EXPECT_EQ(refused(loan), "accepted");
    EXPECT_FALSE(is_plan({{"contractType", "PAM"}}));
}

TEST(ScheduleTable, IsReadByPeopleSpreadsheetsAndPrograms) {
    const ScheduleTable table{{{"day", "日期"}, {"amount", "金额", true}}, {{"a,\"b\"", "10.5"}, {"c", "-3"}}};
    EXPECT_EQ(text_of(table), "日期   金额\n-----------\na,\"b\"  10.5\nc        -3\n");
    EXPECT_EQ(csv_of(table), "day,amount\n\"a,\"\"b\"\"\",10.5\nc,-3\n");
    EXPECT_EQ(json_of(table),
              "[\n  {\"day\": \"a,\\\"b\\\"\", \"amount\": 10.5},\n  {\"day\": \"c\", \"amount\": -3}\n]\n");
}

}  // namespace
}  // namespace probatum::tools
