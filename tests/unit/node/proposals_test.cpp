#include "node/proposals.h"

#include <gtest/gtest.h>

#include "solo_chain.h"

namespace probatum::test {
namespace {

using node::Proposals;

constexpr node::PeerId kStranger = 3;

/// A leader's block of three transactions, and a follower that holds none of them.
struct ProposalsTest : testing::Test {
    SoloChain leader;
    SoloChain follower;
    Proposals proposals{follower.pool_};
    std::vector<ledger::TransactionPtr> sent{leader.offer("one"), leader.offer("two"), leader.offer("three")};
    ledger::BlockPtr block{leader.build(nullptr)->block};

    node::Proposal proposal() const {
        const ledger::VoteTarget target{ledger::VoteKind::notarize, Epoch{0}, block->header.view, block->id};
        return node::proposal_of(*block, {target, block->header.proposer, {}});
    }
    node::BlockTransactionsMessage answer(std::initializer_list<std::size_t> positions) const {
        node::BlockTransactionsMessage out{block->id, {}};
        for (const std::size_t position : positions) {
            out.wires.push_back(to_bytes(block->transactions[position]->wire()));
        }
        return out;
    }
    Proposals::Step take(std::initializer_list<std::size_t> positions) {
        return proposals.take(block->header.proposer, answer(positions)).value();
    }
};

TEST_F(ProposalsTest, AskForWhatIsMissing) {
    const auto step = proposals.take(proposal());
    ASSERT_TRUE(step.ask);
    EXPECT_EQ(std::get<node::FetchTransactionsMessage>(*step.ask).positions, (std::vector<std::uint32_t>{0, 1, 2}));
    const auto whole = take({0, 1, 2}).whole;
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->block->id, block->id);
}

/// Gossip was faster than the answer, and the leader repeated its proposal meanwhile: the answer to the first question
/// is no fault of the leader's.
TEST_F(ProposalsTest, TheAnswerToAnEarlierQuestionIsGood) {
    ASSERT_TRUE(proposals.take(proposal()).ask);
    EXPECT_TRUE(follower.pool_.add(block->transactions[1], 1).has_value());
    const auto again = proposals.take(proposal());
    EXPECT_EQ(std::get<node::FetchTransactionsMessage>(*again.ask).positions, (std::vector<std::uint32_t>{0, 2}));
    EXPECT_TRUE(take({0, 1, 2}).whole);
}

TEST_F(ProposalsTest, PartsComeInAnyOrderAndInPieces) {
    ASSERT_TRUE(proposals.take(proposal()).ask);
    EXPECT_FALSE(take({2}).whole);
    EXPECT_TRUE(take({1, 0}).whole);
}

TEST_F(ProposalsTest, OnlyTheProposerAnswers) {
    ASSERT_TRUE(proposals.take(proposal()).ask);
    ASSERT_NE(block->header.proposer, kStranger);
    EXPECT_FALSE(proposals.take(kStranger, answer({0, 1, 2})).value().whole);
    EXPECT_TRUE(proposals.waits_for(block->id));
    EXPECT_TRUE(take({0, 1, 2}).whole);
}

TEST_F(ProposalsTest, WhatWasNotAskedForIsPassedOverAndWhatDoesNotDecodeIsNot) {
    ASSERT_TRUE(proposals.take(proposal()).ask);
    node::BlockTransactionsMessage other = answer({0});
    other.wires.push_back(to_bytes(leader.offer("four")->wire()));
    EXPECT_FALSE(proposals.take(block->header.proposer, other).value().whole);
    other.wires.push_back({0xFF});
    EXPECT_FALSE(proposals.take(block->header.proposer, other).has_value());
}

}  // namespace
}  // namespace probatum::test
