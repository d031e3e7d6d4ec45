#include "consensus/own_votes.h"

#include <gtest/gtest.h>

/// The kernel of safety: rules C2, C5 and C6 about one's own votes.
namespace probatum::consensus {
namespace {

Vote vote(VoteKind kind, std::uint64_t view, std::uint8_t block = 0) {
    Vote made;
    made.target = {kind, Epoch{0}, View{view}, {}};
    made.target.block.bytes[0] = block;
    return made;
}

TEST(OwnVotes, nothing_said_forbids_nothing) {
    OwnVotes votes;
    EXPECT_TRUE(votes.may_notarize(View{1}));
    EXPECT_TRUE(votes.may_nullify(View{1}));
    EXPECT_TRUE(votes.may_finalize(View{1}));
}

TEST(OwnVotes, notarize_forbids_a_second_notarize_only) {
    OwnVotes votes;
    votes.record(vote(VoteKind::notarize, 1, 7));
    EXPECT_FALSE(votes.may_notarize(View{1}));
    EXPECT_TRUE(votes.may_nullify(View{1}));
    EXPECT_TRUE(votes.may_finalize(View{1}));
    EXPECT_TRUE(votes.may_notarize(View{2}));
}

TEST(OwnVotes, nullify_forbids_everything_in_its_view) {
    OwnVotes votes;
    votes.record(vote(VoteKind::nullify, 1));
    EXPECT_FALSE(votes.may_notarize(View{1}));
    EXPECT_FALSE(votes.may_nullify(View{1}));
    EXPECT_FALSE(votes.may_finalize(View{1}));
}

TEST(OwnVotes, finalize_forbids_everything_in_its_view) {
    OwnVotes votes;
    votes.record(vote(VoteKind::finalize, 1, 7));
    EXPECT_FALSE(votes.may_notarize(View{1}));
    EXPECT_FALSE(votes.may_nullify(View{1}));
    EXPECT_FALSE(votes.may_finalize(View{1}));
}

TEST(OwnVotes, restored_votes_forbid_the_same) {
    OwnVotes votes;
    votes.restore(vote(VoteKind::nullify, 1));
    votes.restore(vote(VoteKind::notarize, 2, 7));
    EXPECT_FALSE(votes.may_finalize(View{1}));
    EXPECT_FALSE(votes.may_notarize(View{2}));
}

TEST(OwnVotes, nothing_is_said_any_more_up_to_a_final_view) {
    OwnVotes votes;
    votes.record(vote(VoteKind::nullify, 1));
    votes.forget_below(View{3});
    for (const std::uint64_t view : {1, 2, 3}) {
        EXPECT_FALSE(votes.may_notarize(View{view}));
        EXPECT_FALSE(votes.may_nullify(View{view}));
        EXPECT_FALSE(votes.may_finalize(View{view}));
    }
    EXPECT_TRUE(votes.may_notarize(View{4}));
    EXPECT_TRUE(votes.all().empty());
}

TEST(OwnVotesDeathTest, a_contradiction_of_our_own_stops_the_process) {
    OwnVotes votes;
    votes.record(vote(VoteKind::finalize, 1, 7));
    EXPECT_DEATH(votes.record(vote(VoteKind::nullify, 1)), "nullify after");
    EXPECT_DEATH(votes.record(vote(VoteKind::finalize, 1, 7)), "finalize after");
    votes.record(vote(VoteKind::notarize, 2, 7));
    EXPECT_DEATH(votes.record(vote(VoteKind::notarize, 2, 8)), "second or late notarize");
}

}  // namespace
}  // namespace probatum::consensus
