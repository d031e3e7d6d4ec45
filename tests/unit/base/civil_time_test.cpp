#include "base/civil_time.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

#include "support.h"

namespace probatum {
namespace {

using test::code_of;

constexpr int kBeijing = 480;

CivilDate date(std::string_view text) { return CivilDate::parse(text).value(); }
UnixMs instant(std::string_view text) { return parse_rfc3339(text).value(); }

TEST(CivilDate, CountsFrom1970) {
    EXPECT_EQ(date("1970-01-01").days(), 0);
    EXPECT_EQ(date("1969-12-31").days(), -1);
    EXPECT_EQ(date("2000-03-01").days(), 11'017);
    EXPECT_EQ(date("2026-11-21").days(), 20'778);
}

TEST(CivilDate, AgreesWithTheStandardCalendarOnEveryDayOf500Years) {
    using namespace std::chrono;
    const sys_days last{year{2400} / December / 31};
    for (sys_days day{year{1900} / January / 1}; day <= last; day += days{1}) {
        const year_month_day ymd{day};
        const auto made = CivilDate::from_ymd(int{ymd.year()}, static_cast<int>(unsigned{ymd.month()}),
                                              static_cast<int>(unsigned{ymd.day()}));
        ASSERT_TRUE(made.has_value());
        ASSERT_EQ(made->days(), day.time_since_epoch().count());
        ASSERT_EQ(date(made->to_string()), *made);
    }
}

TEST(CivilDate, LeapDaysFollowTheGregorianRule) {
    for (const std::string_view text : {"2000-02-29", "2024-02-29", "2400-02-29", "1904-02-29"}) {
        EXPECT_EQ(date(text).to_string(), text);
    }
    for (const std::string_view text :
         {"1900-02-29", "2100-02-29", "2200-02-29", "2300-02-29", "2026-02-29", "2024-02-30"}) {
        EXPECT_EQ(code_of(CivilDate::parse(text)), Errc::malformed) << text;
    }
}

TEST(CivilDate, RefusesOtherForms) {
    for (const std::string_view text :
         {"", "2026-11-2", "2026-1-21", "20261121", "2026-11-21 ", " 2026-11-21", "2026/11/21", "2026-13-01",
          "2026-00-01", "2026-04-31", "2026-01-00", "1899-12-31", "2401-01-01", "-026-01-01", "２026-01-01"}) {
        EXPECT_EQ(code_of(CivilDate::parse(text)), Errc::malformed) << text;
    }
}

TEST(CivilDate, DateAtFollowsTheOffset) {
    EXPECT_EQ(date_at(instant("2026-11-21T15:59:59.999Z"), kBeijing), date("2026-11-21"));
    EXPECT_EQ(date_at(instant("2026-11-21T16:00:00.000Z"), kBeijing), date("2026-11-22"));
    EXPECT_EQ(date_at(instant("2026-11-21T00:00:00Z"), -1), date("2026-11-20"));
    EXPECT_EQ(date_at(instant("2026-11-21T00:00:00Z"), 0), date("2026-11-21"));
    EXPECT_EQ(date_at(UnixMs{0}, -1'439), date("1969-12-31"));
    EXPECT_EQ(date_at(instant("2024-02-29T23:00:00Z"), 1'439), date("2024-03-01"));
}

TEST(CivilDate, IsTotalOverEveryInstantAndDay) {
    const UnixMs never{std::numeric_limits<std::uint64_t>::max()};
    EXPECT_EQ(date_at(never, 1'439).days(), std::numeric_limits<std::int32_t>::max());
    EXPECT_EQ(to_rfc3339(never).substr(0, 1), "+");
    EXPECT_EQ(CivilDate{std::numeric_limits<std::int32_t>::min()}.to_string().substr(0, 1), "-");
    EXPECT_EQ(CivilDate{2'932'896}.to_string(), "9999-12-31");
    EXPECT_EQ(CivilDate{2'932'897}.to_string(), "+10000-01-01");
}

TEST(Rfc3339, WritesUtcWithMilliseconds) {
    EXPECT_EQ(to_rfc3339(UnixMs{0}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(UnixMs{1'709'251'199'007}), "2024-02-29T23:59:59.007Z");
}

TEST(Rfc3339, ReadsAnyOffsetAndFractionsUpToMilliseconds) {
    EXPECT_EQ(to_rfc3339(instant("2026-11-21T08:00:00+08:00")), "2026-11-21T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(instant("2026-11-20T20:30:00.5-03:30")), "2026-11-21T00:00:00.500Z");
    EXPECT_EQ(to_rfc3339(instant("2026-11-21T08:00:00.05Z")), "2026-11-21T08:00:00.050Z");
    EXPECT_EQ(to_rfc3339(instant("2026-11-21T08:00:00.125Z")), "2026-11-21T08:00:00.125Z");
    EXPECT_EQ(instant("1970-01-01T08:00:00+08:00"), UnixMs{0});
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (const std::string_view text : {"",
                                        "2026-11-21",
                                        "2026-11-21T08:00Z",
                                        "2026-11-21T08:00:00",
                                        "2026-11-21 08:00:00Z",
                                        "2026-11-21t08:00:00Z",
                                        "2026-11-21T08:00:00z",
                                        "2026-11-21T24:00:00Z",
                                        "2026-11-21T08:60:00Z",
                                        "2026-11-21T08:00:60Z",
                                        "2026-11-21T08:00:00.Z",
                                        "2026-11-21T08:00:00.1234Z",
                                        "2026-11-21T08:00:00+8:00",
                                        "2026-11-21T08:00:00+24:00",
                                        "2026-11-21T08:00:00+08:60",
                                        "2026-11-21T08:00:00+0800",
                                        "2026-02-29T08:00:00Z",
                                        "1969-12-31T23:59:59.999Z",
                                        "1970-01-01T00:00:00+00:01",
                                        "2026-11-21T08:00:00ZZ"}) {
        EXPECT_EQ(code_of(parse_rfc3339(text)), Errc::malformed) << text;
    }
}

}  // namespace
}  // namespace probatum
