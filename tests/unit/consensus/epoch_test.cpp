#include "scenario.h"

/// Rules E1 to E6: how an epoch ends, and how the next one begins.
namespace probatum::consensus {
namespace {

constexpr Timing kTiming{1500, 500, 100, 8};

/// A closing block "c" of view 1, notarized there but not final.
Scenario with_closing_block(ValidatorIndex own = 0) {
    Scenario s{4, own};
    s.start();
    s.block("c", 1, {.closing = true});
    s.accepted_proposal("c");
    s.certificate(kNotarize, 1, "c");
    return s;
}

TEST(ClosingBlock, has_no_children) {
    Scenario s = with_closing_block();
    s.block("d", 2, {.parent = "c"});
    EXPECT_THAT(s.proposal("d"), ::testing::AllOf(has_no("check d"), has("vote nullify 2")));
}

TEST(ClosingBlock, a_notarized_child_of_it_stops_this_validator) {
    Scenario s = with_closing_block();
    s.block("d", 2, {.parent = "c"});
    s.proposal("d");
    EXPECT_THAT(s.certificate(kNotarize, 2, "d"), has("alarm d"));
}

TEST(ClosingBlock, is_proposed_again_by_the_next_leader_instead_of_a_child) {
    Scenario s = with_closing_block(2);
    EXPECT_THAT(s.work(), has_no("build"));
    const Lines lines = s.fires(TimerKind::empty_block);
    EXPECT_THAT(lines, has_in_order({"persist vote notarize 2 c", "certificate notarize 1 c", "vote notarize 2 c"}));
    EXPECT_THAT(lines, ::testing::AllOf(has_no("build"), has_no("proposal"), has_no("check")));
    EXPECT_THAT(s.fires(TimerKind::retry), ::testing::AllOf(has("vote notarize 2 c"), has_no("proposal")));
}

TEST(ClosingBlock, is_proposed_again_though_nobody_has_anything_else_to_order_and_it_is_empty) {
    Scenario s{4, 2};
    s.start();
    s.block("c", 1, {.content = false, .closing = true});
    s.accepted_proposal("c");
    s.certificate(kNotarize, 1, "c");
    EXPECT_TRUE(s.timer_runs(TimerKind::view));
    EXPECT_THAT(s.fires(TimerKind::empty_block), has("vote notarize 2 c"));
}

TEST(ClosingBlock, is_notarized_again_on_the_leaders_vote_alone) {
    Scenario s = with_closing_block();
    const Lines lines = s.vote(2, kNotarize, 2, "c");
    EXPECT_THAT(lines, has_in_order({"persist vote notarize 2 c", "vote notarize 2 c"}));
    EXPECT_THAT(lines, has_no("check"));
    EXPECT_THAT(s.vote(2, kNotarize, 2, "c"), has_no("vote notarize"));
}

TEST(ClosingBlock, is_never_checked_for_its_time_once_it_is_notarized) {
    // The network was split for longer than the bound of the clocks: here the block's time will never be in bounds.
    Scenario s;
    s.start();
    s.block("c", 1, {.closing = true});
    s.proposal("c");
    EXPECT_THAT(s.executed("c"), has_no("vote notarize 1"));
    EXPECT_THAT(s.certificate(kNotarize, 1, "c"), has("vote finalize 1 c"));
    EXPECT_THAT(s.vote(2, kNotarize, 2, "c"), has("vote notarize 2 c"));
}

TEST(ClosingBlock, that_is_missing_here_is_fetched_and_then_notarized_again) {
    Scenario s;
    s.start();
    s.block("c", 1, {.closing = true});
    EXPECT_THAT(s.certificate(kNotarize, 1, "c"), has("fetch c"));
    s.vote(2, kNotarize, 2, "c");
    EXPECT_THAT(s.arrived("c"), has("check c"));
    EXPECT_THAT(s.executed("c"), has_in_order({"vote finalize 1 c", "vote notarize 2 c"}));
}

TEST(ClosingBlock, is_not_notarized_again_for_anybody_but_the_leader) {
    Scenario s = with_closing_block();
    EXPECT_THAT(s.vote(1, kNotarize, 2, "c"), has_no("vote notarize"));
    EXPECT_THAT(s.vote(3, kNotarize, 2, "c"), has_no("vote notarize"));
}

TEST(ClosingBlock, is_not_notarized_again_for_a_forged_vote) {
    Scenario s = with_closing_block();
    EXPECT_THAT(s.forged_vote(2, kNotarize, 2, "c"), has_no("vote notarize"));
}

TEST(ClosingBlock, is_not_notarized_again_after_nullify) {
    Scenario s = with_closing_block();
    s.fires(TimerKind::view);
    EXPECT_THAT(s.vote(2, kNotarize, 2, "c"), has_no("vote notarize"));
}

TEST(ClosingBlock, is_not_notarized_again_over_a_gap) {
    Scenario s = with_closing_block();
    s.certificate(kNullify, 3);
    ASSERT_EQ(s.status().view, View{4});
    // Own index leads view 4; view 5 is led by 1. View 2 is not known to be nullified.
    s.certificate(kNullify, 4);
    EXPECT_THAT(s.vote(1, kNotarize, 5, "c"), ::testing::AllOf(has("ask 2 of 1"), has_no("vote notarize")));
    EXPECT_THAT(s.certificate(kNullify, 2), has("vote notarize 5 c"));
}

TEST(ClosingBlock, that_was_never_notarized_is_not_proposed_again) {
    Scenario s;
    s.start();
    s.block("c", 1, {.closing = true});
    s.accepted_proposal("c");
    s.certificate(kNullify, 1);
    EXPECT_THAT(s.vote(2, kNotarize, 2, "c"), has_no("vote notarize 2"));
}

TEST(ClosingBlock, no_other_block_can_be_proposed_again) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(s.vote(2, kNotarize, 2, "a"), has_no("vote notarize 2"));
}

TEST(ClosingBlock, notarized_in_several_views_gets_a_finalize_vote_in_each) {
    Scenario s = with_closing_block();
    EXPECT_THAT(s.certificate(kNotarize, 2, "c"), has("vote finalize 2 c"));
    EXPECT_THAT(s.certificate(kNotarize, 3, "c"), has("vote finalize 3 c"));
}

TEST(EpochsEnd, comes_with_the_finality_of_the_closing_block_in_any_view) {
    for (const std::uint64_t view : {1U, 2U, 7U}) {
        Scenario s = with_closing_block();
        s.work();
        const Lines lines = s.certificate(kFinalize, view, "c");
        EXPECT_THAT(lines, has_in_order({"final c", "cancel view", "cancel retry"}));
        EXPECT_THAT(lines, has("certificate finalize " + std::to_string(view) + " c"));
        EXPECT_TRUE(s.status().ended);
        EXPECT_EQ(s.status().final_block, s.ref("c"));
    }
}

TEST(EpochsEnd, ends_all_voting) {
    Scenario s = with_closing_block(2);
    s.certificate(kFinalize, 1, "c");
    EXPECT_THAT(s.work(), ::testing::IsEmpty());
    EXPECT_THAT(s.fires(TimerKind::view), ::testing::ElementsAre("no such timer"));
    EXPECT_THAT(s.fires(TimerKind::empty_block), ::testing::ElementsAre("no such timer"));
    s.block("d", 3, {.parent = "c"});
    EXPECT_THAT(s.proposal("d"), ::testing::IsEmpty());
    EXPECT_THAT(s.certificate(kNotarize, 2, "c"), ::testing::IsEmpty());
    EXPECT_FALSE(s.timer_runs(TimerKind::retry));
}

TEST(EpochsEnd, is_told_once) {
    Scenario s = with_closing_block();
    s.certificate(kFinalize, 1, "c");
    EXPECT_THAT(s.certificate(kFinalize, 4, "c"), has_no("final"));
}

TEST(EpochsEnd, is_told_to_everybody_who_still_speaks) {
    Scenario s = with_closing_block();
    s.certificate(kFinalize, 1, "c");
    EXPECT_THAT(s.vote(3, kNullify, 2), ::testing::ElementsAre("certificate finalize 1 c to 3"));
    EXPECT_THAT(s.asked(2, 1), ::testing::ElementsAre("certificate finalize 1 c to 1"));
    EXPECT_THAT(s.asked(77, 1), ::testing::ElementsAre("certificate finalize 1 c to 1"));
    EXPECT_THAT(s.tell(PeerConnected{2}), ::testing::ElementsAre("certificate finalize 1 c to 2"));
    EXPECT_THAT(s.asked(2, 99), ::testing::IsEmpty());
}

TEST(EpochsEnd, may_come_by_synchronisation) {
    Scenario s;
    s.start();
    s.block("c", 1, {.closing = true});
    s.tell(SyncedToFinal{s.ref("c"), s.quorum(kFinalize, 6, "c")});
    EXPECT_TRUE(s.status().ended);
    EXPECT_THAT(s.vote(3, kNullify, 2), ::testing::ElementsAre("certificate finalize 6 c to 3"));
}

TEST(EpochsEnd, only_a_closing_block_can_be_final_by_a_later_view) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.tell(SyncedToFinal{s.ref("a"), s.quorum(kFinalize, 6, "a")});
    EXPECT_EQ(s.status().final_block, s.ref("root"));
}

