#include "scenario.h"

/// Rules C11 and C12: journal before wire, and coming back. (Scenario fails by itself when a vote leaves undurable.)
namespace probatum::consensus {
namespace {

TEST(Restart, in_the_view_that_the_certificates_allow) {
    Scenario s;
    s.start();
    s.certificate(kNullify, 1);
    s.certificate(kNullify, 2);
    EXPECT_THAT(s.restart(), has("view 3"));
}

TEST(Restart, re_sends_own_votes_and_the_certificates_and_makes_no_new_vote) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    s.accepted_proposal("b");
    s.fires(TimerKind::view);
    const Lines lines = s.restart();
    EXPECT_THAT(lines, has_in_order({"view 2", "vote finalize 1 a", "vote notarize 2 b", "vote nullify 2"}));
    EXPECT_THAT(lines, has("certificate notarize 1 a"));
    EXPECT_THAT(lines, has_no("persist"));
}

TEST(Restart, executes_again_what_is_not_final) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    s.accepted_proposal("a");
    s.accepted_proposal("b");
    s.certificate(kNotarize, 2, "b");
    EXPECT_THAT(s.restart(), has("check a"));
    EXPECT_THAT(s.executed("a"), has("check b"));
    EXPECT_THAT(s.executed("b"), has_no("persist vote"));
}

TEST(Restart, tells_a_finality_that_was_not_told) {
    Scenario s;
    s.start();
    s.block("a", 1);
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    const Lines lines = s.votes({2, 3}, kFinalize, 1, "a");
    ASSERT_THAT(lines, has_in_order({"persist certificate finalize 1 a", "final a"}));
    Scenario t;
    t.start();
    t.block("a", 1);
    t.accepted_proposal("a");
    t.certificate(kNotarize, 1, "a");
    t.vote(2, kFinalize, 1, "a");
    t.certificate(kFinalize, 1, "a");
    EXPECT_EQ(t.status().final_block, t.ref("a"));
    t.forget_final();
    EXPECT_THAT(t.restart(), has("check a"));
    EXPECT_THAT(t.executed("a"), has("final a"));
}

TEST(Restart, a_leader_proposes_the_block_of_its_vote_again_and_no_other) {
    Scenario s{4, 1};
    s.start();
    s.block("a", 1).block("b", 1);
    EXPECT_THAT(s.work(), has("build 1 on root"));
    EXPECT_THAT(s.built("a"), has_in_order({"persist vote notarize 1 a", "proposal a"}));
    EXPECT_THAT(s.restart(), has("proposal a"));
    EXPECT_THAT(s.work(), has_no("build"));
    EXPECT_THAT(s.built("b"), has_no("proposal b"));
}

TEST(Restart, a_vote_that_was_not_yet_on_disk_was_never_made) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 1);
    s.accepted_proposal("a");
    s.restart_after(0);
    EXPECT_THAT(s.accepted_proposal("b"), has("vote notarize 1 b"));
}

TEST(Restart, a_single_validator_completes_the_certificate_that_the_crash_kept_from_it) {
    Scenario s{1, 0};
    s.start();
    s.block("a", 1);
    s.work();
    s.built("a");
    const Lines lines = s.restart_after(1);
    EXPECT_THAT(lines, has_in_order({"persist certificate notarize 1 a", "view 2", "check a"}));
    EXPECT_THAT(s.executed("a"), has_in_order({"persist vote finalize 1 a", "final a"}));
}

TEST(Restart, keeps_the_flags_of_views_above_the_last_final_block) {
    Scenario s;
    s.start();
    s.block("a", 1).block("b", 2, {.parent = "a"});
    s.accepted_proposal("a");
    s.certificate(kNotarize, 1, "a");
    s.work();
    s.fires(TimerKind::view);
    s.certificate(kNullify, 2);
    s.certificate(kFinalize, 1, "a");
    s.restart();
    s.certificate(kNotarize, 2, "b");
    s.arrived("b");
    EXPECT_THAT(s.executed("b"), has_no("finalize 2"));
}

TEST(Journal, the_certificate_that_opens_a_view_is_on_disk_first) {
    Scenario s{4, 2};
    s.start();
    s.work();
    const Lines lines = s.certificate(kNullify, 1);
    EXPECT_THAT(lines, has_in_order({"persist certificate nullify 1", "view 2", "build 2 on root"}));
    EXPECT_EQ(lines.front(), "persist certificate nullify 1");
}

TEST(Journal, one_sync_serves_a_step) {
    Scenario s{1, 0};
    s.start();
    s.block("a", 1);
    s.work();
    const Lines lines = s.built("a");
    const auto is_written = [](const std::string& line) { return line.starts_with("persist"); };
    EXPECT_EQ(std::ranges::count_if(lines, is_written), 4);
    EXPECT_TRUE(std::ranges::is_partitioned(lines, is_written));
}

TEST(Journal, a_leaders_vote_is_on_disk_before_its_block_leaves) {
    Scenario s{4, 1};
    s.start();
    s.block("a", 1);
    s.work();
    EXPECT_THAT(s.built("a"), has_in_order({"persist vote notarize 1 a", "proposal a"}));
}

}  // namespace
}  // namespace probatum::consensus
