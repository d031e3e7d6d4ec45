#include "consensus/view_pace.h"
#include "scenario.h"

/// Rule C21: the time-out adapts within the bounds of the chain.
namespace probatum::consensus {
namespace {

constexpr Timing kTiming{1600, 500, 100, 8, 400, 12'000};

/// A view that is notarized, and at once.
void quick_view(Scenario& s, std::uint64_t view) {
    const std::string name = "b" + std::to_string(view);
    s.block(name, view);
    s.votes({1, 2}, kNotarize, view, name);
    s.vote(3, kNullify, view);
    s.certificate(kNotarize, view, name);
}

void lost_view(Scenario& s, std::uint64_t view) {
    s.votes({1, 2}, kNullify, view);
    s.fires(TimerKind::view);
}

TEST(Pace, when_every_leader_was_quick_the_time_shrinks_by_a_quarter_down_to_the_minimum) {
    Scenario s{4, 0, kTiming};
    s.start();
    for (std::uint64_t view = 1; view <= 3; ++view) {
        quick_view(s, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1600U);
    quick_view(s, 4);
    EXPECT_EQ(s.status().view_timeout_ms, 1200U);
    for (std::uint64_t view = 5; view <= 60; ++view) {
        quick_view(s, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 400U);
}

TEST(Pace, one_slow_leader_in_each_turn_keeps_the_time_as_it_is) {
    Scenario s{4, 0, kTiming};
    s.start();
    for (std::uint64_t view = 1; view <= 40; ++view) {
        if (view % 4 == 1) {
            s.work();
            EXPECT_THAT(s.fires(TimerKind::pace), has_no("no such timer"));
        }
        quick_view(s, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1600U);
}

TEST(Pace, more_than_f_views_in_a_row_that_ran_out_double_the_time_up_to_the_maximum) {
    Scenario s{4, 0, kTiming};
    s.start();
    lost_view(s, 1);
    EXPECT_EQ(s.status().view_timeout_ms, 1600U);
    lost_view(s, 2);
    EXPECT_EQ(s.status().view_timeout_ms, 3200U);
    EXPECT_THAT(s.work(), ::testing::IsSupersetOf({"timer view 3200", "timer pace 801"}));
    for (std::uint64_t view = 3; view <= 9; ++view) {
        lost_view(s, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 12'000U);
}

TEST(Pace, what_it_grew_to_is_halved_by_more_than_f_quick_views_in_a_row_down_to_the_start) {
    Scenario s{4, 0, kTiming};
    s.start();
    for (std::uint64_t view = 1; view <= 4; ++view) {
        lost_view(s, view);
    }
    ASSERT_EQ(s.status().view_timeout_ms, 12'000U);
    quick_view(s, 5);
    EXPECT_EQ(s.status().view_timeout_ms, 12'000U);
    quick_view(s, 6);
    EXPECT_EQ(s.status().view_timeout_ms, 6'000U);
    lost_view(s, 7);
    quick_view(s, 8);
    EXPECT_EQ(s.status().view_timeout_ms, 6'000U) << "not in a row";
    for (std::uint64_t view = 9; view <= 11; ++view) {
        quick_view(s, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1'600U) << "not below the start";
    for (std::uint64_t view = 12; view <= 14; ++view) {
        quick_view(s, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1'600U) << "from there on a whole turn";
    quick_view(s, 15);
    EXPECT_EQ(s.status().view_timeout_ms, 1'200U);
}

TEST(Pace, at_most_f_liars_cannot_make_it_grow) {
    Scenario s{4, 0, {1600, 500, 100, 8, 1600, 12'000}};
    s.start();
    for (std::uint64_t view = 1; view <= 40; ++view) {
        if (view % 4 == 1) {
            lost_view(s, view);
        } else {
            quick_view(s, view);
        }
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1600U);
}

TEST(Pace, views_that_ended_without_their_time_running_out_count_for_nothing) {
    Scenario s{4, 0, kTiming};
    s.start();
    for (std::uint64_t view = 1; view <= 20; ++view) {
        s.vote(3, kNullify, view);
        s.certificate(kNullify, view);
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1600U);
}

TEST(Pace, a_view_that_was_given_no_time_was_not_quick) {
    Scenario s{4, 0, {1600, 500, 100, 2, 400, 12'000}};
    s.start();
    for (std::uint64_t view = 1; view <= 40; ++view) {
        s.tell(PeerDisconnected{leader_of(Epoch{0}, View{view}, 4)});
        s.work();
        const std::string name = "b" + std::to_string(view);
        s.block(name, view);
        s.certificate(kNotarize, view, name);
        s.tell(PeerConnected{leader_of(Epoch{0}, View{view}, 4)});
    }
    EXPECT_EQ(s.status().view_timeout_ms, 1600U);
}

TEST(Pace, nothing_is_measured_where_nothing_could_shrink) {
    Scenario s;
    s.start();
    s.work();
    EXPECT_FALSE(s.timer_runs(TimerKind::pace));
}

TEST(ViewPace, never_leaves_its_bounds) {
    ViewPace pace{{0xFFFF'FFF0U, 7, 0xFFFF'FFFFU, 4, 1}};
    for (int i = 0; i < 10; ++i) {
        pace.ran_out();
    }
    EXPECT_EQ(pace.timeout_ms(), 0xFFFF'FFFFU);
    for (int i = 0; i < 1000; ++i) {
        pace.notarized(true);
    }
    EXPECT_EQ(pace.timeout_ms(), 7U);
}

}  // namespace
}  // namespace probatum::consensus
