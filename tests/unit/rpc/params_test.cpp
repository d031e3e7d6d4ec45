#include "rpc/params.h"

#include <gtest/gtest.h>

namespace probatum::rpc {
namespace {

Error error_of(const Params& params) {
    const auto whole = params.finish();
    EXPECT_FALSE(whole);
    return whole ? Error{} : whole.error();
}

TEST(Params, TheFirstErrorStaysAndNamesThePath) {
    Params params{Json::parse(R"({"terms":{"rows":[{"principal":"1.00"},{"principal":1}]}})")};
    const Currency cny = *Currency::from_code("CNY");
    Params terms = params.object("terms");
    for (std::size_t i = 0, count = terms.array("rows", 10); i < count; ++i) {
        Params row = terms.element("rows", i);
        (void)row.amount("principal", cny);
        terms.take(row);
    }
    params.take(terms);
    (void)params.text("absent");
    EXPECT_EQ(error_of(params).field, "terms.rows[1].principal");
    EXPECT_EQ(error_of(params).code, Errc::malformed);
}

TEST(Params, AnUnknownNameIsRefused) {
    Params params{Json::parse(R"({"known":1,"amonut":2})")};
    (void)params.uint("known", 9);
    EXPECT_EQ(error_of(params).field, "amonut");
}

TEST(Params, AbsentAndNullAreTheSame) {
    Params params{Json::parse(R"({"a":null})")};
    EXPECT_EQ(params.optional_text("a"), std::nullopt);
    EXPECT_EQ(params.uint("b", 9, 7), 7U);
    EXPECT_TRUE(params.finish());
    (void)params.text("a");
    EXPECT_EQ(error_of(params).field, "a");
}

TEST(Params, WholeNumbersMayComeAsTextSoThatNoReaderRoundsThem) {
    Params params{Json::parse(R"({"a":"18446744073709551615","b":18446744073709551615,"c":"7x"})")};
    EXPECT_EQ(params.uint("a", UINT64_MAX), UINT64_MAX);
    EXPECT_EQ(params.uint("b", UINT64_MAX), UINT64_MAX);
    EXPECT_FALSE(params.failed());
    (void)params.uint("c", 9);
    EXPECT_EQ(error_of(params).field, "c");
}

TEST(Params, AFractionIsNoWholeNumber) {
    Params params{*parse_json(R"({"a":1.0})")};
    (void)params.uint("a", 9);
    EXPECT_EQ(error_of(params).code, Errc::malformed);
}

TEST(Params, AnAmountIsATextWithTheCurrencysDecimals) {
    const Currency cny = *Currency::from_code("CNY");
    Params fine{Json::parse(R"({"a":"100000.00"})")};
    EXPECT_EQ(fine.amount("a", cny), 10'000'000);
    for (const char* const wrong : {R"({"a":"1.001"})", R"({"a":100000.00})", R"({"a":1})", R"({"a":"1e3"})",
                                    R"({"a":"1,000.00"})", R"({"a":""})"}) {
        Params params{*parse_json(wrong)};
        (void)params.amount("a", cny);
        EXPECT_EQ(error_of(params).field, "a") << wrong;
    }
}

TEST(Params, DigestsInstantsAndDatesAreChecked) {
    Params params{Json::parse(R"({"d":"00","t":"2026-11-21T08:00:00+08:00","m":1795219200000,"c":"2026-02-30"})")};
    EXPECT_EQ(params.instant("t").raw(), 1'795'219'200'000U);
    EXPECT_EQ(params.instant("m").raw(), 1'795'219'200'000U);
    EXPECT_FALSE(params.failed());
    Params other = params;
    (void)params.digest("d");
    EXPECT_EQ(error_of(params).field, "d");
    (void)other.date("c");
    EXPECT_EQ(error_of(other).field, "c");
}

TEST(Params, BytesAreHexadecimalOrBase64url) {
    EXPECT_EQ(decode_bytes("82ff"), (Bytes{0x82, 0xff}));
    EXPECT_EQ(decode_bytes("gv8"), (Bytes{0x82, 0xff}));
    EXPECT_FALSE(decode_bytes("82f"));
    EXPECT_FALSE(decode_bytes("g+8"));
}

}  // namespace
}  // namespace probatum::rpc
