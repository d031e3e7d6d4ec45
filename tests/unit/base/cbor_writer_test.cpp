#include <gtest/gtest.h>

#include <limits>

#include "base/cbor.h"
#include "support.h"

namespace probatum::cbor {
namespace {

std::string written(const Writer& writer) { return to_hex(writer.view()); }

struct HeadCase {
    std::uint64_t value;
    std::string_view encoding;
};

TEST(CborWriter, HeadsAreShortestOnBothSidesOfEveryBoundary) {
    constexpr HeadCase kCases[] = {
        {0, "00"},
        {23, "17"},
        {24, "1818"},
        {255, "18ff"},
        {256, "190100"},
        {65'535, "19ffff"},
        {65'536, "1a00010000"},
        {4'294'967'295, "1affffffff"},
        {4'294'967'296, "1b0000000100000000"},
        {std::numeric_limits<std::uint64_t>::max(), "1bffffffffffffffff"},
    };
    for (const auto& [value, encoding] : kCases) {
        EXPECT_EQ(written(Writer{}.uint(value)), encoding);
    }
}

TEST(CborWriter, SignedIntegersReachBothEnds) {
    EXPECT_EQ(written(Writer{}.integer(-1)), "20");
    EXPECT_EQ(written(Writer{}.integer(-24)), "37");
    EXPECT_EQ(written(Writer{}.integer(-25)), "3818");
    EXPECT_EQ(written(Writer{}.integer(std::numeric_limits<std::int64_t>::max())), "1b7fffffffffffffff");
    EXPECT_EQ(written(Writer{}.integer(std::numeric_limits<std::int64_t>::min())), "3b7fffffffffffffff");
}

TEST(CborWriter, WritesEveryKind) {
    Writer writer{64};
    writer.array(7).bytes(test::hex("0102")).text("借").map(1).uint(1).boolean(true).tag(18).null();
    writer.boolean(false).digest(Digest{}).raw(test::hex("8101"));
    EXPECT_EQ(written(writer),
              "87420102"
              "63e5809f"
              "a101f5"
              "d2f6"
              "f4"
              "5820" +
                  std::string(64, '0') + "8101");
    EXPECT_EQ(writer.size(), writer.view().size());
    const std::size_t size = writer.size();
    EXPECT_EQ(writer.take().size(), size);
}

}  // namespace
}  // namespace probatum::cbor