TEST(EpochsEnd, survives_a_crash_at_any_point) {
    // Notarized, own finalize vote on disk, and the lights go out: the block is executed again and so known to close.
    Scenario s = with_closing_block(2);
    EXPECT_THAT(s.restart(), has("check c"));
    EXPECT_THAT(s.executed("c"), has_no("persist vote"));
    EXPECT_THAT(s.work(), has_no("build"));
    EXPECT_THAT(s.fires(TimerKind::empty_block), has("vote notarize 2 c"));
    EXPECT_THAT(s.restart(), ::testing::AllOf(has("vote finalize 1 c"), has("check c")));
    s.executed("c");
    EXPECT_THAT(s.fires(TimerKind::empty_block), has_no("notarize 2"));
    // Final, on disk, and again.
    s.certificate(kFinalize, 2, "c");
    s.forget_final();
    EXPECT_THAT(s.restart(), has("check c"));
    EXPECT_THAT(s.executed("c"), has("final c"));
    EXPECT_TRUE(s.status().ended);
}

TEST(EpochsEnd, is_asked_for_by_who_hears_a_later_epoch) {
    Scenario s;
    s.start();
    const Vote later = s.signers().vote({kNullify, Epoch{1}, View{1}, {}}, 3);
    EXPECT_THAT(s.tell(VoteArrived{later, 3}), ::testing::ElementsAre("ask 1 of all", "timer retry 500"));
    EXPECT_THAT(s.tell(VoteArrived{later, 3}), ::testing::IsEmpty());
    EXPECT_THAT(s.fires(TimerKind::retry), has("ask 1 of all"));
    Scenario t;
    t.start();
    EXPECT_THAT(t.tell(CertificateArrived{t.signers().certificate({kNullify, Epoch{1}, View{1}, {}}, {1, 2, 3}), 3}),
                has("ask 1 of all"));
    Scenario u;
    u.start();
    u.block("a", 1, {.epoch = Epoch{1}});
    EXPECT_THAT(u.proposal("a"), has("ask 1 of all"));
}

