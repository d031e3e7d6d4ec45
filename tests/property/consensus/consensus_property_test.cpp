#include <gtest/gtest.h>

#include <cstdlib>

#include "consensus_script.h"

/// Whatever one core is told, its own votes never contradict each other, follow from what is on its disk, and its
/// memory stays bounded; see ConsensusScript. PROBATUM_SEED replays one seed.
namespace probatum::testing {
namespace {

Bytes random_bytes(std::uint64_t seed, std::size_t size) {
    Bytes out(size);
    std::uint64_t state = seed;
    for (auto& byte : out) {
        // SplitMix64: the same on every machine.
        std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        byte = static_cast<std::uint8_t>((z ^ (z >> 31)) >> 24);
    }
    return out;
}

TEST(ConsensusProperty, any_stream_of_events_leaves_the_rules_unbroken) {
    const char* only = std::getenv("PROBATUM_SEED");
    const std::uint64_t first = only != nullptr ? std::strtoull(only, nullptr, 10) : 1;
    const std::uint64_t count = only != nullptr ? 1 : 1500;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const Bytes bytes = random_bytes(seed, 200 + seed % 1500);
        ASSERT_EQ(ConsensusScript{bytes}.run(), "") << "replay with PROBATUM_SEED=" << seed;
    }
}

}  // namespace
}  // namespace probatum::testing
