#include "contracts/identifier.h"

#include <gtest/gtest.h>

#include "contracts_world.h"

namespace probatum::contracts {
namespace {

/// Worked out by hand. 91330100799655058B: values 9 1 3 3 0 1 0 0 7 9 9 6 5 5 0 5 8, weights 1 3 9 27 19 26 16 17 20 29
/// 25 13 8 24 10 30 28; products 9 3 27 81 0 26 0 0 140 261 225 78 40 120 0 150 224 = 1384 = 44 * 31 + 20; 31 - 20 =
/// 11, which is B.
TEST(CreditCode, WorkedOutByHandAndPublished) {
    EXPECT_TRUE(check_credit_code("91330100799655058B").has_value());
    EXPECT_TRUE(check_credit_code("9144030071526726XG").has_value());  // X is 29, G is 16.
    EXPECT_TRUE(check_credit_code("914403001922038216").has_value());
}

TEST(CreditCode, EveryOtherCheckCharacterIsRefused) {
    for (const char c : std::string_view{"0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ b"}) {
        EXPECT_EQ(check_credit_code(std::string{"91330100799655058"} + c).has_value(), c == 'B') << c;
    }
}

TEST(CreditCode, TwoNeighboursExchangedAreNoticed) {
    const std::string good = "91330100799655058B";
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
        std::string swapped = good;
        std::swap(swapped[i], swapped[i + 1]);
        EXPECT_EQ(check_credit_code(swapped).has_value(), swapped == good) << i;
    }
}

TEST(CreditCode, TheShapeIsChecked) {
    EXPECT_EQ(check_credit_code("9133010079965505").error().code, Errc::identifier_invalid);
    EXPECT_FALSE(check_credit_code("91A30100799655058B").has_value());  // A region has digits.
    EXPECT_FALSE(check_credit_code("I1330100799655058B").has_value());
    EXPECT_FALSE(check_credit_code("91330100799655058b").has_value());
}

/// 5493001KJTIIGC8Y1R12 and HWUPKR0MPOU8FGXBT394 are published; the short one is worked out by hand: seventeen zeros
/// and A make 10 * 100 = 1000 = 10 * 97 + 30 before the check digits; 98 - 30 = 68.
TEST(Lei, WorkedOutByHandAndPublished) {
    EXPECT_TRUE(check_lei("5493001KJTIIGC8Y1R12").has_value());
    EXPECT_TRUE(check_lei("HWUPKR0MPOU8FGXBT394").has_value());
    EXPECT_TRUE(check_lei("00000000000000000A68").has_value());
}

TEST(Lei, EveryOtherPairOfCheckDigitsIsRefused) {
    for (int check = 0; check < 100; ++check) {
        const std::string digits = {static_cast<char>('0' + check / 10), static_cast<char>('0' + check % 10)};
        EXPECT_EQ(check_lei("5493001KJTIIGC8Y1R" + digits).has_value(), check == 12) << digits;
    }
    EXPECT_FALSE(check_lei("5493001KJTIIGC8Y1R1").has_value());
    EXPECT_FALSE(check_lei("5493001kJTIIGC8Y1R12").has_value());
    // A letter in the place of a check digit that leaves the remainder 1.
    EXPECT_FALSE(check_lei("00000000000000000A6W").has_value());
}

TEST(Identifier, IsOneOfTheTwoOrEmpty) {
    EXPECT_TRUE(check_identifier("").has_value());
    EXPECT_TRUE(check_identifier("91330100799655058B").has_value());
    EXPECT_TRUE(check_identifier("5493001KJTIIGC8Y1R12").has_value());
    EXPECT_EQ(check_identifier("12345").error().code, Errc::identifier_invalid);
    EXPECT_EQ(check_identifier("91330100799655058A").error().field, "identifier");
}

TEST(Identifier, OfEveryOrganisationOfGenesisIsChecked) {
    Genesis genesis = test::sample_genesis();
    genesis.organisations[2].identifier = "91330100799655058C";
    EXPECT_EQ(decode_genesis(encode(genesis)).error().code, Errc::identifier_invalid);
    genesis.organisations[2].identifier = "91330100799655058B";
    EXPECT_TRUE(decode_genesis(encode(genesis)).has_value());
}

}  // namespace
}  // namespace probatum::contracts
