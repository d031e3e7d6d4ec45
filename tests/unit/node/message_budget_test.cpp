#include "node/message_budget.h"

#include <gtest/gtest.h>

#include "node/protocol.h"

/// docs/spec/node.md, queues: peers → consensus.
namespace probatum::node {
namespace {

TEST(MessageBudget, BoundsTheBytesOfOnePeerAndLeavesTheOthersAlone) {
    MessageBudget budget{{.messages = 100, .bytes = 1'000}};
    EXPECT_TRUE(budget.take(1, 600));
    EXPECT_FALSE(budget.take(1, 401));
    EXPECT_TRUE(budget.take(1, 400));
    EXPECT_FALSE(budget.take(1, 1));
    EXPECT_TRUE(budget.take(2, 1'000));
    budget.give_back(1, 600);
    EXPECT_TRUE(budget.take(1, 600));
}

TEST(MessageBudget, BoundsTheNumberToo) {
    MessageBudget budget{{.messages = 2, .bytes = 1'000}};
    EXPECT_TRUE(budget.take(1, 1));
    EXPECT_TRUE(budget.take(1, 1));
    EXPECT_FALSE(budget.take(1, 1));
    EXPECT_TRUE(budget.take(2, 1));
    budget.give_back(1, 1);
    EXPECT_TRUE(budget.take(1, 1));
}

TEST(MessageBudget, TakesAGreatMessageAlone) {
    MessageBudget budget{{.messages = 2, .bytes = 1'000}};
    EXPECT_TRUE(budget.take(1, 5'000));
    EXPECT_FALSE(budget.take(1, 1));
    budget.give_back(1, 5'000);
    EXPECT_TRUE(budget.take(1, 1));
    EXPECT_FALSE(budget.take(1, 5'000));
}

TEST(MessageSize, IsThatOfWhatCanBeLarge) {
    EXPECT_GE(size_of(BlockMessage{Bytes(1'000)}), 1'000U);
    EXPECT_GE(size_of(RangeMessage{Height{1}, {Bytes(500), Bytes(500)}, std::nullopt}), 1'000U);
    EXPECT_GE(size_of(BlockTransactionsMessage{Digest{}, {Bytes(500), Bytes(500)}}), 1'000U);
    EXPECT_GE(size_of(Proposal{{}, {}, std::vector<Digest>(100), {}}), 3'200U);
    EXPECT_GE(size_of(FetchTransactionsMessage{Digest{}, std::vector<std::uint32_t>(100)}), 400U);
    EXPECT_GE(size_of(TransactionsMessage{{{Digest{}, Bytes(1'000)}}}), 1'000U);
    EXPECT_LT(size_of(StatusMessage{}), 1'000U);
}

}  // namespace
}  // namespace probatum::node
