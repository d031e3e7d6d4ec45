// No byte of a bundle is free: whatever single byte is changed, put in, taken out or cut off, it is never valid again.

#include <gtest/gtest.h>

#include <random>

#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

constexpr std::size_t kShards = 8;

struct Sample {
    Bytes bundle;
    VerifyOptions options;
};

/// The smallest bundle that has every part: events, a refused attempt, openings, lists of uses.
const Sample& sample() {
    static const Sample made = [] {
        test::MemoryChain chain;
        const Digest id = test::record_sample_loan(chain);
        return Sample{encode(gather_contract(chain, id).value()), {.genesis_digest = chain.chain_id()}};
    }();
    return made;
}

/// Each shard takes every eighth position, so that CTest can run them side by side.
class EveryByte : public testing::TestWithParam<std::size_t> {
protected:
    static void expect_not_valid(const Bytes& changed, std::string_view how, std::size_t position) {
        const Report report = verify(changed, sample().options);
        ASSERT_NE(report.conclusion, Conclusion::valid) << how << " at byte " << position;
        ASSERT_FALSE(report.failed_check.empty()) << how << " at byte " << position;
    }
};

TEST_P(EveryByte, ChangedIsNeverValid) {
    std::mt19937 random{20261121};
    Bytes changed = sample().bundle;
    for (std::size_t position = GetParam(); position < changed.size(); position += kShards) {
        const std::uint8_t was = changed[position];
        const auto other = static_cast<std::uint8_t>(1 + random() % 255);
        for (const std::uint8_t flip : {std::uint8_t{0x01}, std::uint8_t{0x80}, other}) {
            changed[position] = was ^ flip;
            expect_not_valid(changed, "changed", position);
        }
        changed[position] = was;
    }
}

TEST_P(EveryByte, CutOffIsNeverValid) {
    for (std::size_t size = GetParam(); size < sample().bundle.size(); size += kShards) {
        const auto end = sample().bundle.begin() + static_cast<std::ptrdiff_t>(size);
        expect_not_valid({sample().bundle.begin(), end}, "cut", size);
    }
}

TEST_P(EveryByte, InsertedOrRemovedIsNeverValid) {
    std::mt19937 random{20261122};
    for (std::size_t position = GetParam(); position <= sample().bundle.size(); position += kShards) {
        Bytes longer = sample().bundle;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(position), static_cast<std::uint8_t>(random()));
        expect_not_valid(longer, "inserted", position);
        if (position == sample().bundle.size()) {
            break;
        }
        Bytes shorter = sample().bundle;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(position));
        expect_not_valid(shorter, "removed", position);
    }
}

INSTANTIATE_TEST_SUITE_P(Shard, EveryByte, testing::Range(std::size_t{0}, kShards));

TEST(EveryByteUnchanged, IsValid) {
    EXPECT_EQ(verify(sample().bundle, sample().options).conclusion, Conclusion::valid);
}

}  // namespace
}  // namespace probatum::evidence
