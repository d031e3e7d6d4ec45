#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "cluster.h"

namespace probatum::sim {
namespace {

using ::testing::IsEmpty;

/// PROBATUM_SIM_SEED replays one seed of each story; PROBATUM_SIM_RUNS runs more of them.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void tell_story(Plan plan, std::uint64_t runs) {
    const char* only = std::getenv("PROBATUM_SIM_SEED");
    const std::uint64_t first = number_from_environment("PROBATUM_SIM_SEED", 1);
    const std::uint64_t count = only != nullptr ? 1 : number_from_environment("PROBATUM_SIM_RUNS", runs);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        Cluster cluster{plan, seed};
        ASSERT_THAT(cluster.run(), IsEmpty()) << "replay with PROBATUM_SIM_SEED=" << seed;
    }
}

TEST(ConsensusSim, ordinary_network_of_every_small_size) {
    for (const std::size_t n : {1, 2, 3, 4, 5, 7}) {
        Plan plan;
        plan.validators = n;
        plan.stormy_ms = 3000;
        tell_story(plan, 40);
    }
}

TEST(ConsensusSim, thirty_one_validators) {
    Plan plan;
    plan.validators = 31;
    plan.stormy_ms = 1500;
    plan.transactions = 5;
    tell_story(plan, 2);
}

TEST(ConsensusSim, lossy_network_that_repeats_and_reorders) {
    Plan plan;
    plan.storm = {30, 20, 1, 800, 0};
    tell_story(plan, 300);
}

TEST(ConsensusSim, partitions) {
    Plan plan;
    plan.partitions = true;
    plan.storm = {5, 5, 1, 200, 0};
    tell_story(plan, 300);
}

TEST(ConsensusSim, crashes_that_lose_what_was_not_yet_done) {
    Plan plan;
    plan.crashes = true;
    plan.storm = {5, 5, 1, 100, 8};
    tell_story(plan, 500);
}

TEST(ConsensusSim, one_liar_of_four) {
    Plan plan;
    plan.liars = 1;
    plan.storm = {5, 5, 1, 300, 0};
    tell_story(plan, 400);
}

TEST(ConsensusSim, everything_at_once) {
    for (const std::size_t n : {4, 5, 7}) {
        Plan plan;
        plan.validators = n;
        plan.liars = (n - 1) / 3;
        plan.crashes = true;
        plan.partitions = true;
        plan.storm = {15, 10, 1, 600, 3};
        tell_story(plan, n == 4 ? 500 : 150);
    }
}

TEST(ConsensusSim, crashes_and_partitions_in_small_sets) {
    for (const std::size_t n : {1, 2, 3}) {
        Plan plan;
        plan.validators = n;
        plan.crashes = true;
        plan.partitions = true;
        plan.storm = {15, 10, 1, 600, 5};
        tell_story(plan, 100);
    }
}

TEST(ConsensusSim, the_same_seed_gives_the_same_run) {
    Plan plan;
    plan.liars = 1;
    plan.crashes = true;
    plan.partitions = true;
    plan.storm = {15, 10, 1, 600, 3};
    Cluster first{plan, 42};
    Cluster second{plan, 42};
    Cluster other{plan, 43};
    (void)first.run();
    (void)second.run();
    (void)other.run();
    EXPECT_EQ(first.trace(), second.trace());
    EXPECT_NE(first.trace(), other.trace());
}

}  // namespace
}  // namespace probatum::sim