class NewEpoch : public ::testing::Test {
protected:
    NewEpoch() { s_.start(); }
    /// In epoch 1 the leaders of views 1, 2, 3 are 2, 3, 0.
    Scenario s_{4, 1, kTiming, Epoch{1}};

    [[nodiscard]] bool is_taken(const std::optional<Certificate>& root_finality) {
        s_.block("a", 1);
        const Lines said = s_.proposal("a", root_finality);
        return std::ranges::any_of(said, [](const std::string& line) { return line != "blame 2"; });
    }
};

TEST_F(NewEpoch, begins_at_view_one_with_the_closing_block_as_root) {
    EXPECT_EQ(s_.status().view, View{1});
    EXPECT_EQ(s_.status().leader, 2U);
    EXPECT_EQ(s_.status().final_block, s_.ref("root"));
    s_.block("a", 1);
    EXPECT_THAT(s_.accepted_proposal("a"), has("vote notarize 1 a"));
    EXPECT_THAT(s_.certificate(kNotarize, 1, "a"), has("vote finalize 1 a"));
    EXPECT_THAT(s_.certificate(kFinalize, 1, "a"), has("final a"));
}

TEST_F(NewEpoch, its_first_block_may_carry_any_finality_of_the_closing_block) {
    EXPECT_TRUE(is_taken(s_.root_finality({2, 3, 4, 5, 6}, 13)));
}

TEST_F(NewEpoch, its_first_block_carries_a_finality_of_the_closing_block) {
    EXPECT_FALSE(is_taken(std::nullopt));
    EXPECT_FALSE(is_taken(s_.root_finality({0, 1, 2, 3})));
    EXPECT_FALSE(is_taken(s_.signers().certificate({kNotarize, Epoch{1}, View{1}, s_.ref("root").id}, {1, 2, 3})));
}

