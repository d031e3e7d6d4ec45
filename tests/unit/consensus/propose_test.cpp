#include "scenario.h"

/// Rules C1 and C15: who proposes, when, and on what.
namespace probatum::consensus {
namespace {

TEST(Schedule, members_lead_in_turn_and_the_epoch_shifts_the_start) {
    EXPECT_EQ(leader_of(Epoch{0}, View{1}, 4), 1U);
    EXPECT_EQ(leader_of(Epoch{0}, View{4}, 4), 0U);
    EXPECT_EQ(leader_of(Epoch{3}, View{2}, 4), 1U);
    EXPECT_EQ(leader_of(Epoch{~0ULL}, View{~0ULL}, 7), leader_of(Epoch{~0ULL % 7}, View{~0ULL % 7}, 7));
}

TEST(Propose, at_once_when_work_comes) {
    Scenario s{4, 1};
    s.start();
    EXPECT_THAT(s.work(), has("build 1 on root"));
}

TEST(Propose, at_once_when_the_view_comes) {
    Scenario s{4, 2};
    s.start();
    s.work();
    EXPECT_THAT(s.certificate(kNullify, 1), has_in_order({"view 2", "build 2 on root"}));
}

TEST(Propose, never_in_anothers_view) {
    Scenario s{4, 0};
    s.start();
    EXPECT_THAT(s.work(), has_no("build"));
    s.block("a", 1, {.proposer = 0});
    EXPECT_THAT(s.built("a"), ::testing::IsEmpty());
}

TEST(Propose, one_block_per_view) {
    Scenario s{4, 1};
    s.start();
    s.block("a", 1).block("b", 1);
    s.work();
    EXPECT_THAT(s.work(), has_no("build"));
    s.built("a");
    EXPECT_THAT(s.work(), has_no("build"));
    EXPECT_THAT(s.built("b"), ::testing::IsEmpty());
}

TEST(Propose, not_a_block_that_was_not_asked_for) {
    Scenario s{4, 1};
    s.start();
    s.block("a", 1);
    EXPECT_THAT(s.built("a"), ::testing::IsEmpty());
}

TEST(Propose, not_a_block_that_came_too_late) {
    Scenario s{4, 1};
    s.start();
    s.block("a", 1);
    s.work();
    s.fires(TimerKind::view);
    EXPECT_THAT(s.built("a"), has_no("proposal"));
}

TEST(Propose, asks_again_after_a_declined_build_when_new_work_comes) {
    Scenario s{4, 1};
    s.start();
    s.work();
    EXPECT_THAT(s.tell(BuildDeclined{View{1}}), has_no("build"));
    EXPECT_FALSE(s.timer_runs(TimerKind::view));
    EXPECT_THAT(s.work(), has("build 1 on root"));
}

TEST(Propose, work_that_came_while_the_node_was_looking_is_not_lost) {
    Scenario s{4, 1};
    s.start();
    s.work();
    s.work();
    EXPECT_THAT(s.tell(BuildDeclined{View{1}}), has("build 1 on root"));
}

TEST(Propose, on_the_highest_notarized_block) {
    Scenario s{4, 3};
    s.start();
    s.block("a", 1);
    s.work();
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(s.certificate(kNullify, 2), has("build 3 on a"));
    const auto& build = std::get<BuildBlock>(*std::ranges::find_if(
        s.last_effects(), [](const Effect& effect) { return std::holds_alternative<BuildBlock>(effect); }));
    EXPECT_EQ(build.parent_view, View{1});
    EXPECT_EQ(build.height, Height{2});
    EXPECT_EQ(build.parent_certificate, s.quorum(kNotarize, 1, "a"));
}

TEST(Propose, not_before_the_parent_is_executed_here) {
    Scenario s{4, 2};
    s.start();
    s.block("a", 1);
    s.work();
    EXPECT_THAT(s.certificate(kNotarize, 1, "a"), has_no("build"));
    s.arrived("a");
    EXPECT_THAT(s.executed("a"), has("build 2 on a"));
}

TEST(Propose, asks_everybody_for_views_that_it_jumped_over) {
    Scenario s{4, 3};
    s.start();
    s.work();
    const Lines lines = s.certificate(kNullify, 2);
    EXPECT_THAT(lines, has("ask 1 of all"));
    EXPECT_THAT(lines, has_no("build"));
    EXPECT_THAT(s.certificate(kNullify, 1), has("build 3 on root"));
}

TEST(Propose, needs_the_notarization_of_its_parent_even_if_it_is_final) {
    Scenario s{4, 2};
    s.start();
    s.block("a", 1);
    s.work();
    s.accepted_proposal("a");
    const Lines lines = s.certificate(kFinalize, 1, "a");
    EXPECT_THAT(lines, has("ask 1 of all"));
    EXPECT_THAT(lines, has_no("build"));
    EXPECT_THAT(s.certificate(kNotarize, 1, "a"), has("build 2 on a"));
}

TEST(Propose, an_empty_block_after_a_pause_while_content_is_not_final) {
    Scenario s{4, 2};
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    const Lines lines = s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(lines, has("timer empty block 100"));
    EXPECT_THAT(lines, has_no("build"));
    EXPECT_THAT(s.fires(TimerKind::empty_block), has("build 2 on a may be empty"));
    s.block("b", 2, {.parent = "a", .content = false});
    EXPECT_THAT(s.built("b"), has("proposal b"));
}

/// A liar that votes in every view keeps an idle chain awake; views without a final block must not pile up for ever.
TEST(Propose, an_empty_block_when_nothing_was_final_for_long) {
    const auto wakes = [](std::uint64_t nullified) {
        Scenario s;
        s.start();
        for (std::uint64_t view = 1; view <= nullified; ++view) {
            s.certificate(kNullify, view);
        }
        s.vote(2, kNullify, nullified + 1);
        return s.timer_runs(TimerKind::empty_block);
    };
    EXPECT_FALSE(wakes(63)) << "its own view 64, with little behind it";
    EXPECT_TRUE(wakes(67)) << "its own view 68, with more than 64 views behind it";
}

TEST(Propose, no_empty_block_once_all_content_is_final) {
    Scenario s{4, 2};
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    EXPECT_THAT(s.certificate(kFinalize, 1, "a"), has("cancel empty block"));
}

TEST(Propose, a_nullified_block_halves_the_next_and_a_notarized_one_lifts_it) {
    const auto halvings = [](const Scenario& s) {
        for (const Effect& effect : s.last_effects()) {
            if (const auto* build = std::get_if<BuildBlock>(&effect)) {
                return build->halvings;
            }
        }
        return 99U;
    };
    Scenario s{4, 1};
    s.start();
    s.block("a", 1).block("b", 5).block("c", 9, {.parent = "b"});
    s.work();
    EXPECT_EQ(halvings(s), 0U);
    s.built("a");
    for (const std::uint64_t view : {1, 2, 3, 4}) {
        s.certificate(kNullify, view);
    }
    EXPECT_EQ(halvings(s), 1U);
    s.built("b");
    s.certificate(kNotarize, 5, "b");
    for (const std::uint64_t view : {6, 7, 8}) {
        s.certificate(kNullify, view);
    }
    EXPECT_EQ(halvings(s), 0U);
}

TEST(Propose, a_single_validator_makes_its_block_final_in_one_step) {
    Scenario s{1, 0};
    s.start();
    s.block("a", 1);
    EXPECT_THAT(s.work(), has("build 1 on root"));
    EXPECT_THAT(s.built("a"), has_in_order({"persist vote notarize 1 a", "persist certificate notarize 1 a",
                                            "persist vote finalize 1 a", "persist certificate finalize 1 a",
                                            "proposal a", "view 2", "final a", "build 2 on a"}));
}

}  // namespace
}  // namespace probatum::consensus
