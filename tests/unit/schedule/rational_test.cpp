#include "contracts/schedule/rational.h"

#include <gtest/gtest.h>

#include "contracts/schedule/annuity.h"

namespace probatum::schedule {
namespace {

Rational number(std::string_view text) { return *Rational::parse(text); }

TEST(Rational, ReadsDecimalsExactly) {
    EXPECT_EQ(number("0.1") + number("0.2"), number("0.3"));
    EXPECT_EQ(number("-0.03"), Rational(-3, 100));
    EXPECT_EQ(number("+5000"), Rational{5000});
    EXPECT_EQ(number("1e-3"), Rational(1, 1000));
    EXPECT_EQ(number("2.5E2"), Rational{250});
    EXPECT_EQ(number("007.50"), Rational(15, 2));
    EXPECT_EQ(number(".5"), Rational(1, 2));
    EXPECT_EQ(number("0"), Rational{});
}

TEST(Rational, RefusesWhatIsNoDecimal) {
    for (const char* const text : {"", "-", ".", "1,5", "1e", "0x10", "--1", "1 ", " 1", "1.2.3", "nan", "1e+-2"}) {
        EXPECT_EQ(Rational::parse(text).error().code, Errc::malformed) << text;
    }
    EXPECT_EQ(Rational::parse(std::string(41, '1')).error().code, Errc::too_large);
    EXPECT_EQ(Rational::parse("1e41").error().code, Errc::too_large);
    EXPECT_TRUE(Rational::parse(std::string(40, '1')));
}

TEST(Rational, TiesGoAwayFromZeroOrToTheEvenDigit) {
    struct Case {
        const char* value;
        const char* half_up;
        const char* half_even;
    };
    for (const Case& one : {Case{"0.125", "0.13", "0.12"}, Case{"0.135", "0.14", "0.14"},
                            Case{"-0.125", "-0.13", "-0.12"}, Case{"2.344999", "2.34", "2.34"},
                            Case{"2.345001", "2.35", "2.35"}, Case{"-0.004", "0", "0"}, Case{"99.995", "100", "100"}}) {
        EXPECT_EQ(number(one.value).decimal(2, Rounding::half_up), one.half_up) << one.value;
        EXPECT_EQ(number(one.value).decimal(2, Rounding::half_even), one.half_even) << one.value;
        EXPECT_EQ(number(one.value).rounded(2, Rounding::half_up), number(one.half_up)) << one.value;
    }
}

TEST(Rational, PrintsWithoutZerosAtTheEnd) {
    EXPECT_EQ(Rational(1, 3).decimal(5), "0.33333");
    EXPECT_EQ(Rational(-2, 3).decimal(5), "-0.66667");
    EXPECT_EQ(Rational{1500}.decimal(5), "1500");
    EXPECT_EQ(Rational(1, 1000).decimal(5), "0.001");
    EXPECT_EQ(Rational{}.decimal(0), "0");
}

TEST(Rational, KnowsItsWholeAndItsCeiling) {
    EXPECT_EQ(Rational(7, 2).ceiling(), 4);
    EXPECT_EQ(Rational(-7, 2).ceiling(), -3);
    EXPECT_EQ(Rational{4}.ceiling(), 4);
    EXPECT_EQ(Rational(7, 2).whole(), std::nullopt);
    EXPECT_EQ(number("9223372036854775807").whole(), INT64_MAX);
    EXPECT_EQ(number("9223372036854775808").whole(), std::nullopt);
}

TEST(Rational, CopiesAndMovesKeepTheValue) {
    Rational first(1, 7);
    const Rational copy = first;
    first += Rational{1};
    EXPECT_EQ(copy, Rational(1, 7));
    const Rational moved = std::move(first);
    EXPECT_EQ(moved, Rational(8, 7));
    first = moved;
    EXPECT_EQ(first, moved);
    EXPECT_LT(copy, moved);
}

TEST(EqualPayment, LeavesNothing) {
    // 1000 owed today, 10 % a period, three payments of which the first is due today.
    const std::vector<Rational> factors{number("1.1"), number("1.1")};
    const Rational payment = equal_payment(Rational{1000}, factors, 40);
    // x + x/1.1 + x/1.21 = 1000, so x = 1000 × 1.21 / 3.31.
    EXPECT_EQ(payment, number("1210") / number("3.31"));
    EXPECT_EQ(equal_payment(Rational{1000}, {}, 40), Rational{1000});
}

TEST(EqualPayment, IsExactToTheStatedPlaces) {
    const std::vector<Rational> factors(359, Rational{1} + Rational(48, 12000));
    Rational owed{1'000'000};
    const Rational payment = equal_payment(owed, factors, 40);
    for (const Rational& factor : factors) {
        owed = ((owed - payment) * factor).rounded(60, Rounding::half_even);
    }
    EXPECT_LT((owed - payment).magnitude(), number("1e-30"));
}

}  // namespace
}  // namespace probatum::schedule
