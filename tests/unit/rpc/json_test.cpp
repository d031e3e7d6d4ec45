#include "rpc/json.h"

#include <gtest/gtest.h>

namespace probatum::rpc {
namespace {

constexpr Errc kNoError{0};

Errc code_of(std::string_view text, JsonLimits limits = {}) {
    const auto parsed = parse_json(text, limits);
    return parsed ? kNoError : parsed.error().code;
}

TEST(Json, WholeNumbersOfSixtyFourBitsAreExact) {
    const auto parsed = parse_json("[18446744073709551615,-9223372036854775808,0]");
    ASSERT_TRUE(parsed);
    EXPECT_EQ((*parsed)[0].get<std::uint64_t>(), UINT64_MAX);
    EXPECT_EQ((*parsed)[1].get<std::int64_t>(), INT64_MIN);
}

TEST(Json, OtherNumbersKeepTheirText) {
    const auto parsed = parse_json("[18446744073709551616,0.10,1E4]");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(is_other_number((*parsed)[0]));
    EXPECT_EQ(number_text((*parsed)[0]), "18446744073709551616");
    EXPECT_EQ(number_text((*parsed)[1]), "0.10");
    EXPECT_EQ(number_text((*parsed)[2]), "1E4");
    EXPECT_EQ(code_of("1E400"), Errc::malformed) << "out of every reader's range";
}

TEST(Json, OneNameOnceInOneObject) {
    EXPECT_EQ(code_of(R"({"a":1,"a":1})"), Errc::malformed);
    EXPECT_EQ(code_of(R"({"a":1,"\u0061":1})"), Errc::malformed);
    EXPECT_EQ(code_of(R"({"a":{"a":1}})"), kNoError);
    EXPECT_EQ(code_of(R"([{"a":1},{"a":1}])"), kNoError);
}

TEST(Json, NothingButJson) {
    for (const std::string_view text :
         {"", " ", "{", "[1,]", "{\"a\":}", "nul", "1 2", "'a'", "\"\\ud800\"", "// x\n1", "NaN", "+1", "01"}) {
        EXPECT_EQ(code_of(text), Errc::malformed) << text;
    }
    EXPECT_EQ(code_of("\"\xff\""), Errc::malformed);
    EXPECT_EQ(code_of("\"\xed\xa0\x80\""), Errc::malformed);
}

TEST(Json, DepthIsLimitedWithoutRecursion) {
    EXPECT_EQ(code_of("[[[1]]]", {.depth = 3}), kNoError);
    EXPECT_EQ(code_of("[[[1]]]", {.depth = 2}), Errc::too_deep);
    EXPECT_EQ(code_of(R"({"a":{"a":1}})", {.depth = 1}), Errc::too_deep);
    EXPECT_EQ(code_of(std::string(10'000, '[') + std::string(10'000, ']')), Errc::too_deep);
}

TEST(Json, NestedValuesArriveWhereTheyStand) {
    constexpr std::string_view kText = R"({"a":[1,{"b":[true,null,"x"]},[]],"c":{}})";
    const auto parsed = parse_json(kText);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_text(*parsed), kText);
}

}  // namespace
}  // namespace probatum::rpc
