#include <gtest/gtest.h>

#include <limits>

#include "base/cbor.h"
#include "support.h"

namespace probatum::cbor {
namespace {

using test::code_of;
using test::hex;

TEST(CborReader, ReadsAFixedShapeStraightThrough) {
    const Bytes bytes =
        hex("8601200a43010203"
            "62c3bc"
            "f5");
    Reader reader{bytes};
    reader.array_of(6);
    EXPECT_EQ(reader.uint(), 1U);
    EXPECT_EQ(reader.integer(), -1);
    EXPECT_EQ(reader.integer(), 10);
    EXPECT_EQ(to_hex(reader.bytes_of(3)), "010203");
    EXPECT_EQ(reader.text(), "ü");
    EXPECT_TRUE(reader.boolean());
    reader.leave();
    EXPECT_TRUE(reader.at_end());
    EXPECT_TRUE(reader.finish().has_value());
}

TEST(CborReader, StringsAreViewsIntoTheInput) {
    const Bytes bytes = hex("43010203");
    Reader reader{bytes};
    EXPECT_EQ(reader.bytes().data(), bytes.data() + 1);
}

TEST(CborReader, FirstErrorSticksAndNamesFieldAndOffset) {
    const Bytes bytes = hex("82010563616263");
    Reader reader{bytes};
    reader.array();
    EXPECT_EQ(reader.field("amount").uint(), 1U);
    EXPECT_EQ(reader.field("currency").text(), "");
    EXPECT_EQ(reader.field("later").uint(), 0U);
    reader.refuse(Errc::too_large, "a second error");
    const auto verdict = reader.finish();
    ASSERT_FALSE(verdict.has_value());
    EXPECT_EQ(verdict.error().code, Errc::malformed);
    EXPECT_EQ(verdict.error().field, "currency");
    EXPECT_NE(verdict.error().detail.find("at byte 2"), std::string::npos) << verdict.error().detail;
    EXPECT_EQ(reader.offset(), 2U);
    EXPECT_EQ(reader.peek(), Kind::end);
    EXPECT_EQ(reader.array(), 0U);
    EXPECT_EQ(reader.map(), 0U);
    EXPECT_TRUE(reader.at_end());
    EXPECT_FALSE(reader.status().has_value());
}

TEST(CborReader, RefusesTheWrongKindEverywhere) {
    const auto refusal = [](std::string_view encoded, auto read) {
        const Bytes bytes = hex(encoded);
        Reader reader{bytes};
        read(reader);
        return code_of(reader.status());
    };
    EXPECT_EQ(refusal("20", [](Reader& r) { r.uint(); }), Errc::malformed);
    EXPECT_EQ(refusal("40", [](Reader& r) { r.integer(); }), Errc::malformed);
    EXPECT_EQ(refusal("60", [](Reader& r) { r.bytes(); }), Errc::malformed);
    EXPECT_EQ(refusal("40", [](Reader& r) { r.text(); }), Errc::malformed);
    EXPECT_EQ(refusal("a0", [](Reader& r) { r.array(); }), Errc::malformed);
    EXPECT_EQ(refusal("80", [](Reader& r) { r.map(); }), Errc::malformed);
    EXPECT_EQ(refusal("80", [](Reader& r) { r.tag(); }), Errc::malformed);
    EXPECT_EQ(refusal("f6", [](Reader& r) { r.boolean(); }), Errc::malformed);
    EXPECT_EQ(refusal("f7", [](Reader& r) { r.null(); }), Errc::malformed);
    EXPECT_EQ(refusal("", [](Reader& r) { r.uint(); }), Errc::malformed);
    EXPECT_EQ(refusal("", [](Reader& r) { r.boolean(); }), Errc::malformed);
    EXPECT_EQ(refusal("c1", [](Reader& r) { r.tag_of(18); }), Errc::malformed);
    EXPECT_EQ(refusal("8101", [](Reader& r) { r.array_of(2); }), Errc::malformed);
    EXPECT_EQ(refusal("420000", [](Reader& r) { r.bytes_of(3); }), Errc::malformed);
    EXPECT_EQ(refusal("420000", [](Reader& r) { r.digest(); }), Errc::malformed);
}

TEST(CborReader, IntegersKeepTheirBounds) {
    const Bytes smallest = hex("3b7fffffffffffffff");
    Reader at_bound{smallest};
    EXPECT_EQ(at_bound.integer(), std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE(at_bound.finish().has_value());

    for (const std::string_view beyond : {"1b8000000000000000", "3b8000000000000000"}) {
        const Bytes bytes = hex(beyond);
        Reader reader{bytes};
        EXPECT_EQ(reader.integer(), 0);
        EXPECT_EQ(code_of(reader.status()), Errc::too_large);
    }
    const Bytes ten = hex("0a");
    Reader exact{ten};
    EXPECT_EQ(exact.uint_at_most(10), 10U);
    Reader above{ten};
    EXPECT_EQ(above.uint_at_most(9), 0U);
    EXPECT_EQ(code_of(above.status()), Errc::too_large);
}

TEST(CborReader, TextHasItsLengthLimitInBytes) {
    const Bytes bytes = hex("63e5809f");
    Reader exact{bytes};
    EXPECT_EQ(exact.text_at_most(3), "借");
    Reader above{bytes};
    EXPECT_EQ(above.text_at_most(2), "");
    EXPECT_EQ(code_of(above.status()), Errc::too_large);
}

TEST(CborReader, NullIsTakenOnlyIfItIsThere) {
    const Bytes bytes = hex("f600");
    Reader reader{bytes};
    EXPECT_TRUE(reader.take_null());
    EXPECT_FALSE(reader.take_null());
    EXPECT_EQ(reader.uint(), 0U);
    EXPECT_FALSE(reader.take_null());
    EXPECT_TRUE(reader.finish().has_value());
}

TEST(CborReader, MapKeysAscendStrictly) {
    const auto verdict = [](std::string_view encoded) {
        const Bytes bytes = hex(encoded);
        Reader reader{bytes};
        std::optional<std::uint64_t> key;
        for (std::uint64_t pairs = reader.map(); pairs > 0 && !reader.failed(); --pairs) {
            key = reader.map_key(key);
            reader.raw_item();
        }
        return reader.finish();
    };
    EXPECT_TRUE(verdict("a3010018180019010000").has_value());
    EXPECT_EQ(code_of(verdict("a202000100")), Errc::not_deterministic);
    EXPECT_EQ(code_of(verdict("a201000100")), Errc::malformed);
    EXPECT_EQ(code_of(verdict("a1616100")), Errc::malformed);
}

TEST(CborReader, CountsAreNeverTrustedBeyondTheBytesThatAreLeft) {
    for (const std::string_view huge : {"9a000fffff", "ba0007ffff", "5a03ffffff", "7a03ffffff", "a101"}) {
        EXPECT_EQ(code_of(check_deterministic(hex(huge))), Errc::malformed) << huge;
    }
}

TEST(CborReader, LimitsAreKeptExactly) {
    const Limits limits{.depth = 2, .items = 3, .string_bytes = 4};
    EXPECT_TRUE(check_deterministic(hex("8180"), limits).has_value());
    EXPECT_EQ(code_of(check_deterministic(hex("818180"), limits)), Errc::too_deep);
    EXPECT_EQ(code_of(check_deterministic(hex("8181c100"), limits)), Errc::too_deep);
    EXPECT_EQ(code_of(check_deterministic(hex("c1c1c100"), limits)), Errc::too_deep);
    EXPECT_EQ(code_of(check_deterministic(hex("a1818000"), limits)), Errc::too_deep) << "within a map key";
    EXPECT_EQ(code_of(check_deterministic(hex("a1008180"), limits)), Errc::too_deep) << "within a map value";
    EXPECT_TRUE(check_deterministic(hex("83000000"), limits).has_value());
    EXPECT_EQ(code_of(check_deterministic(hex("8400000000"), limits)), Errc::too_large);
    EXPECT_EQ(code_of(check_deterministic(hex("a40000010002000300"), limits)), Errc::too_large);
    EXPECT_TRUE(check_deterministic(hex("4400000000"), limits).has_value());
    EXPECT_EQ(code_of(check_deterministic(hex("450000000000"), limits)), Errc::too_large);
    EXPECT_EQ(code_of(check_deterministic(hex("656161616161"), limits)), Errc::too_large);
}

TEST(CborReader, DepthOpenedByHandCountsForRawItems) {
    const Bytes bytes = hex("81818180");
    Reader reader{bytes, {.depth = 3}};
    reader.array_of(1);
    reader.array_of(1);
    reader.raw_item();
    EXPECT_EQ(code_of(reader.status()), Errc::too_deep);
}

TEST(CborReader, LeaveGivesDepthBack) {
    Bytes bytes;
    for (int i = 0; i < 100; ++i) {
        bytes.push_back(0x80);
    }
    Reader reader{bytes, {.depth = 1}};
    for (int i = 0; i < 100; ++i) {
        reader.array_of(0);
        reader.leave();
    }
    EXPECT_TRUE(reader.finish().has_value());
}

TEST(CborReader, AThousandNestedArraysAreRefusedNotFollowed) {
    EXPECT_EQ(code_of(check_deterministic(Bytes(100'000, 0x81))), Errc::too_deep);
}

TEST(CborReader, RawItemGivesTheExactBytes) {
    const Bytes bytes = hex("a2616101616282020301");
    Reader reader{bytes};
    EXPECT_EQ(to_hex(reader.raw_item()),
              "a261610161628202"
              "03");
    EXPECT_EQ(reader.uint(), 1U);
    EXPECT_TRUE(reader.finish().has_value());
}

TEST(CborReader, WhatFollowsTheEndIsRefused) {
    const Bytes bytes = hex("0000");
    Reader reader{bytes};
    reader.uint();
    EXPECT_TRUE(reader.status().has_value());
    EXPECT_EQ(code_of(reader.finish()), Errc::malformed);
    EXPECT_EQ(to_hex(reader.rest()), "00");
}

TEST(CborReader, RefuseTakesAReadyErrorAndFillsTheField) {
    const Bytes bytes = hex("00");
    Reader reader{bytes};
    reader.field("terms").refuse(Error{Errc::bad_commitment, {}, "x"});
    EXPECT_EQ(reader.status().error(), (Error{Errc::bad_commitment, "terms", "x"}));
}

}  // namespace
}  // namespace probatum::cbor
