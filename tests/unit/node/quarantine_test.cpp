#include "node/quarantine.h"

#include <gtest/gtest.h>

/// docs/spec/node.md, Peers: who proved dishonest is kept away for a while.
namespace probatum::node {
namespace {

using std::chrono::milliseconds;
constexpr Moment kStart{std::chrono::hours{1'000}};

TEST(Quarantine, BeginsWithTwoSecondsAndKeepsOnlyTheOffenderAway) {
    Quarantine quarantine;
    EXPECT_FALSE(quarantine.remaining(3, kStart));
    EXPECT_EQ(quarantine.offend(3, kStart, "lied"), milliseconds{2'000});
    EXPECT_EQ(quarantine.remaining(3, kStart), milliseconds{2'000});
    EXPECT_EQ(quarantine.remaining(3, kStart + milliseconds{1'999}), milliseconds{1});
    EXPECT_FALSE(quarantine.remaining(3, kStart + milliseconds{2'000}));
    EXPECT_FALSE(quarantine.remaining(2, kStart));
    EXPECT_EQ(quarantine.why(3), "lied");
}

TEST(Quarantine, DoublesUpToFiveMinutes) {
    Quarantine quarantine;
    Moment now = kStart;
    milliseconds last{1'000};
    for (int i = 0; i < 8; ++i) {
        const milliseconds pause = quarantine.offend(3, now, "lied");
        EXPECT_EQ(pause, std::min(2 * last, milliseconds{300'000}));
        now += pause;
        last = pause;
    }
    EXPECT_EQ(last, milliseconds{256'000});
    EXPECT_EQ(quarantine.offend(3, now, "lied"), milliseconds{300'000});
    EXPECT_EQ(quarantine.offend(3, now, "lied"), milliseconds{300'000});
}

TEST(Quarantine, ForgivesAfterAnHourOfGoodConduct) {
    Quarantine quarantine;
    quarantine.offend(3, kStart, "lied");
    EXPECT_EQ(quarantine.offend(3, kStart + std::chrono::minutes{59}, "lied"), milliseconds{4'000});
    EXPECT_EQ(quarantine.offend(3, kStart + std::chrono::minutes{59} + std::chrono::hours{2}, "lied"),
              milliseconds{2'000});
}

}  // namespace
}  // namespace probatum::node
