#include "scenario.h"

/// Rules C2 and C3: what is notarized, and how often.
namespace probatum::consensus {
namespace {

TEST(Notarize, a_valid_and_timely_proposal_once_it_is_executed) {
    Scenario s;
    s.start();
    s.block("a", 1);
    EXPECT_THAT(s.proposal("a"), has("check a and time"));
    EXPECT_THAT(s.executed("a"), has_no("notarize"));
    EXPECT_THAT(s.timely("a"), has_in_order({"persist vote notarize 1 a", "vote notarize 1 a"}));
}

TEST(Notarize, not_before_it_is_executed) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.proposal("a");
    EXPECT_THAT(s.timely("a"), has_no("notarize"));
    EXPECT_THAT(s.executed("a"), has("vote notarize 1 a"));
}

TEST(Notarize, never_an_invalid_block_and_then_the_leader_has_had_its_chance) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.proposal("a");
    s.timely("a");
    const Lines lines = s.executed("a", false);
    EXPECT_THAT(lines, has_no("notarize"));
    EXPECT_THAT(lines, has("vote nullify 1"));
}

TEST(Notarize, only_one_block_in_a_view) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    EXPECT_THAT(s.accepted_proposal("a"), has("vote notarize 1 a"));
    EXPECT_THAT(s.accepted_proposal("b"), has_no("notarize 1 b"));
}

TEST(Notarize, only_one_block_in_a_view_over_a_restart_too) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    s.accepted_proposal("a");
    s.restart();
    EXPECT_THAT(s.accepted_proposal("b"), has_no("notarize 1 b"));
}

TEST(Notarize, nothing_after_nullify) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.work();
    EXPECT_THAT(s.fires(TimerKind::view), has("vote nullify 1"));
    EXPECT_THAT(s.accepted_proposal("a"), has_no("vote notarize"));
    s.restart();
    EXPECT_THAT(s.accepted_proposal("a"), has_no("vote notarize"));
}

TEST(Notarize, only_what_the_leader_of_the_view_proposes) {
    Scenario s;
    s.start();
    s.block("a", 1, {.proposer = 2});
    EXPECT_THAT(s.accepted_proposal("a"), has_no("a"));
}

TEST(Notarize, only_with_the_leaders_signature) {
    Scenario s;
    s.start();
    s.block("a", 1);
    const Lines lines = s.tell(ProposalArrived{s.ref("a"), Vote{s.target(kNotarize, 1, "a"), 1, {}}, {}});
    EXPECT_THAT(lines, has_no("check"));
}

TEST(Notarize, only_a_vote_for_this_very_block_carries_a_proposal) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("a"), s.signed_vote(1, kNotarize, 1, "b"), {}}), has_no("check"));
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("a"), s.signed_vote(1, kFinalize, 1, "a"), {}}), has_no("check"));
}

TEST(Notarize, not_of_another_epoch) {
    Scenario s;
    s.start();
    s.block("a", 1, {.epoch = Epoch{1}});
    EXPECT_THAT(s.accepted_proposal("a"), ::testing::AllOf(has_no("check"), has_no("vote")));
    Scenario t{4, 0, {}, Epoch{1}};
    t.start();
    t.block("b", 1, {.epoch = Epoch{0}});
    EXPECT_THAT(t.accepted_proposal("b"), ::testing::IsEmpty());
}

TEST(Notarize, a_child_after_its_parent_was_fetched_and_executed) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    EXPECT_THAT(s.proposal("b"), has_in_order({"persist certificate notarize 1 a", "view 2", "fetch a"}));
    EXPECT_THAT(s.arrived("a"), has("check a"));
    EXPECT_THAT(s.executed("a"), has("check b and time"));
    s.timely("b");
    EXPECT_THAT(s.executed("b"), has("vote notarize 2 b"));
}

TEST(Notarize, not_without_proof_that_the_parent_was_notarized) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    s.accepted_proposal("a");
    s.certificate(kNullify, 1);
    const Vote leader_vote = s.signed_vote(2, kNotarize, 2, "b");
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), leader_vote, {}}), has_no("check b"));
    Certificate forged = s.quorum(kNotarize, 1, "a");
    forged.signers[1].signature = {};
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), leader_vote, forged}), has_no("check b"));
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), leader_vote, s.quorum(kFinalize, 1, "a")}), has_no("check b"));
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), leader_vote, s.quorum(kNotarize, 1, "a")}), has("check b and time"));
}

TEST(Notarize, the_carried_certificate_must_hold_even_if_another_one_is_known) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    Certificate forged = s.quorum(kNotarize, 1, "a");
    forged.signers[1].signature = {};
    EXPECT_THAT(s.tell(ProposalArrived{s.ref("b"), s.signed_vote(2, kNotarize, 2, "b"), forged}), has_no("check b"));
}

TEST(Notarize, only_if_every_view_between_was_nullified_and_asks_the_proposer_for_what_is_missing) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.certificate(kNullify, 2), has("view 3"));
    s.block("c", 3);
    const Lines lines = s.accepted_proposal("c");
    EXPECT_THAT(lines, has_no("vote notarize"));
    EXPECT_THAT(lines, has("ask 1 of 3"));
    EXPECT_THAT(s.certificate(kNullify, 1), has("vote notarize 3 c"));
}

TEST(Notarize, nothing_that_passes_over_a_final_block) {
    Scenario s;
    s.start();
    s.block("a", 1).block("c", 3);
    s.certificate(kNullify, 1);
    s.accepted_proposal("a");
    s.certificate(kFinalize, 1, "a");
    s.certificate(kNullify, 2);
    EXPECT_THAT(s.accepted_proposal("c"), has_no("vote notarize"));
}

TEST(Notarize, only_one_above_the_parent) {
    Scenario s;
    s.start();
    s.block("a", 1, {.height = Height{2}});
    const Lines lines = s.accepted_proposal("a");
    EXPECT_THAT(lines, has_no("check a"));
    EXPECT_THAT(lines, has("vote nullify 1"));
}

TEST(Notarize, an_early_proposal_when_its_view_comes) {
    Scenario s;
    s.start();
    s.block("b", 2);
    EXPECT_THAT(s.accepted_proposal("b"), has_no("vote notarize"));
    EXPECT_THAT(s.certificate(kNullify, 1), has_in_order({"view 2", "vote notarize 2 b"}));
}

}  // namespace
}  // namespace probatum::consensus
