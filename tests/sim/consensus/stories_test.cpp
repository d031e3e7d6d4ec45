#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"

/// Single stories in calm weather, each with one thing to show. A message takes exactly ten milliseconds.
namespace probatum::sim {
namespace {

using ::testing::IsEmpty;

constexpr Weather kTenMilliseconds{.min_delay_ms = 10, .max_delay_ms = 10};

class ConsensusStory : public ::testing::Test {
protected:
    static Plan plan() {
        Plan made;
        made.storm = kTenMilliseconds;
        return made;
    }

    /// How long it takes until all the named validators have one more transaction final.
    std::uint64_t time_to_final(ValidatorIndex at, const std::vector<ValidatorIndex>& witnesses,
                                std::uint64_t patience_ms = 20'000) {
        const Transaction transaction = next_++;
        const std::uint64_t begun = cluster_.now_ms();
        cluster_.inject(at, transaction);
        const auto has_it = [&](ValidatorIndex who) {
            return cluster_.node(who).final_transactions().contains(transaction);
        };
        while (!std::ranges::all_of(witnesses, has_it) && cluster_.now_ms() < begun + patience_ms) {
            cluster_.run_until(cluster_.now_ms() + 1);
        }
        EXPECT_THAT(cluster_.failures(), IsEmpty());
        return cluster_.now_ms() - begun;
    }

    Cluster cluster_{plan(), 7};
    Transaction next_{1};
};

TEST_F(ConsensusStory, silence_costs_nothing_and_the_first_transaction_after_it_is_as_fast_as_any) {
    cluster_.start_all();
    cluster_.run_until(3'600'000);
    EXPECT_EQ(cluster_.messages(), 0U);
    // Gossip, proposal, notarize, finalize: four messages, and a little building and executing.
    EXPECT_LE(time_to_final(2, {0, 1, 2, 3}), 60U);
    EXPECT_LE(time_to_final(3, {0, 1, 2, 3}), 60U);
    EXPECT_TRUE(cluster_.run_until_quiet(cluster_.now_ms() + 60'000));
}

TEST_F(ConsensusStory, a_dead_validator_costs_little_once_it_is_known_to_be_silent) {
    cluster_.start_all();
    cluster_.node(3).crash();
    for (int i = 0; i < 12; ++i) {
        (void)time_to_final(0, {0, 1, 2});
    }
    for (int i = 0; i < 12; ++i) {
        EXPECT_LE(time_to_final(0, {0, 1, 2}), 120U);
    }
    cluster_.node(3).start();
    (void)time_to_final(0, {0, 1, 2, 3});
    for (int i = 0; i < 8; ++i) {
        (void)time_to_final(0, {0, 1, 2, 3});
    }
    for (int i = 0; i < 8; ++i) {
        EXPECT_LE(time_to_final(0, {0, 1, 2, 3}), 60U);
    }
}

TEST_F(ConsensusStory, a_validator_that_was_cut_off_for_long_catches_up) {
    cluster_.start_all();
    cluster_.split({0, 0, 0, 1});
    for (int i = 0; i < 100; ++i) {
        (void)time_to_final(0, {0, 1, 2});
    }
    EXPECT_EQ(cluster_.node(3).final_height(), Height{0});
    cluster_.split({0, 0, 0, 0});
    EXPECT_LE(time_to_final(1, {0, 1, 2, 3}), 3'000U);
    EXPECT_EQ(cluster_.node(3).final_transactions().size(), 101U);
}

TEST_F(ConsensusStory, two_of_four_stopped_nothing_is_final_one_returns_and_the_chain_goes_on) {
    cluster_.start_all();
    (void)time_to_final(0, {0, 1, 2, 3});
    cluster_.node(2).crash();
    cluster_.node(3).crash();
    EXPECT_GE(time_to_final(0, {0, 1}), 20'000U);
    EXPECT_EQ(cluster_.node(0).final_height(), Height{1});
    cluster_.node(2).start();
    EXPECT_LE(time_to_final(1, {0, 1, 2}), 5'000U);
    EXPECT_EQ(cluster_.node(2).final_transactions().size(), 3U);
}

TEST_F(ConsensusStory, all_four_die_under_load_and_nothing_that_was_final_is_missing) {
    cluster_.start_all();
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 5; ++i) {
            cluster_.inject(static_cast<ValidatorIndex>(i % 4), next_++);
        }
        cluster_.run_until(cluster_.now_ms() + 17 + static_cast<std::uint64_t>(round) * 5);
        for (ValidatorIndex i = 0; i < 4; ++i) {
            cluster_.node(i).crash();
        }
        cluster_.start_all();
    }
    EXPECT_LE(time_to_final(0, {0, 1, 2, 3}), 5'000U);
    EXPECT_TRUE(cluster_.run_until_quiet(cluster_.now_ms() + 60'000));
    EXPECT_THAT(cluster_.failures(), IsEmpty());
}

VoteKind kind_of(const Message& message) {
    const auto* vote = std::get_if<VoteMessage>(&message);
    return vote != nullptr ? vote->vote.target.kind : VoteKind{0};
}

TEST_F(ConsensusStory, a_notarization_seen_by_two_survives_the_power_and_the_liars_silence) {
    // View 1, led by 1: the liar 3 votes once and is never heard again. Its vote makes a notarization at 0 and 1, who
    // send finalize; nobody hears that. 2 hears nothing at all and nullifies. Then the lights go out. From now on 0 and
    // 1 can never nullify view 1 and 2 can never notarize in it: only the notarization on the disks of two leads on.
    cluster_.set_wall([](ValidatorIndex from, ValidatorIndex to, const Message& message) {
        const bool gossip = std::holds_alternative<Gossip>(message);
        return (to == 2 && !gossip) || kind_of(message) == VoteKind::finalize ||
               (from == 3 && kind_of(message) != VoteKind::notarize);
    });
    cluster_.start_all();
    EXPECT_GE(time_to_final(0, {0, 1, 2}, 2'000), 2'000U);
    for (const ValidatorIndex seen : {0U, 1U}) {
        EXPECT_GE(cluster_.node(seen).status().view, View{2}) << seen;
    }
    EXPECT_EQ(cluster_.node(2).status().view, View{1});
    for (ValidatorIndex i = 0; i < 4; ++i) {
        cluster_.node(i).crash();
    }
    cluster_.set_wall({});
    for (ValidatorIndex i = 0; i < 3; ++i) {
        cluster_.node(i).start();
    }
    EXPECT_LE(time_to_final(2, {0, 1, 2}), 6'000U);
    EXPECT_EQ(cluster_.node(2).final_transactions().size(), 2U);
}

TEST_F(ConsensusStory, who_missed_every_certificate_is_brought_along_by_repetition) {
    cluster_.set_wall([](ValidatorIndex, ValidatorIndex to, const Message& message) {
        return to == 2 && !std::holds_alternative<Gossip>(message);
    });
    cluster_.start_all();
    (void)time_to_final(0, {0, 1, 3});
    cluster_.node(3).crash();
    cluster_.set_wall({});
    EXPECT_LE(time_to_final(2, {0, 1, 2}), 6'000U);
}

}  // namespace
}  // namespace probatum::sim
