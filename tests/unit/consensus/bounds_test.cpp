#include "consensus/limits.h"
#include "scenario.h"

/// Rules C19 and C20: hostile input costs bounded memory and never a crash.
namespace probatum::consensus {
namespace {

TEST(Bounds, one_far_vote_per_sender) {
    Scenario s;
    s.start();
    for (std::uint64_t view = 1000; view < 3000; ++view) {
        s.votes({1, 2, 3}, kNullify, view);
    }
    EXPECT_EQ(s.status().pooled_votes, 3U);
}

TEST(Bounds, near_votes_fill_a_window_and_no_more) {
    Scenario s;
    s.start();
    s.block("a", 1);
    for (std::uint64_t view = 1; view < 2000; ++view) {
        s.vote(3, kNullify, view);
        s.vote(3, kFinalize, view, "a");
        s.vote(3, kNotarize, view, "a");
    }
    EXPECT_LE(s.status().pooled_votes, 3 * (kVoteViewsAhead + 1) + 1);
}

TEST(Bounds, a_far_vote_counts_when_its_view_comes_near) {
    Scenario s;
    s.start();
    s.votes({1, 2}, kNullify, 100);
    s.certificate(kNullify, 99);
    EXPECT_THAT(s.vote(3, kNullify, 100), has("view 101"));
}

TEST(Bounds, votes_far_behind_are_let_go) {
    Scenario s;
    s.start();
    s.vote(2, kNullify, 1);
    for (std::uint64_t view = 1; view <= kVoteViewsBehind + 2; ++view) {
        s.certificate(kNullify, view);
    }
    EXPECT_EQ(s.status().pooled_votes, 0U);
}

TEST(Bounds, finality_lets_go_of_what_lies_below) {
    Scenario s;
    s.start();
    s.block("e", 5);
    for (std::uint64_t view = 1; view <= 4; ++view) {
        s.certificate(kNullify, view);
    }
    s.accepted_proposal("e");
    EXPECT_EQ(s.status().held_certificates, 4U);
    s.certificate(kNotarize, 5, "e");
    s.certificate(kFinalize, 5, "e");
    EXPECT_EQ(s.status().held_certificates, 2U);
    EXPECT_EQ(s.status().known_blocks, 0U);
}

TEST(Bounds, one_proposal_per_view_and_a_window_of_views) {
    Scenario s;
    s.start();
    for (std::uint64_t view = 1; view < 200; ++view) {
        if (view % 4 == 0) {
            continue;
        }
        for (const char* name : {"x", "y", "z"}) {
            s.block(name + std::to_string(view), view);
            s.proposal(name + std::to_string(view));
        }
    }
    EXPECT_LE(s.status().known_blocks, kVoteViewsAhead + 1);
}

TEST(Bounds, views_at_the_end_of_counting_are_refused) {
    Scenario s;
    s.start();
    for (const std::uint64_t view : {std::uint64_t{0}, kMaxView + 1, ~std::uint64_t{0}}) {
        EXPECT_THAT(s.vote(2, kNullify, view), ::testing::IsEmpty());
        EXPECT_THAT(s.certificate(kNullify, view), ::testing::IsEmpty());
    }
    EXPECT_THAT(s.certificate(kNullify, kMaxView), has("view " + std::to_string(kMaxView + 1)));
    EXPECT_THAT(s.work(), has("timer view 1500"));
}

TEST(Bounds, targets_that_no_encoding_has_are_refused) {
    Scenario s;
    s.start();
    s.block("a", 1);
    VoteTarget nullify_with_block = s.target(kNullify, 1);
    nullify_with_block.block = s.ref("a").id;
    VoteTarget notarize_nothing = s.target(kNotarize, 1);
    VoteTarget unknown_kind = s.target(static_cast<VoteKind>(9), 1, "a");
    for (const VoteTarget& bad : {nullify_with_block, notarize_nothing, unknown_kind}) {
        EXPECT_THAT(s.tell(VoteArrived{Vote{bad, 2, {}}, 2}), ::testing::IsEmpty());
        EXPECT_THAT(s.tell(CertificateArrived{Certificate{bad, {}}, 2}), ::testing::IsEmpty());
    }
}

TEST(Bounds, answers_that_were_not_asked_for_do_nothing) {
    Scenario s;
    s.block("a", 1);
    EXPECT_THAT(s.executed("a"), ::testing::ElementsAre("view 1"));  // Started comes by itself if it was forgotten.
    EXPECT_THAT(s.timely("a"), ::testing::IsEmpty());
    EXPECT_THAT(s.tell(TimerFired{77}), ::testing::IsEmpty());
    EXPECT_THAT(s.tell(BuildDeclined{View{1}}), ::testing::IsEmpty());
    EXPECT_THAT(s.start(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace probatum::consensus
