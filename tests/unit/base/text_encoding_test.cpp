#include "base/text_encoding.h"

#include <gtest/gtest.h>

#include "support.h"

namespace probatum {
namespace {

using test::code_of;

TEST(Hex, RoundTripsAndTakesBothCases) {
    EXPECT_EQ(to_hex(test::hex("00ff10Ab")), "00ff10ab");
    EXPECT_EQ(to_hex(Bytes{}), "");
    EXPECT_EQ(from_hex("").value(), Bytes{});
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
    for (const std::string_view text : {"0", "0g", "g0", "0x00", " 00", "0 ", "00\n1"}) {
        EXPECT_EQ(code_of(from_hex(text)), Errc::malformed) << text;
    }
}

TEST(Hex, DigestHasExactly64Digits) {
    EXPECT_EQ(to_hex(digest_from_hex(std::string(64, 'a')).value()), std::string(64, 'a'));
    EXPECT_EQ(code_of(digest_from_hex(std::string(62, 'a'))), Errc::malformed);
    EXPECT_EQ(code_of(digest_from_hex(std::string(66, 'a'))), Errc::malformed);
    EXPECT_EQ(code_of(digest_from_hex(std::string(63, 'a') + "g")), Errc::malformed);
}

TEST(Base64Url, Rfc4648ExamplesWithoutPadding) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : cases) {
        EXPECT_EQ(to_base64url(as_bytes(plain)), encoded);
        EXPECT_EQ(as_text(from_base64url(encoded).value()), plain);
    }
    EXPECT_EQ(to_base64url(test::hex("fbffbf")), "-_-_");
    EXPECT_EQ(to_hex(from_base64url("-_-_").value()), "fbffbf");
}

TEST(Base64Url, EveryLengthRoundTrips) {
    Bytes bytes;
    for (unsigned i = 0; i < 300; ++i) {
        EXPECT_EQ(from_base64url(to_base64url(bytes)).value(), bytes);
        bytes.push_back(static_cast<std::uint8_t>(i * 167U + 13U));
    }
}

TEST(Base64Url, RefusesPaddingOtherAlphabetsAndUnusedBits) {
    for (const std::string_view text : {"Zg==", "Zg=", "Z", "Zm9vY", "+/+/", "Zm 8", "Zh", "Zm9", "Zm9vYmF"}) {
        EXPECT_EQ(code_of(from_base64url(text)), Errc::malformed) << text;
    }
}

TEST(Utf8, AcceptsTheEdgesOfEveryRange) {
    for (const std::string_view text : {"", "00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf",
                                        "f0908080", "f48fbfbf", "41e5809fc3bcf09f988042"}) {
        EXPECT_TRUE(is_utf8(test::hex(text))) << text;
    }
}

TEST(Utf8, RefusesOverlongSurrogatesBeyondUnicodeAndTruncation) {
    for (const std::string_view text : {"80",
                                        "bf",
                                        "c080",
                                        "c1bf",
                                        "c2",
                                        "c241",
                                        "e08080",
                                        "e09fbf",
                                        "eda080",
                                        "edbfbf",
                                        "e580",
                                        "e58041",
                                        "f08080"
                                        "80",
                                        "f08fbfbf",
                                        "f4908080",
                                        "f5808080",
                                        "f09f98",
                                        "f09f9841",
                                        "ff",
                                        "fe",
                                        "41c2"}) {
        EXPECT_FALSE(is_utf8(test::hex(text))) << text;
    }
}

}  // namespace
}  // namespace probatum
