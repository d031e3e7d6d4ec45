#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/cbor_float.h"
#include "support.h"

namespace probatum::cbor {
namespace {

using test::code_of;
using test::hex;

Errc refusal(std::string_view encoded) { return code_of(check_deterministic(hex(encoded))); }
bool accepted(std::string_view encoded) { return check_deterministic(hex(encoded)).has_value(); }

TEST(CborDeterministic, LongHeadsAreRefusedInEveryMajorType) {
    for (const std::string_view encoded : {"1817", "190017", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817",
                                           "5800", "7800", "9800", "b800", "d81700"}) {
        EXPECT_EQ(refusal(encoded), Errc::not_deterministic) << encoded;
    }
}

TEST(CborDeterministic, IndefiniteLengthsAndReservedHeadsAreRefused) {
    for (const std::string_view encoded : {"5f4100ff", "7f6161ff", "9f00ff", "bf0000ff"}) {
        EXPECT_EQ(refusal(encoded), Errc::not_deterministic) << encoded;
    }
    for (const std::string_view encoded :
         {"1c", "1d", "1e", "1f", "3f", "5c", "7d", "9e", "bc", "dc00", "df00", "fc", "fd", "fe", "ff"}) {
        EXPECT_EQ(refusal(encoded), Errc::malformed) << encoded;
    }
}

TEST(CborDeterministic, MapKeysAreSortedBytewiseOverTheirEncodings) {
    // RFC 8949 section 4.2.1, its own example order: 10, 100, -1, "z", "aa", [100], [-1], false.
    EXPECT_TRUE(
        accepted("a80a001864002000617a00626161008118640081200"
                 "0f400"));
    EXPECT_EQ(refusal("a2626161"
                      "00617a00"),
              Errc::not_deterministic);
    EXPECT_EQ(refusal("a220000a00"), Errc::not_deterministic);
    EXPECT_EQ(refusal("a2616100616100"), Errc::malformed);
    EXPECT_EQ(refusal("a180a202000100"), Errc::not_deterministic) << "nested in a value";
    EXPECT_EQ(refusal("a1a20200010000"), Errc::not_deterministic) << "nested in a key";
}

TEST(CborDeterministic, TextIsUtf8) {
    EXPECT_TRUE(accepted("64f09f9880"));
    EXPECT_EQ(refusal("61ff"), Errc::malformed);
    EXPECT_EQ(refusal("62c080"), Errc::malformed);
    EXPECT_EQ(refusal("63eda080"), Errc::malformed);
}

TEST(CborDeterministic, SimpleValuesBelow32HaveOneByte) {
    EXPECT_TRUE(accepted("e0"));
    EXPECT_TRUE(accepted("f820"));
    EXPECT_TRUE(accepted("f8ff"));
    EXPECT_EQ(refusal("f800"), Errc::malformed);
    EXPECT_EQ(refusal("f814"), Errc::malformed);
    EXPECT_EQ(refusal("f81f"), Errc::malformed);
}

TEST(CborDeterministic, FloatsAreShortest) {
    for (const std::string_view shortest :
         {"f90000", "f98000", "f97e00", "f97c00", "f97e01", "fa47800000", "fb47f0000000000000", "fa47c35000",
          "fa7f7fffff", "fa33000000", "fa7fc00001", "fa00000001", "fb3ff199999999999a", "fb7e37e43c8800759c",
          "fb0000000000000001", "fb7ff8000000000001", "fb3690000000000000"}) {
        EXPECT_TRUE(accepted(shortest)) << shortest;
    }
    for (const std::string_view longer :
         {"fa00000000", "fa80000000", "fa3f800000", "fa33800000", "fa477fe000", "fa7f800000", "fa7fc00000",
          "fa7fc02000", "fb0000000000000000", "fb3ff0000000000000", "fb36a0000000000000", "fb7ff8000000000000",
          "fb47efffffe0000000"}) {
        EXPECT_EQ(refusal(longer), Errc::not_deterministic) << longer;
    }
}

TEST(CborDeterministic, BignumsArePreferred) {
    EXPECT_TRUE(accepted("c249010000000000000000"));
    EXPECT_TRUE(accepted("c349010000000000000000"));
    EXPECT_EQ(refusal("c240"), Errc::not_deterministic);
    EXPECT_EQ(refusal("c248ffffffffffffffff"), Errc::not_deterministic);
    EXPECT_EQ(refusal("c24a00010000000000000000"), Errc::not_deterministic);
    EXPECT_EQ(refusal("c200"), Errc::malformed);
    EXPECT_EQ(refusal("c3"), Errc::malformed);
}

TEST(CborDeterministic, EmptyAndTrailingBytesAreRefused) {
    EXPECT_EQ(refusal(""), Errc::malformed);
    EXPECT_EQ(refusal("0000"), Errc::malformed);
    EXPECT_EQ(refusal("c1"), Errc::malformed);
}

TEST(CborFloat, EveryHalfNarrowsFromItsSingleAndFromItsDouble) {
    using namespace ieee754;
    // Widening is written apart from narrowing, so the two check each other over every half-precision value.
    for (std::uint64_t half = 0; half <= 0xFFFF; ++half) {
        const std::uint64_t wide = widen_to_double(half, kHalf);
        EXPECT_TRUE(narrows(wide, kDouble, kHalf)) << half;
        EXPECT_TRUE(narrows(wide, kDouble, kSingle)) << half;
        EXPECT_FALSE(narrows(wide | 1U, kDouble, kSingle)) << half;
    }
}

TEST(CborDiagnose, ShowsEveryKind) {
    const auto shown = [](std::string_view encoded) { return diagnose(hex(encoded)).value_or("refused"); };
    EXPECT_EQ(shown("86012043010203"
                    "63e5809f"
                    "a201f502f6"
                    "d2f7"),
              R"([1, -1, h'010203', "借", {1: true, 2: null}, 18(undefined)])");
    EXPECT_EQ(shown("3bffffffffffffffff"), "-18446744073709551616");
    EXPECT_EQ(shown("6522"
                    "5c0a017f"),
              R"("\"\\\n\u0001\u007f")");
    EXPECT_EQ(shown("84f4e0f8fff97e00"), "[false, simple(0), simple(255), NaN]");
    EXPECT_EQ(shown("83f97c00f9fc00f98000"), "[Infinity, -Infinity, -0x0p+0]");
    EXPECT_EQ(shown("84f93e00f90001fbc010666666666666fb0000000000000001"),
              "[0x1.8p+0, 0x1p-24, -0x1.0666666666666p+2, 0x0.0000000000001p-1022]");
    EXPECT_EQ(shown("9fff"), "refused");
}

}  // namespace
}  // namespace probatum::cbor
