#include "node/executor.h"

#include <gtest/gtest.h>

#include "contracts/possession.h"
#include "governed_world.h"
#include "solo_chain.h"

namespace probatum::test {
namespace {

using node::Executor;

Executor::Checked check(SoloChain& chain, const ledger::BlockPtr& block) {
    return chain.executor_->check(block, Executor::Trust::peer);
}

/// The same block with a header that somebody changed.
template <class Change>
ledger::BlockPtr changed(const ledger::BlockPtr& block, Change change) {
    ledger::Header header = block->header;
    change(header);
    return ledger::make_block(header, block->parent_certificate, block->transactions);
}

TEST(Executor, WhatOneBuildsAnotherExecutesToTheSameRoots) {
    SoloChain leader;
    SoloChain follower;
    leader.offer("one");
    leader.offer("two");
    const auto first = leader.build(nullptr);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->block->transactions.size(), 2U);
    const auto second = leader.build(first->block);  // on a block that is only pending
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->block->transactions.empty()) << "what an ancestor holds is not taken again";
    for (const auto& block : {first->block, second->block}) {
        const auto checked = check(follower, block);
        ASSERT_TRUE(checked.executed) << (checked.refusal ? checked.refusal->to_string() : "obsolete");
    }
    EXPECT_EQ(follower.signatures_checked_, 2) << "the follower's pool knew neither";
    follower.commit(follower.executor_->find(first->block->id));
    EXPECT_EQ(follower.tree_.root(), first->block->header.state_root);
}

/// Admitted under the parameters of its day: the limits have been lowered since.
TEST(Executor, WhatFitsIntoNoBlockAnyMoreLeavesThePoolAndHoldsNothingUp) {
    contracts::Genesis genesis = sample_genesis();
    const auto size = static_cast<std::uint32_t>(deposit(Digest{}, "good", UnixMs{1'795'000'000'000}).size());
    genesis.parameters.max_transaction_bytes = size;
    genesis.parameters.max_block_bytes = size;
    SoloChain chain{genesis};
    chain.offer("great", {}, "application/vnd.probatum.something-longer");
    const auto good = chain.offer("good");
    const auto block = chain.build(nullptr)->block;
    ASSERT_EQ(block->transactions.size(), 1U);
    EXPECT_EQ(block->transactions.front()->id(), good->id());
    EXPECT_EQ(chain.dropped_, std::vector<Errc>{Errc::too_large});
    EXPECT_EQ(chain.pool_.size().transactions, 1U);
}

TEST(Executor, NothingToOrderGivesNoBlockUnlessItMayBeEmpty) {
    SoloChain chain;
    auto request = chain.request_on(nullptr);
    request.allow_empty = false;
    EXPECT_FALSE(chain.executor_->build(request));
    chain.offer("one");
    EXPECT_TRUE(chain.executor_->build(request));
}

/// Whatever is agreed upon can be decoded again: what the executor takes is what decode_block takes.
TEST(Executor, ATransactionThatStandsTwiceIsRefused) {
    SoloChain leader;
    SoloChain follower;
    leader.offer("one");
    const auto block = leader.build(nullptr)->block;
    const auto twice =
        ledger::make_block(block->header, std::nullopt, {block->transactions[0], block->transactions[0]});
    const auto checked = check(follower, twice);
    ASSERT_TRUE(checked.refusal);
    EXPECT_EQ(checked.refusal->code, Errc::invalid_block);
    EXPECT_EQ(checked.refusal->field, "transactions");
    EXPECT_FALSE(ledger::decode_block(ledger::encode(*twice)).has_value());
}

TEST(Executor, TimeIsTheClockOrOneMillisecondAfterTheParent) {
    SoloChain chain;
    const auto first = chain.build(nullptr);
    EXPECT_EQ(first->block->header.time, chain.now_);
    const auto second = chain.build(first->block);
    EXPECT_EQ(second->block->header.time, chain.now_.next());
}

TEST(Executor, EachFalseClaimOfAHeaderIsRefused) {
    SoloChain leader;
    leader.offer("one");
    const auto first = leader.build(nullptr);
    const auto block = leader.build(first->block)->block;
    const std::pair<const char*, ledger::BlockPtr> cases[] = {
        {"version", changed(block, [](auto& h) { h.version = 2; })},
        {"chain_id", changed(block, [](auto& h) { h.chain_id = Digest{}; })},
        {"epoch", changed(block, [](auto& h) { h.epoch = Epoch{1}; })},
        {"time", changed(block, [&](auto& h) { h.time = first->block->header.time; })},
        {"validators", changed(block, [](auto& h) { h.validators = Digest{}; })},
        {"next_validators", changed(block, [](auto& h) { h.next_validators = Digest{}; })},
        {"rules_version", changed(block, [](auto& h) { h.rules_version = 2; })},
        {"proposer", changed(block, [](auto& h) { h.proposer = (h.proposer + 1) % 4; })},
        {"view", changed(block, [](auto& h) { h.view = View{0}; })},
        {"log_size", changed(block, [](auto& h) { ++h.log_size; })},
        {"log_root", changed(block, [](auto& h) { h.log_root = Digest{}; })},
        {"state_root", changed(block, [](auto& h) { h.state_root = Digest{}; })},
        {"parent_certificate",
         ledger::make_block(block->header, leader.certificate(ledger::VoteKind::finalize, View{1}, first->block->id),
                            {})},
        {"parent_certificate",
         ledger::make_block(block->header, leader.certificate(ledger::VoteKind::notarize, View{1}, block->id), {})},
    };
    SoloChain follower;
    ASSERT_TRUE(check(follower, first->block).executed);
    for (const auto& [field, bad] : cases) {
        const auto checked = check(follower, bad);
        ASSERT_TRUE(checked.refusal.has_value()) << field;
        EXPECT_EQ(checked.refusal->code, Errc::invalid_block) << field;
        EXPECT_EQ(checked.refusal->field, field);
    }
    EXPECT_TRUE(check(follower, block).executed) << "the true one still passes";
}

