#include "scenario.h"

/// Rules C4 to C6: entering views, giving up on a leader, voting to finalize.
namespace probatum::consensus {
namespace {

TEST(Views, a_quorum_of_notarize_votes_opens_the_next) {
    Scenario s;
    s.start();
    s.block("a", 1);
    EXPECT_THAT(s.votes({1, 2}, kNotarize, 1, "a"), has_no("view 2"));
    EXPECT_THAT(s.vote(3, kNotarize, 1, "a"),
                has_in_order({"persist certificate notarize 1 a", "certificate notarize 1 a", "view 2"}));
}

TEST(Views, a_quorum_of_nullify_votes_opens_the_next) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.votes({1, 2}, kNullify, 1), has_no("view 2"));
    EXPECT_THAT(s.vote(3, kNullify, 1),
                has_in_order({"persist certificate nullify 1", "certificate nullify 1", "view 2"}));
}

TEST(Views, a_later_certificate_jumps_ahead) {
    Scenario s;
    s.start();
    s.block("e", 5);
    EXPECT_THAT(s.certificate(kNullify, 4), has("view 5"));
    EXPECT_THAT(s.certificate(kFinalize, 5, "e"), has_in_order({"persist certificate finalize 5 e", "view 6"}));
}

TEST(Views, never_go_back) {
    Scenario s;
    s.start();
    s.certificate(kNullify, 4);
    EXPECT_THAT(s.certificate(kNullify, 2), has_no("view"));
    EXPECT_EQ(s.status().view, View{5});
}

TEST(Nullify, on_time_out) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.work(), has("timer view 1500"));
    EXPECT_THAT(s.fires(TimerKind::view), has_in_order({"persist vote nullify 1", "vote nullify 1"}));
}

TEST(Nullify, only_once) {
    Scenario s;
    s.start();
    s.work();
    s.fires(TimerKind::view);
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
    EXPECT_THAT(s.restart(), has("vote nullify 1"));
    EXPECT_THAT(s.work(), has_no("timer view"));
}

TEST(Nullify, also_after_notarize) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    EXPECT_THAT(s.fires(TimerKind::view), has("vote nullify 1"));
}

TEST(Nullify, not_by_the_timer_of_an_earlier_view) {
    Scenario s;
    s.start();
    s.work();
    const auto old_timer = std::get<SetTimer>(s.last_effects().front()).timer;
    s.certificate(kNullify, 1);
    EXPECT_THAT(s.tell(TimerFired{old_timer}), has_no("vote"));
}

TEST(Finalize, when_the_block_held_and_executed_is_notarized) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    EXPECT_THAT(s.certificate(kNotarize, 1, "a"),
                has_in_order({"persist certificate notarize 1 a", "persist vote finalize 1 a", "vote finalize 1 a"}));
}

TEST(Finalize, not_after_nullify) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.fires(TimerKind::view);
    const Lines lines = s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(lines, has("view 2"));
    EXPECT_THAT(lines, has_no("finalize"));
    s.restart();
    s.arrived("a");
    EXPECT_THAT(s.executed("a"), has_no("finalize"));
}

TEST(Finalize, not_before_the_block_was_executed_here_but_then) {
    Scenario s;
    s.start();
    s.block("a", 1);
    const Lines lines = s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(lines, has("fetch a"));
    EXPECT_THAT(lines, has_no("finalize"));
    EXPECT_THAT(s.arrived("a"), has("check a"));
    EXPECT_THAT(s.executed("a"), has_in_order({"persist vote finalize 1 a", "vote finalize 1 a"}));
}

TEST(Finalize, also_when_the_view_was_left_by_the_nullification_of_others) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    EXPECT_THAT(s.certificate(kNullify, 1), has("view 2"));
    EXPECT_THAT(s.certificate(kNotarize, 1, "a"), has("vote finalize 1 a"));
}

TEST(Finalize, only_once) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    const Lines lines = s.restart();
    EXPECT_THAT(lines, has("vote finalize 1 a"));
    EXPECT_THAT(lines, has_no("persist vote"));
    EXPECT_THAT(s.executed("a"), has_no("finalize"));
}

}  // namespace
}  // namespace probatum::consensus
