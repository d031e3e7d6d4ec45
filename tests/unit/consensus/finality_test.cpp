#include "scenario.h"

/// Rules C7, C17 and C18: what is final, closing gaps, and the alarm.
namespace probatum::consensus {
namespace {

TEST(Finality, a_quorum_of_finalize_votes_makes_the_block_final) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.votes({1, 2}, kNotarize, 1, "a");
    EXPECT_THAT(s.vote(1, kFinalize, 1, "a"), has_no("final a"));
    EXPECT_THAT(s.vote(2, kFinalize, 1, "a"),
                has_in_order({"persist certificate finalize 1 a", "certificate finalize 1 a", "final a"}));
    EXPECT_EQ(s.status().final_block, s.ref("a"));
}

TEST(Finality, notarize_votes_are_never_enough) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    EXPECT_THAT(s.votes({1, 2, 3}, kNotarize, 1, "a"), has_no("final a"));
}

TEST(Finality, is_told_only_when_the_block_is_held_and_executed) {
    Scenario s;
    s.start();
    s.block("a", 1);
    const Lines lines = s.certificate(kFinalize, 1, "a");
    EXPECT_THAT(lines, has_in_order({"persist certificate finalize 1 a", "fetch a"}));
    EXPECT_THAT(lines, has_no("final a"));
    EXPECT_THAT(s.arrived("a"), has_no("final a"));
    EXPECT_THAT(s.executed("a"), has("final a"));
}

TEST(Finality, is_told_only_when_the_ancestors_are_there_and_covers_them) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"}).block("c", 3, {.parent = "b"});
    EXPECT_THAT(s.certificate(kFinalize, 3, "c"), has("fetch c"));
    EXPECT_THAT(s.arrived("c"), has("fetch b"));
    EXPECT_THAT(s.arrived("b"), has("fetch a"));
    EXPECT_THAT(s.arrived("a"), has("check a"));
    EXPECT_THAT(s.executed("a"), has("check b"));
    EXPECT_THAT(s.executed("b"), has("check c"));
    const Lines lines = s.executed("c");
    EXPECT_THAT(lines, has("final c"));
    EXPECT_THAT(lines, has_no("final b"));
}

TEST(Finality, of_an_earlier_block_is_no_news) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    s.accepted_proposal("a");
    s.accepted_proposal("b");
    s.certificate(kFinalize, 2, "b");
    EXPECT_EQ(s.status().final_block, s.ref("b"));
    EXPECT_THAT(s.certificate(kFinalize, 1, "a"), ::testing::IsEmpty());
}

TEST(Finality, a_far_gap_is_closed_by_synchronisation) {
    Scenario s;
    s.start();
    s.block("z", 200, {.height = Height{150}, .proposer = 0});
    s.certificate(kFinalize, 200, "z");
    const Lines lines = s.arrived("z");
    EXPECT_THAT(lines, has("catch up to z"));
    EXPECT_THAT(lines, has_no("fetch"));
    EXPECT_THAT(s.fires(TimerKind::retry), has("catch up to z"));
    const Lines done = s.tell(SyncedToFinal{s.ref("z"), s.quorum(kFinalize, 200, "z")});
    EXPECT_THAT(done, has_no("final z"));
    EXPECT_EQ(s.status().final_block, s.ref("z"));
    EXPECT_FALSE(s.timer_runs(TimerKind::retry));
}

TEST(Finality, synchronisation_moves_the_machine_on) {
    Scenario s;
    s.start();
    s.block("y", 90, {.height = Height{80}});
    EXPECT_THAT(s.tell(SyncedToFinal{s.ref("y"), s.quorum(kFinalize, 90, "y")}),
                has_in_order({"persist certificate finalize 90 y", "view 91"}));
    s.block("z", 91, {.parent = "y"});
    EXPECT_THAT(s.accepted_proposal("z"), has("vote notarize 91 z"));
}

TEST(Finality, synchronisation_needs_a_finality_certificate) {
    Scenario s;
    s.start();
    s.block("y", 90, {.height = Height{80}});
    EXPECT_THAT(s.tell(SyncedToFinal{s.ref("y"), s.quorum(kNotarize, 90, "y")}), ::testing::IsEmpty());
    Certificate forged = s.quorum(kFinalize, 90, "y");
    forged.signers.pop_back();
    EXPECT_THAT(s.tell(SyncedToFinal{s.ref("y"), forged}), ::testing::IsEmpty());
}

TEST(Alarm, a_notarized_block_that_proves_invalid_here_stops_this_validator) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2);
    s.proposal("a");
    s.certificate(kNotarize, 1, "a");
    const Lines lines = s.executed("a", false);
    EXPECT_THAT(lines, has("alarm a"));
    EXPECT_THAT(lines, has_no("vote"));
    EXPECT_TRUE(s.status().alarmed);
    EXPECT_THAT(s.accepted_proposal("b"), ::testing::IsEmpty());
    EXPECT_THAT(s.asked(1, 2), ::testing::IsEmpty());
}

TEST(Alarm, also_when_the_certificate_comes_after_the_execution) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.proposal("a");
    s.executed("a", false);
    EXPECT_THAT(s.certificate(kNotarize, 1, "a"), has("alarm a"));
}

TEST(Alarm, a_certified_chain_beside_the_final_one) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2);
    s.accepted_proposal("a");
    s.certificate(kFinalize, 1, "a");
    s.certificate(kFinalize, 2, "b");
    EXPECT_THAT(s.arrived("b"), has("alarm b"));
}

}  // namespace
}  // namespace probatum::consensus