TEST(Executor, ABlockOnAnUnknownOrAbandonedParentIsNeitherValidNorInvalid) {
    SoloChain chain;
    const auto first = chain.build(nullptr);
    auto rival = changed(first->block, [](auto& h) { h.time = h.time.next(); });
    ASSERT_TRUE(check(chain, rival).executed);
    chain.commit(first);
    SoloChain other;
    ASSERT_TRUE(check(other, rival).executed);
    const auto child_of_rival = other.build(rival);
    const auto checked = check(chain, child_of_rival->block);
    EXPECT_FALSE(checked.executed);
    EXPECT_FALSE(checked.refusal.has_value());
}

TEST(Executor, ATransactionIsRecordedOnce) {
    SoloChain leader;
    const auto transaction = leader.offer("one");
    const auto first = leader.build(nullptr);
    const auto empty = leader.build(first->block);
    SoloChain follower;
    ASSERT_TRUE(check(follower, first->block).executed);
    const auto again = ledger::make_block(empty->block->header, empty->block->parent_certificate, {transaction});
    // In a pending ancestor, then in the committed chain.
    for (const bool committed : {false, true}) {
        if (committed) {
            follower.commit(follower.executor_->find(first->block->id));
        }
        const auto checked = check(follower, again);
        ASSERT_TRUE(checked.refusal.has_value());
        EXPECT_NE(checked.refusal->detail.find("recorded before"), std::string::npos) << checked.refusal->to_string();
    }
    leader.commit(first);
    leader.pool_.adopt(transaction, 1);
    EXPECT_TRUE(leader.build(first->block)->block->transactions.empty());
}

TEST(Executor, AnUncheckedSignatureIsCheckedAndABadOneMakesTheBlockInvalid) {
    SoloChain leader;
    Bytes wire = deposit(leader.chain_id_, "forged", UnixMs{leader.now_.raw() + 1'000'000});
    wire[wire.size() - 5] ^= 1U;
    const auto forged = *ledger::Transaction::decode(std::move(wire));
    leader.pool_.adopt(forged, 1);  // as if its check had passed
    const auto block = leader.build(nullptr)->block;
    ASSERT_EQ(block->transactions.size(), 1U);
    SoloChain follower;
    const auto checked = check(follower, block);
    ASSERT_TRUE(checked.refusal.has_value());
    EXPECT_NE(checked.refusal->detail.find("104"), std::string::npos) << checked.refusal->to_string();
}

TEST(Executor, WhatExpiredIsLeftOutByALeaderAndRefusedFromAnother) {
    SoloChain leader;
    const auto transaction = leader.offer("short", UnixMs{leader.now_.raw() + 10});
    auto request = leader.request_on(nullptr);
    request.now = UnixMs{leader.now_.raw() + 11};
    EXPECT_TRUE(leader.executor_->build(request)->block->transactions.empty());
    const auto block = leader.build(nullptr)->block;
    ASSERT_EQ(block->transactions.size(), 1U);
    SoloChain follower;
    const auto late = changed(block, [](auto& h) { h.time = UnixMs{h.time.raw() + 11}; });
    const auto checked = check(follower, late);
    ASSERT_TRUE(checked.refusal.has_value());
    EXPECT_NE(checked.refusal->detail.find("109"), std::string::npos) << checked.refusal->to_string();
}

/// Admission looks at the state before the block, so the block may hold what signs with a key that it revokes.
TEST(Executor, WhatAKeySignedThatTheBlockRevokesIsRefusedInItsPlace) {
    SoloChain leader{governed_genesis()};
    const UnixMs until{leader.now_.raw() + 1'000'000};
    const auto signs = [&](contracts::ActionBody body) {
        return *ledger::Transaction::decode(signed_action(leader.chain_id_, std::move(body), until, "org-a/maker-1"));
    };
    const SecretKey fresh = key_of("org-a/maker-1, the second");
    leader.offer(signs(contracts::RotateMemberBody{
        fresh.public_key(), contracts::make_possession(fresh, {leader.chain_id_, "org-a", "maker-1"})}));
    leader.offer(signs(sample_deposit()));
    const auto built = leader.build(nullptr);
    ASSERT_TRUE(built);
    ASSERT_EQ(built->entries.size(), 2U);
    EXPECT_TRUE(built->entries[0].outcome.accepted());
    EXPECT_EQ(built->entries[1].outcome, (ledger::Outcome{number(Errc::unknown_key), "key_id"}));
    SoloChain follower{governed_genesis()};
    const auto checked = check(follower, built->block);
    ASSERT_TRUE(checked.executed) << (checked.refusal ? checked.refusal->to_string() : "obsolete");
    EXPECT_EQ(checked.executed->tree.root(), built->tree.root());
    // In the next block it is not admissible any more.
    leader.offer(signs(sample_deposit("another")));
    EXPECT_TRUE(leader.build(built->block)->block->transactions.empty());
    EXPECT_EQ(leader.dropped_, std::vector{Errc::unknown_key});
}

}  // namespace
}  // namespace probatum::test
