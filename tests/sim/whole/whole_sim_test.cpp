#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <sstream>
#include <string>

#include "tools/sim/check_failure.h"
#include "tools/sim/simulation.h"

/// Whole validators, simulated: docs/spec/simulation.md. A few seeds of each profile here; probatum-sim runs any
/// number.
namespace probatum::sim {
namespace {

using ::testing::IsEmpty;

struct Case {
    std::size_t validators;
    std::string profile;
    std::uint64_t minutes;
    std::uint64_t seed;
};

std::string replay_line(const Case& one) {
    return "probatum-sim --seed " + std::to_string(one.seed) + " --validators " + std::to_string(one.validators) +
           " --profile " + one.profile + " --minutes-of-virtual-time " + std::to_string(one.minutes);
}

Outcome run(const Case& one) {
    static const bool kPrepared = [] {
        spdlog::set_level(spdlog::level::off);
        catch_failed_checks();
        return true;
    }();
    EXPECT_TRUE(kPrepared);
    Outcome outcome = Simulation{{one.seed, one.validators, profile_named(one.profile).value(), one.minutes}}.run();
    EXPECT_THAT(outcome.violations, IsEmpty()) << replay_line(one);
    return outcome;
}

class WholeSim : public ::testing::TestWithParam<std::string> {};

TEST_P(WholeSim, keeps_its_promises_for_some_seeds) {
    const std::uint64_t seeds = GetParam() == "real-signatures" ? 1 : 2;
    for (std::uint64_t seed = 501; seed < 501 + seeds; ++seed) {
        const Outcome outcome = run({4, GetParam(), 1, seed});
        EXPECT_GE(outcome.virtual_time, 60 * kSecond);
        EXPECT_GE(outcome.transactions, 800U) << "at least twenty a second while clients send";
    }
}
INSTANTIATE_TEST_SUITE_P(Profiles, WholeSim, ::testing::ValuesIn(profile_names()), [](const auto& tested) {
    std::string name = tested.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(WholeSimulation, sizes_from_one_to_seven) {
    for (const std::size_t validators : {1U, 2U, 3U, 5U, 7U}) {
        (void)run({validators, "all", 1, 77});
    }
}

TEST(WholeSimulation, the_same_seed_gives_the_same_trace_and_another_seed_another) {
    const Case one{4, "all", 1, 4711};
    const std::uint64_t digest = run(one).digest;
    EXPECT_EQ(run(one).digest, digest);
    EXPECT_NE(run({4, "all", 1, 4712}).digest, digest);
}

TEST(WholeSimulation, every_kind_of_fault_is_met_and_of_change_and_liars_too) {
    std::array<std::uint64_t, kFaults> faults{};
    std::array<std::uint64_t, kTurns> turns{};
    std::uint64_t liars = 0;
    std::uint64_t restarts = 0;
    for (std::uint64_t seed = 901; seed < 921; ++seed) {
        const std::string profile = seed > 916      ? "disk"
                                    : seed > 908    ? "members"
                                    : seed > 906    ? "clock"
                                    : seed % 2 == 0 ? "disk"
                                                    : "all";
        const Outcome outcome = run({4, profile, 1, seed});
        for (std::size_t i = 0; i < kFaults; ++i) {
            faults[i] += outcome.faults[i];
        }
        for (std::size_t i = 0; i < kTurns; ++i) {
            turns[i] += outcome.turns[i];
        }
        liars += outcome.liars;
        restarts += outcome.restarts;
    }
    for (const Turn turn : {Turn::added, Turn::removed, Turn::rotated, Turn::parameters}) {
        EXPECT_GT(turns[static_cast<std::size_t>(turn)], 0U) << name(turn);
    }
    for (std::size_t i = 0; i < kFaults; ++i) {
        EXPECT_GT(faults[i], 0U) << name(static_cast<Fault>(i));
    }
    EXPECT_GT(liars, 0U);
    EXPECT_GT(restarts, 0U);
}

TEST(WholeSimulation, what_failed_once_holds) {
    std::ifstream file{PROBATUM_SOURCE_DIR "/tests/sim/regression_seeds.txt"};
    ASSERT_TRUE(file.is_open());
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::istringstream words{line};
        Case one{};
        ASSERT_TRUE(words >> one.validators >> one.profile >> one.minutes >> one.seed) << line;
        (void)run(one);
        ++count;
    }
    EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace probatum::sim
