#include "scenario.h"

/// Rules C16, C17 and C20: sending again, asking, answering, observing.
namespace probatum::consensus {
namespace {

TEST(Spreading, each_certificate_is_broadcast_once) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.certificate(kNullify, 1, {}, 1), has("certificate nullify 1"));
    EXPECT_THAT(s.certificate(kNullify, 1, {}, 2), ::testing::IsEmpty());
    EXPECT_THAT(s.votes({1, 2, 3}, kNullify, 1), has_no("certificate nullify 1"));
}

TEST(Spreading, while_a_view_lasts_votes_and_certificates_are_sent_again) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"}).block("c", 3, {.parent = "b"});
    s.accepted_proposal("a");
    s.certificate(kFinalize, 1, "a");
    s.accepted_proposal("b");
    s.certificate(kNotarize, 2, "b");
    s.accepted_proposal("c");
    s.fires(TimerKind::view);
    const Lines lines = s.fires(TimerKind::retry);
    EXPECT_THAT(lines,
                ::testing::ElementsAre("vote finalize 2 b", "vote notarize 3 c", "vote nullify 3",
                                       "certificate notarize 2 b", "certificate finalize 1 a", "timer retry 500"));
}

TEST(Spreading, a_leader_sends_its_block_again_until_it_is_notarized) {
    Scenario s{4, 1};
    s.start();
    s.block("a", 1);
    s.work();
    s.built("a");
    EXPECT_THAT(s.fires(TimerKind::retry), has("proposal a"));
    s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(s.fires(TimerKind::retry), has_no("proposal a"));
}

TEST(Spreading, asked_about_a_closed_view_answers_with_what_closed_it_and_what_opened_its_own) {
    Scenario s;
    s.start();
    s.certificate(kNullify, 1);
    s.certificate(kNullify, 2);
    s.certificate(kNullify, 3);
    EXPECT_THAT(s.asked(1, 2), ::testing::ElementsAre("certificate nullify 1 to 2", "certificate nullify 3 to 2"));
    EXPECT_THAT(s.asked(3, 2), ::testing::ElementsAre("certificate nullify 3 to 2"));
    EXPECT_THAT(s.asked(4, 2), ::testing::IsEmpty());
    EXPECT_THAT(s.asked(~0ULL, 2), ::testing::IsEmpty());
}

TEST(Spreading, asked_about_a_view_that_has_both_certificates_answers_with_both) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.certificate(kNullify, 1);
    s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(s.asked(1, 3), ::testing::ElementsAre("certificate notarize 1 a to 3", "certificate nullify 1 to 3"));
}

TEST(Spreading, asked_about_a_view_below_finality_answers_with_finality) {
    Scenario s;
    s.start();
    s.block("b", 2);
    s.certificate(kNullify, 1);
    s.accepted_proposal("b");
    s.certificate(kNotarize, 2, "b");
    s.certificate(kFinalize, 2, "b");
    s.certificate(kNullify, 3);
    EXPECT_THAT(s.asked(1, 2), ::testing::ElementsAre("certificate finalize 2 b to 2", "certificate notarize 2 b to 2",
                                                      "certificate nullify 3 to 2"));
}

TEST(Spreading, a_peer_that_connects_is_told_where_we_stand) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.tell(PeerConnected{2}), ::testing::IsEmpty());
    s.certificate(kNullify, 1);
    EXPECT_THAT(s.tell(PeerConnected{2}), has("certificate nullify 1 to 2"));
}

TEST(Spreading, who_repeats_a_vote_of_an_old_view_is_helped) {
    Scenario s;
    s.start();
    s.certificate(kNullify, 1);
    EXPECT_THAT(s.vote(2, kNullify, 1), ::testing::IsEmpty());
    EXPECT_THAT(s.vote(2, kNullify, 1), has("certificate nullify 1 to 2"));
}

TEST(Spreading, who_repeats_the_certificate_that_opened_an_old_view_is_helped) {
    Scenario s;
    s.start();
    s.certificate(kNullify, 1);
    s.certificate(kNullify, 2);
    EXPECT_THAT(s.certificate(kNullify, 1, {}, 3), ::testing::IsEmpty());
    EXPECT_THAT(s.certificate(kNullify, 1, {}, 3), has("certificate nullify 2 to 3"));
    EXPECT_THAT(s.certificate(kNullify, 2, {}, 3), ::testing::IsEmpty());
}

TEST(Spreading, votes_of_much_later_views_make_it_ask) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.vote(2, kNullify, 3), has("ask 1 of 2"));
    EXPECT_THAT(s.vote(2, kNullify, 4), has_no("ask"));
    EXPECT_THAT(s.fires(TimerKind::retry), has("ask 1 of 2"));
    s.certificate(kNullify, 4);
    EXPECT_FALSE(s.timer_runs(TimerKind::retry));
}

TEST(Spreading, votes_of_the_next_view_make_it_ask_if_the_certificate_does_not_come) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.vote(2, kNullify, 2), has_no("ask"));
    EXPECT_THAT(s.fires(TimerKind::retry), has("ask 1 of 2"));
}

TEST(Spreading, missing_blocks_are_asked_for_again_and_come_from_the_signers) {
    Scenario s;
    s.start();
    s.block("a", 1);
    ASSERT_THAT(s.certificate(kNotarize, 1, "a"), has("fetch a"));
    const auto fetch =
        std::ranges::find_if(s.last_effects(), [](const Effect& e) { return std::holds_alternative<FetchBlock>(e); });
    EXPECT_THAT(std::get<FetchBlock>(*fetch).from, ::testing::ElementsAre(1, 2, 3));
    EXPECT_THAT(s.fires(TimerKind::retry), has("fetch a"));
    s.arrived("a");
    EXPECT_THAT(s.fires(TimerKind::retry), has_no("fetch a"));
}

TEST(Spreading, a_block_that_nobody_asked_for_is_not_taken) {
    Scenario s;
    s.start();
    s.block("a", 1);
    EXPECT_THAT(s.arrived("a"), ::testing::IsEmpty());
    EXPECT_EQ(s.status().known_blocks, 0U);
}

TEST(Spreading, missing_nullifications_are_asked_for_again_from_everybody) {
    Scenario s;
    s.start();
    s.block("c", 3);
    s.certificate(kNullify, 2);
    s.accepted_proposal("c");
    EXPECT_THAT(s.fires(TimerKind::retry), has("ask 1 of all"));
}

TEST(Observer, follows_and_never_speaks) {
    Scenario s{4, std::nullopt};
    s.start();
    s.block("a", 1);
    EXPECT_THAT(s.work(), has_no("build"));
    EXPECT_THAT(s.accepted_proposal("a"), ::testing::ElementsAre("check a"));
    EXPECT_THAT(s.votes({1, 2, 3}, kNotarize, 1, "a"), has_no("vote"));
    const Lines lines = s.votes({1, 2, 3}, kFinalize, 1, "a");
    EXPECT_THAT(lines, has("final a"));
    EXPECT_THAT(lines, ::testing::Not(has("certificate finalize 1 a")));
}

}  // namespace
}  // namespace probatum::consensus
