#include "scenario.h"

/// Rules C13 and C14: quiet when idle, never stuck; silent leaders.
namespace probatum::consensus {
namespace {

TEST(Quiet, nothing_runs_and_nothing_is_sent_when_there_is_nothing_to_order) {
    Scenario s;
    EXPECT_THAT(s.start(), ::testing::ElementsAre("view 1"));
}

TEST(Quiet, work_starts_the_timers_and_its_end_stops_them) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.work(), ::testing::ElementsAre("timer view 1500", "timer retry 500"));
    EXPECT_THAT(s.work(), ::testing::IsEmpty());
    EXPECT_THAT(s.work(false), ::testing::ElementsAre("cancel view", "cancel retry"));
}

TEST(Quiet, a_vote_of_this_view_starts_the_timers) {
    Scenario s;
    s.start();
    EXPECT_THAT(s.vote(2, kNullify, 1), has("timer view 1500"));
}

TEST(Quiet, a_vote_of_an_earlier_view_does_not) {
    Scenario s;
    s.start();
    s.certificate(kNullify, 1);
    EXPECT_THAT(s.vote(2, kNullify, 1), ::testing::IsEmpty());
}

TEST(Quiet, content_that_is_not_final_keeps_the_timers_and_finality_stops_them) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    EXPECT_TRUE(s.timer_runs(TimerKind::view));
    EXPECT_THAT(s.certificate(kFinalize, 1, "a"), has_in_order({"final a", "cancel view", "cancel retry"}));
}

TEST(Quiet, an_empty_block_that_is_not_final_keeps_nobody_awake) {
    Scenario s;
    s.start();
    s.block("a", 1, {.content = false});
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
}

TEST(Quiet, a_notarized_block_that_is_not_here_may_have_content) {
    Scenario s;
    s.start();
    s.block("a", 1, {.content = false});
    s.certificate(kNotarize, 1, "a");
    EXPECT_TRUE(s.timer_runs(TimerKind::view));
    s.arrived("a");
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
}

TEST(Quiet, each_view_has_its_own_full_time) {
    Scenario s;
    s.start();
    s.work();
    EXPECT_THAT(s.certificate(kNullify, 1), has("timer view 1500"));
}

TEST(Quiet, a_far_liar_does_not_start_the_view_timer) {
    Scenario s;
    s.start();
    s.vote(3, kNullify, 1'000'000);
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
}

class SilentLeader : public ::testing::Test {
protected:
    static constexpr Timing kTiming{1500, 500, 100, 2};
    /// Views 1..3 pass by nullification; the given members are heard in each.
    static void pass_views(Scenario& s, const Members& heard, std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t view = first; view <= last; ++view) {
            s.votes(heard, kNullify, view);
            s.certificate(kNullify, view);
        }
    }
};

TEST_F(SilentLeader, gets_no_time_when_there_is_something_to_order) {
    Scenario s{4, 0, kTiming};
    s.start();
    pass_views(s, {2, 3}, 1, 4);
    ASSERT_EQ(s.status().view, View{5});  // Led by 1, from whom nothing was heard.
    EXPECT_THAT(s.status().silent, ::testing::ElementsAre(1));
    EXPECT_THAT(s.work(), has_in_order({"persist vote nullify 5", "vote nullify 5"}));
}

TEST_F(SilentLeader, is_left_in_peace_when_there_is_nothing_to_order) {
    Scenario s{4, 0, kTiming};
    s.start();
    pass_views(s, {2, 3}, 1, 4);
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
    EXPECT_THAT(s.work(false), ::testing::IsEmpty());
}

TEST_F(SilentLeader, is_a_leader_again_after_any_vote) {
    Scenario s{4, 0, kTiming};
    s.start();
    pass_views(s, {2, 3}, 1, 4);
    s.vote(1, kNullify, 4);
    EXPECT_THAT(s.status().silent, ::testing::IsEmpty());
    EXPECT_THAT(s.work(), has("timer view 1500"));
}

TEST_F(SilentLeader, a_proposal_that_is_here_gets_its_time) {
    Scenario s{4, 0, kTiming};
    s.start();
    pass_views(s, {2, 3}, 1, 3);
    s.block("a", 5);
    s.proposal("a");
    EXPECT_THAT(s.certificate(kNullify, 4), has_no("vote nullify 5"));
}

TEST_F(SilentLeader, at_most_f_at_once) {
    Scenario s{4, 0, kTiming};
    s.start();
    pass_views(s, {3}, 1, 4);
    EXPECT_THAT(s.status().silent, ::testing::SizeIs(1));
    Scenario t{3, 0, kTiming};
    t.start();
    pass_views(t, {}, 1, 6);
    EXPECT_THAT(t.status().silent, ::testing::IsEmpty());
}

TEST_F(SilentLeader, views_that_were_jumped_over_count_for_nobody) {
    Scenario s{4, 0, kTiming};
    s.start();
    s.certificate(kNullify, 50);
    s.certificate(kNullify, 60);
    EXPECT_THAT(s.status().silent, ::testing::IsEmpty());
}

TEST_F(SilentLeader, gets_no_time_after_its_time_ran_out_once_and_nothing_was_heard) {
    Scenario s;
    s.start();
    s.work();
    s.fires(TimerKind::view);
    EXPECT_THAT(s.status().silent, ::testing::ElementsAre(1));
    s.certificate(kNullify, 1);
    for (std::uint64_t view = 2; view <= 4; ++view) {
        s.certificate(kNullify, view);
    }
    EXPECT_THAT(s.work(), ::testing::IsEmpty());
    EXPECT_THAT(s.status().view, View{5});
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
}

TEST_F(SilentLeader, is_not_who_was_late_but_votes) {
    Scenario s;
    s.start();
    s.work();
    s.vote(1, kNullify, 1);
    s.fires(TimerKind::view);
    EXPECT_THAT(s.status().silent, ::testing::IsEmpty());
}

TEST_F(SilentLeader, gets_no_time_when_its_connection_broke_until_it_is_back) {
    Scenario s;
    s.start();
    s.tell(PeerDisconnected{1});
    EXPECT_THAT(s.work(), has("vote nullify 1"));
    Scenario t;
    t.start();
    t.tell(PeerDisconnected{1});
    t.tell(PeerConnected{1});
    EXPECT_THAT(t.work(), has("timer view 1500"));
    Scenario u;
    u.start();
    u.tell(PeerDisconnected{1});
    u.vote(1, kNullify, 1);
    EXPECT_THAT(u.status().silent, ::testing::IsEmpty());
}

TEST_F(SilentLeader, at_most_f_whose_connection_broke) {
    Scenario s;
    s.start();
    for (const ValidatorIndex peer : {0U, 1U, 2U, 3U, 99U}) {
        s.tell(PeerDisconnected{peer});
    }
    EXPECT_THAT(s.status().silent, ::testing::SizeIs(1));
}

TEST_F(SilentLeader, never_oneself) {
    Scenario s{4, 0, kTiming};
    s.start();
    pass_views(s, {1, 2, 3}, 1, 7);
    EXPECT_EQ(s.status().leader, 0U);
    EXPECT_THAT(s.status().silent, ::testing::IsEmpty());
}

}  // namespace
}  // namespace probatum::consensus