TEST_F(NewEpoch, no_certificate_of_another_kind_epoch_or_block_opens_it) {
    const Digest root = s_.ref("root").id;
    const Digest other = testing::digest_of_text("other");
    for (const VoteTarget& target :
         {VoteTarget{kNotarize, Epoch{0}, View{9}, root}, VoteTarget{kFinalize, Epoch{1}, View{9}, root},
          VoteTarget{kFinalize, Epoch{0}, View{9}, other}}) {
        EXPECT_FALSE(is_taken(s_.signers_before().certificate(target, {0, 1, 2, 3, 4})));
    }
}

TEST_F(NewEpoch, the_new_set_cannot_open_it_by_itself) {
    EXPECT_FALSE(is_taken(s_.signers().certificate({kFinalize, Epoch{0}, View{9}, s_.ref("root").id}, {0, 1, 2})));
}

TEST_F(NewEpoch, the_leader_of_its_first_view_builds_on_the_root_with_its_finality) {
    Scenario s{4, 2, kTiming, Epoch{1}};
    s.start();
    EXPECT_THAT(s.work(), has("build 1 on root"));
    const auto build =
        std::ranges::find_if(s.last_effects(), [](const Effect& e) { return std::holds_alternative<BuildBlock>(e); });
    EXPECT_EQ(std::get<BuildBlock>(*build).parent_certificate, s.root_finality({0, 1, 2, 3, 4}));
    EXPECT_EQ(std::get<BuildBlock>(*build).height, Height{41});
}

TEST_F(NewEpoch, votes_and_certificates_of_the_epoch_before_are_nothing) {
    for (ValidatorIndex i = 0; i < 4; ++i) {
        if (i != 1) {
            s_.tell(VoteArrived{s_.signers().vote({kNullify, Epoch{0}, View{1}, {}}, i), i});
        }
    }
    EXPECT_EQ(s_.status().view, View{1});
    EXPECT_EQ(s_.status().pooled_votes, 0U);
    const VoteTarget old{kFinalize, Epoch{0}, View{50}, testing::digest_of_text("other")};
    EXPECT_THAT(s_.tell(CertificateArrived{s_.signers_before().certificate(old, {0, 1, 2, 3, 4}), 2}),
                ::testing::IsEmpty());
    EXPECT_THAT(s_.tell(CertificateArrived{s_.signers().certificate(old, {0, 2, 3}), 2}), ::testing::IsEmpty());
}

TEST_F(NewEpoch, the_journal_of_the_epoch_before_binds_nobody_in_it_and_its_own_does) {
    Scenario s{4, 1, kTiming, Epoch{1}};
    s.block("a", 1);
    s.journal(s.signers().vote({kNullify, Epoch{0}, View{1}, {}}, 1));
    s.journal(s.signers_before().certificate({kNullify, Epoch{0}, View{30}, {}}, {0, 1, 2, 3, 4}));
    s.restart();
    EXPECT_EQ(s.status().view, View{1});
    EXPECT_THAT(s.accepted_proposal("a"), has("vote notarize 1 a"));
    Scenario t{4, 1, kTiming, Epoch{1}};
    t.block("a", 1);
    t.journal(t.signers().vote({kNullify, Epoch{1}, View{1}, {}}, 1));
    EXPECT_THAT(t.restart(), has("vote nullify 1"));
    EXPECT_THAT(t.accepted_proposal("a"), has_no("vote notarize"));
}

TEST(NewEpochDeathTest, does_not_begin_without_the_end_of_the_one_before) {
    const testing::Signers signers{testing::validators(4), testing::digest_of_text("genesis")};
    const testing::KeyedHashChecker checker;
    const Digest root = testing::digest_of_text("root");
    consensus::Setup setup{signers.set(), std::nullopt,      testing::digest_of_text("genesis"),
                           Epoch{1},      {root, Height{4}}, {}};
    EXPECT_DEATH((Core{setup, checker, nullptr}), "another one ended");
    setup.root.closing = Closing{signers.set(), signers.certificate({kNotarize, Epoch{0}, View{1}, root}, {0, 1, 2})};
    EXPECT_DEATH((Core{setup, checker, nullptr}), "the root is what");
}

}  // namespace
}  // namespace probatum::consensus
