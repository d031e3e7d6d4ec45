#include "base/money.h"

#include <gtest/gtest.h>

#include <limits>

#include "support.h"

namespace probatum {
namespace {

using test::code_of;

constexpr MinorAmount kLargest = std::numeric_limits<MinorAmount>::max();
constexpr MinorAmount kSmallest = std::numeric_limits<MinorAmount>::min();

Currency currency(std::string_view code) { return Currency::from_code(code).value(); }

TEST(Currency, KnowsTheDecimalsOfIso4217) {
    for (const std::string_view code : {"CNY", "USD", "EUR", "HKD", "ZWG"}) {
        EXPECT_EQ(currency(code).decimals(), 2) << code;
    }
    for (const std::string_view code : {"JPY", "KRW", "VND", "XPF", "BIF"}) {
        EXPECT_EQ(currency(code).decimals(), 0) << code;
    }
    for (const std::string_view code : {"KWD", "BHD", "TND"}) {
        EXPECT_EQ(currency(code).decimals(), 3) << code;
    }
    EXPECT_EQ(currency("CLF").decimals(), 4);
    EXPECT_EQ(currency("CNY").code(), "CNY");
}

TEST(Currency, RefusesWhatIsNoActiveCodeWithAMinorUnit) {
    for (const std::string_view code :
         {"", "CN", "cny", "CNYX", "XAU", "XXX", "XTS", "DEM", "ABC", "NY ", "Y C", " CN"}) {
        EXPECT_EQ(code_of(Currency::from_code(code)), Errc::malformed) << code;
    }
}

TEST(Money, ArithmeticNeverWraps) {
    EXPECT_EQ(add(2, -3), -1);
    EXPECT_EQ(subtract(2, -3), 5);
    EXPECT_EQ(add(kLargest, 0), kLargest);
    EXPECT_EQ(add(kLargest, 1), std::nullopt);
    EXPECT_EQ(add(kSmallest, -1), std::nullopt);
    EXPECT_EQ(subtract(kSmallest, 1), std::nullopt);
    EXPECT_EQ(subtract(0, kSmallest), std::nullopt);
    EXPECT_EQ(subtract(-1, kSmallest), kLargest);
}

TEST(Money, FormatsExactlyTheCurrencysDecimals) {
    EXPECT_EQ(format_amount(10'000'000, currency("CNY")), "100000.00");
    EXPECT_EQ(format_amount(0, currency("CNY")), "0.00");
    EXPECT_EQ(format_amount(5, currency("CNY")), "0.05");
    EXPECT_EQ(format_amount(-5, currency("CNY")), "-0.05");
    EXPECT_EQ(format_amount(123, currency("JPY")), "123");
    EXPECT_EQ(format_amount(1, currency("CLF")), "0.0001");
    EXPECT_EQ(format_amount(kLargest, currency("CNY")), "92233720368547758.07");
    EXPECT_EQ(format_amount(kSmallest, currency("CNY")), "-92233720368547758.08");
}

TEST(Money, ParsesUpToTheCurrencysDecimals) {
    EXPECT_EQ(parse_amount("100000.00", currency("CNY")).value(), 10'000'000);
    EXPECT_EQ(parse_amount("100000", currency("CNY")).value(), 10'000'000);
    EXPECT_EQ(parse_amount("0.5", currency("CNY")).value(), 50);
    EXPECT_EQ(parse_amount("-0.05", currency("CNY")).value(), -5);
    EXPECT_EQ(parse_amount("0007", currency("JPY")).value(), 7);
    EXPECT_EQ(parse_amount("1.234", currency("KWD")).value(), 1'234);
    for (const MinorAmount amount : {MinorAmount{0}, MinorAmount{-1}, kLargest, kSmallest}) {
        EXPECT_EQ(parse_amount(format_amount(amount, currency("CNY")), currency("CNY")).value(), amount);
    }
}

TEST(Money, RefusesEverythingElse) {
    for (const std::string_view text : {"", "-", ".", "1.", ".5", "1.000", "+1", "--1", "1,000", "1e3", " 1", "1 ",
                                        "1..0", "1.-5", "0x1", "１", "1.0.0"}) {
        EXPECT_EQ(code_of(parse_amount(text, currency("CNY"))), Errc::malformed) << text;
    }
    EXPECT_EQ(code_of(parse_amount("1.0", currency("JPY"))), Errc::malformed);
}

TEST(Money, RefusesWhatLeaves64Bits) {
    for (const std::string_view text :
         {"92233720368547758.08", "-92233720368547758.09", "92233720368547759", "99999999999999999999999"}) {
        EXPECT_EQ(code_of(parse_amount(text, currency("CNY"))), Errc::too_large) << text;
    }
}

}  // namespace
}  // namespace probatum
