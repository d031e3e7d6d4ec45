// Day counts, cycles, stubs, ends of months and business days, each from its rule.
#include <gtest/gtest.h>

#include "contracts/schedule/calendar.h"
#include "contracts/schedule/cycle.h"
#include "contracts/schedule/day_count.h"

namespace probatum::schedule {
namespace {

CivilDate day(std::string_view text) { return *CivilDate::parse(text); }
Moment moment(std::string_view text) { return *Moment::parse(text); }

Rational fraction(std::string_view from, std::string_view to, DayCount convention,
                  std::optional<CivilDate> maturity = {}) {
    return year_fraction({day(from), day(to)}, convention, maturity);
}

TEST(DayCount, ActualDaysOverAFixedYear) {
    EXPECT_EQ(fraction("2012-02-01", "2012-03-01", DayCount::actual_360), Rational(29, 360));
    EXPECT_EQ(fraction("2013-01-01", "2014-01-01", DayCount::actual_360), Rational(365, 360));
    EXPECT_EQ(fraction("2012-01-01", "2013-01-01", DayCount::actual_365), Rational(366, 365));
    EXPECT_EQ(fraction("2013-03-01", "2013-02-01", DayCount::actual_365), Rational(-28, 365));
}

TEST(DayCount, ActualActualSplitsAtTheTurnOfTheYear) {
    EXPECT_EQ(fraction("2012-12-30", "2013-01-09", DayCount::actual_actual_isda), Rational(2, 366) + Rational(8, 365));
    EXPECT_EQ(fraction("2013-02-01", "2013-03-01", DayCount::actual_actual_isda), Rational(28, 365));
    EXPECT_EQ(fraction("2011-07-01", "2013-07-01", DayCount::actual_actual_isda),
              Rational(184, 365) + Rational{1} + Rational(181, 365));
    EXPECT_EQ(fraction("2012-01-01", "2013-01-01", DayCount::actual_actual_isda), Rational{1});
    // The examples of ISDA's memorandum on actual/actual, 1999.
    EXPECT_EQ(fraction("2003-11-01", "2004-05-01", DayCount::actual_actual_isda),
              Rational(61, 365) + Rational(121, 366));
    EXPECT_EQ(fraction("1999-02-01", "1999-07-01", DayCount::actual_actual_isda), Rational(150, 365));
}

TEST(DayCount, ThirtyEMakesThirtyOfThirtyOne) {
    EXPECT_EQ(fraction("2013-01-31", "2013-02-28", DayCount::thirty_e_360), Rational(28, 360));
    EXPECT_EQ(fraction("2013-02-28", "2013-03-31", DayCount::thirty_e_360), Rational(32, 360));
    EXPECT_EQ(fraction("2013-01-15", "2013-01-31", DayCount::thirty_e_360), Rational(15, 360));
    EXPECT_EQ(fraction("2012-02-29", "2013-02-28", DayCount::thirty_e_360), Rational(359, 360));
}

TEST(DayCount, ThirtyEIsdaMakesThirtyOfTheEndOfFebruaryExceptAtMaturity) {
    EXPECT_EQ(fraction("2013-02-28", "2013-03-31", DayCount::thirty_e_360_isda), Rational(30, 360));
    EXPECT_EQ(fraction("2013-01-31", "2013-02-28", DayCount::thirty_e_360_isda), Rational(30, 360));
    EXPECT_EQ(fraction("2013-01-31", "2013-02-28", DayCount::thirty_e_360_isda, day("2013-02-28")), Rational(28, 360));
    EXPECT_EQ(fraction("2012-02-28", "2012-03-31", DayCount::thirty_e_360_isda), Rational(32, 360));
}

TEST(DayCount, ThirtyUsLooksAtBothDays) {
    EXPECT_EQ(fraction("2013-01-15", "2013-01-31", DayCount::thirty_360_us), Rational(16, 360));
    EXPECT_EQ(fraction("2013-01-30", "2013-01-31", DayCount::thirty_360_us), Rational(0, 360));
    EXPECT_EQ(fraction("2013-01-31", "2013-03-31", DayCount::thirty_360_us), Rational(60, 360));
    EXPECT_EQ(fraction("2013-02-28", "2013-03-31", DayCount::thirty_360_us), Rational(30, 360));
    EXPECT_EQ(fraction("2012-02-29", "2013-02-28", DayCount::thirty_360_us), Rational{1});
    EXPECT_EQ(fraction("2013-01-31", "2013-02-28", DayCount::thirty_360_us), Rational(28, 360));
}

TEST(DayCount, TwentyEightEHasTwelveEqualMonths) {
    EXPECT_EQ(fraction("2013-01-31", "2013-02-28", DayCount::twenty_eight_e_336), Rational(28, 336));
    EXPECT_EQ(fraction("2013-01-10", "2013-01-31", DayCount::twenty_eight_e_336), Rational(18, 336));
}

TEST(DayCount, HasTheNamesOfTheDictionary) {
    for (const char* const text : {"AA", "A360", "A365", "30E360", "30E360ISDA", "28E336", "A/AISDA", "30/360US"}) {
        EXPECT_TRUE(day_count_from_name(text)) << text;
    }
    EXPECT_FALSE(day_count_from_name("B252"));
    EXPECT_EQ(name(*day_count_from_name("30E360")), "30E/360");
}

TEST(Moment, TheLastSecondCountsAsTheEndOfTheDay) {
    EXPECT_EQ(moment("2013-12-31T23:59:59").counting_day(), day("2014-01-01"));
    EXPECT_EQ(moment("2013-12-31T23:59").counting_day(), day("2013-12-31"));
    EXPECT_EQ(moment("2013-12-31T24:00:00"), moment("2014-01-01"));
    EXPECT_LT(moment("2013-12-31T23:59:59"), moment("2014-01-01"));
    EXPECT_EQ(moment("2013-01-02T03:04:05").to_string(), "2013-01-02T03:04:05");
    for (const char* const text : {"", "2013-02-30", "2013-01-01T", "2013-01-01 00:00", "2013-01-01T24:00:01",
                                   "2013-01-01T00:60", "2013-01-01T000000"}) {
        EXPECT_FALSE(Moment::parse(text)) << text;
    }
}

TEST(Cycle, HasThePublishedForms) {
    EXPECT_EQ(Cycle::parse("P1ML0"), (Cycle{1, CycleUnit::month, Stub::long_last}));
    EXPECT_EQ(Cycle::parse("P27DL1"), (Cycle{27, CycleUnit::day, Stub::short_last}));
    EXPECT_EQ(Cycle::parse("P2Q"), (Cycle{2, CycleUnit::quarter, Stub::short_last}));
    EXPECT_EQ(Cycle::parse("1Y+"), (Cycle{1, CycleUnit::year, Stub::long_last}));
    EXPECT_EQ(Cycle::parse("3M-"), (Cycle{3, CycleUnit::month, Stub::short_last}));
    for (const char* const text : {"", "P", "PM", "P0ML0", "P1", "P1X", "P1ML2", "P1M+", "1M", "P-1M", "P10000D"}) {
        EXPECT_FALSE(Cycle::parse(text)) << text;
    }
}

std::string dates(std::string_view anchor, std::string_view cycle, std::string_view end,
                  EndOfMonth convention = EndOfMonth::same_day, bool with_end = true) {
    std::string out;
    const auto found = cycle_dates({moment(anchor), Cycle::parse(cycle), moment(end), convention, with_end});
    for (const Moment& date : *found) {
        out += (out.empty() ? "" : " ") + date.date.to_string().substr(5);
    }
    return out;
}

TEST(Cycle, StepsFromTheAnchorAndNeverFromTheDateBefore) {
    EXPECT_EQ(dates("2013-01-31", "P1ML1", "2013-05-31"), "01-31 02-28 03-31 04-30 05-31");
    EXPECT_EQ(dates("2013-01-30", "P1ML1", "2013-04-30"), "01-30 02-28 03-30 04-30");
    EXPECT_EQ(dates("2012-02-29", "P1YL1", "2016-02-29"), "02-29 02-28 02-28 02-28 02-29");
    EXPECT_EQ(step(moment("2013-01-31"), *Cycle::parse("P1M"), -2, EndOfMonth::same_day), moment("2012-11-30"));
}

TEST(Cycle, EndOfMonthHoldsOnlyForAnAnchorThatIsOne) {
    EXPECT_EQ(dates("2013-04-30", "P1ML1", "2013-08-31", EndOfMonth::end_of_month), "04-30 05-31 06-30 07-31 08-31");
    EXPECT_EQ(dates("2013-04-30", "P1ML1", "2013-07-30", EndOfMonth::same_day), "04-30 05-30 06-30 07-30");
    EXPECT_EQ(dates("2013-04-29", "P1ML1", "2013-07-29", EndOfMonth::end_of_month), "04-29 05-29 06-29 07-29");
    EXPECT_EQ(dates("2013-02-28", "P1QL1", "2013-11-30", EndOfMonth::end_of_month), "02-28 05-31 08-31 11-30");
    EXPECT_EQ(dates("2013-01-31", "P2WL1", "2013-03-01", EndOfMonth::end_of_month), "01-31 02-14 02-28 03-01");
}

TEST(Cycle, AStubIsLongOrShort) {
    EXPECT_EQ(dates("2013-01-01", "P3ML0", "2013-08-15"), "01-01 04-01 08-15");
    EXPECT_EQ(dates("2013-01-01", "P3ML1", "2013-08-15"), "01-01 04-01 07-01 08-15");
    EXPECT_EQ(dates("2013-01-01", "P3ML0", "2013-07-01"), "01-01 04-01 07-01");
    EXPECT_EQ(dates("2013-01-01", "P3ML0", "2013-08-15", EndOfMonth::same_day, false), "01-01 04-01");
    EXPECT_EQ(dates("2013-01-01", "P3ML0", "2013-02-15"), "01-01 02-15");
    EXPECT_EQ(dates("2013-09-01", "P3ML0", "2013-08-15"), "08-15");
}

TEST(Cycle, MissingPiecesLeaveTheAnchorOrTheEnd) {
    const Moment end = moment("2014-01-01");
    EXPECT_EQ(cycle_dates({.anchor = {}, .cycle = {}, .end = end})->size(), 1U);
    EXPECT_EQ(cycle_dates({.anchor = moment("2013-01-01"), .cycle = {}, .end = end})->size(), 2U);
    EXPECT_EQ(cycle_dates({.anchor = moment("2013-01-01"), .cycle = Cycle::parse("P1D"), .end = moment("2100-01-01")})
                  .error()
                  .code,
              Errc::too_large);
}

std::string roll(std::string_view date, std::string_view convention) {
    const auto out = rolled(moment(date), Calendar::monday_to_friday(), *BusinessDayConvention::parse(convention));
    return out->event.date.to_string().substr(5) + "/" + out->calculation.date.to_string().substr(5);
}

TEST(BusinessDay, EveryConventionOfTheDictionary) {
    // 2013-03-31 is a Sunday at the end of its month, 2013-06-01 a Saturday at the beginning.
    EXPECT_EQ(roll("2013-03-31", "NOS"), "03-31/03-31");
    EXPECT_EQ(roll("2013-03-31", "NULL"), "03-31/03-31");
    EXPECT_EQ(roll("2013-03-31", "SCF"), "04-01/04-01");
    EXPECT_EQ(roll("2013-03-31", "CSF"), "04-01/03-31");
    EXPECT_EQ(roll("2013-03-31", "SCMF"), "03-29/03-29");
    EXPECT_EQ(roll("2013-03-31", "CSMF"), "03-29/03-31");
    EXPECT_EQ(roll("2013-06-01", "SCP"), "05-31/05-31");
    EXPECT_EQ(roll("2013-06-01", "CSP"), "05-31/06-01");
    EXPECT_EQ(roll("2013-06-01", "SCMP"), "06-03/06-03");
    EXPECT_EQ(roll("2013-06-01", "CSMP"), "06-03/06-01");
    EXPECT_EQ(roll("2013-06-08", "SCMF"), "06-10/06-10");
    EXPECT_EQ(roll("2013-06-03", "SCF"), "06-03/06-03");
    EXPECT_FALSE(BusinessDayConvention::parse("SCX"));
}

TEST(BusinessDay, HolidaysAndMakeUpDaysAreData) {
    Calendar calendar = Calendar::monday_to_friday();
    for (int i = 0; i < 7; ++i) {
        calendar.holidays.push_back(plus_days(day("2026-10-01"), i));
    }
    calendar.working_days = {day("2026-10-10")};
    const auto following = *BusinessDayConvention::parse("SCF");
    EXPECT_EQ(rolled(moment("2026-10-01"), calendar, following)->event, moment("2026-10-08"));
    EXPECT_EQ(rolled(moment("2026-10-10"), calendar, following)->event, moment("2026-10-10"));
    EXPECT_EQ(rolled(moment("2026-10-11"), calendar, following)->event, moment("2026-10-12"));
    EXPECT_EQ(rolled(moment("2026-10-05T12:00"), calendar, following)->event, moment("2026-10-08T12:00"));
}

TEST(BusinessDay, ACalendarWithoutBusinessDaysIsRefused) {
    Calendar calendar;
    calendar.weekend.fill(true);
    EXPECT_EQ(calendar.check().error().field, "weekend");
    EXPECT_EQ(rolled(moment("2026-10-01"), calendar, {Roll::following, false}).error().field, "calendar");
    calendar = {.holidays = {day("2026-10-02"), day("2026-10-01")}};
    EXPECT_EQ(calendar.check().error().field, "holidays");
    calendar = {.working_days = {day("2026-10-01"), day("2026-10-01")}};
    EXPECT_EQ(calendar.check().error().field, "working_days");
}

}  // namespace
}  // namespace probatum::schedule
