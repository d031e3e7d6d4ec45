#include "node/catch_up.h"

#include <gtest/gtest.h>

#include "solo_chain.h"

namespace probatum::test {
namespace {

/// A chain of five blocks; all directly final but the fourth.
class CatchUpTest : public testing::Test {
protected:
    void SetUp() override {
        ledger::BlockPtr parent;
        for (int i = 0; i < 5; ++i) {
            server_.offer("document " + std::to_string(i));
            const auto executed = server_.build(parent);
            server_.commit(executed, i != 3);
            parent = executed->block;
            blocks_.push_back(parent);
        }
    }
    node::RangeMessage serve(Height from, const node::RangeLimits& limits = {}) {
        auto served = node::serve_range(from, *server_.chain_->view(), *server_.journal_, limits);
        EXPECT_TRUE(served.has_value());
        return *std::move(served);
    }
    Result<std::vector<ledger::BlockPtr>> verify(const node::RangeMessage& answer, Height height = Height{0}) {
        const Digest id = height.raw() == 0 ? server_.chain_id_ : blocks_.at(height.raw() - 1)->id;
        return node::verify_range(answer, {height, id}, {server_.chain_id_, Epoch{0}, server_.rules_->validators},
                                  ledger::EcdsaChecker{});
    }
    Errc refusal(const node::RangeMessage& answer) {
        const auto verified = verify(answer);
        return verified ? Errc::internal : verified.error().code;
    }

    SoloChain server_;
    std::vector<ledger::BlockPtr> blocks_;
};

TEST_F(CatchUpTest, ARangeLeadsToTheSameState) {
    const auto verified = verify(serve(Height{1}));
    ASSERT_TRUE(verified.has_value()) << verified.error().to_string();
    ASSERT_EQ(verified->size(), 5U);
    SoloChain follower;
    for (const auto& block : *verified) {
        const auto checked = follower.executor_->check(block, node::Executor::Trust::certified);
        ASSERT_TRUE(checked.executed);
        follower.commit(checked.executed);
    }
    EXPECT_EQ(follower.tree_.root(), server_.tree_.root());
    EXPECT_EQ(follower.signatures_checked_, 0);
}

TEST_F(CatchUpTest, ARangeFromTheMiddleContinuesTheChain) {
    const auto verified = verify(serve(Height{4}), Height{3});
    ASSERT_TRUE(verified.has_value()) << verified.error().to_string();
    EXPECT_EQ(verified->size(), 2U);
    EXPECT_FALSE(verify(serve(Height{4}), Height{2}).has_value());
}

TEST_F(CatchUpTest, NothingIsServedBeyondTheHead) {
    EXPECT_TRUE(serve(Height{6}).blocks.empty());
    EXPECT_TRUE(serve(Height{0}).blocks.empty());
    EXPECT_FALSE(serve(Height{6}).finality.has_value());
}

/// A stretch without a certificate of its own, longer than an answer.
class LongStretch : public CatchUpTest {
protected:
    static constexpr node::RangeLimits kTwoBlocks{.blocks = 2};

    void SetUp() override {
        ledger::BlockPtr parent;
        for (int i = 0; i < 7; ++i) {
            server_.offer("document " + std::to_string(i));
            const auto executed = server_.build(parent);
            server_.commit(executed, i == 0 || i == 6);
            parent = executed->block;
            blocks_.push_back(parent);
        }
    }
};

TEST_F(LongStretch, ComesInPartsEachProvenByTheHeadersUpToTheBlockThatHasACertificate) {
    SoloChain follower;
    std::vector<std::size_t> paths;
    for (Height next{1}; next <= Height{7};) {
        const node::RangeMessage part = serve(next, kTwoBlocks);
        const auto verified = verify(part, Height{next.raw() - 1});
        ASSERT_TRUE(verified.has_value()) << verified.error().to_string();
        ASSERT_FALSE(verified->empty());
        for (const auto& block : *verified) {
            ASSERT_TRUE(follower.executor_->check(block, node::Executor::Trust::certified).executed);
        }
        paths.push_back(part.path.size());
        next = Height{next.raw() + verified->size()};
    }
    EXPECT_EQ(paths, (std::vector<std::size_t>{0, 4, 2, 0}));
    EXPECT_EQ(follower.executor_->find(blocks_.back()->id)->tree.root(), server_.tree_.root());
}

TEST_F(LongStretch, AlsoByBytesAndOneBlockAlwaysFits) {
    EXPECT_EQ(serve(Height{2}, {.usual_bytes = 1, .most_bytes = 1}).blocks.size(), 1U);
    EXPECT_EQ(serve(Height{1}, {.usual_bytes = 1, .most_bytes = 1}).blocks.size(), 1U);
    EXPECT_EQ(serve(Height{1}).blocks.size(), 7U);
}

TEST_F(LongStretch, IsRefusedWithAPathThatDoesNotLeadThere) {
    const node::RangeMessage good = serve(Height{2}, kTwoBlocks);
    ASSERT_TRUE(verify(good, Height{1}).has_value());
    const auto refused = [&](const node::RangeMessage& lie) {
        const auto verified = verify(lie, Height{1});
        return verified ? Errc::internal : verified.error().code;
    };
    auto lie = good;
    lie.path.pop_back();
    EXPECT_EQ(refused(lie), Errc::certificate_invalid) << "a header left out";
    lie = good;
    lie.path.clear();
    EXPECT_EQ(refused(lie), Errc::certificate_invalid) << "no path";
    lie = good;
    lie.path.front().time = lie.path.front().time.next();
    EXPECT_EQ(refused(lie), Errc::certificate_invalid) << "another header";
    lie = good;
    lie.finality->signers[0].signature[5] ^= 1U;
    EXPECT_EQ(refused(lie), Errc::certificate_invalid) << "a signature changed";
    lie = good;
    lie.blocks.pop_back();
    EXPECT_EQ(refused(lie), Errc::certificate_invalid) << "a block left out";
}

TEST_F(LongStretch, IsNotServedWhileNothingProvesIt) {
    server_.offer("one more");
    server_.commit(server_.build(blocks_.back()), false);
    EXPECT_TRUE(serve(Height{8}).blocks.empty());
    EXPECT_EQ(serve(Height{7}).blocks.size(), 1U);
}

TEST_F(CatchUpTest, ALyingPeerIsRefusedWhateverItChanges) {
    const node::RangeMessage good = serve(Height{1});
    auto lie = good;
    lie.blocks.pop_back();
    EXPECT_EQ(refusal(lie), Errc::certificate_invalid) << "the end left out";
    lie = good;
    lie.blocks.erase(lie.blocks.begin() + 2);
    EXPECT_EQ(refusal(lie), Errc::invalid_block) << "one left out";
    lie = good;
    std::swap(lie.blocks[1], lie.blocks[2]);
    EXPECT_EQ(refusal(lie), Errc::invalid_block) << "out of order";
    lie = good;
    lie.finality->signers.pop_back();
    EXPECT_EQ(refusal(lie), Errc::certificate_invalid) << "less than a quorum";
    lie = good;
    lie.finality->signers[1].signature[5] ^= 1U;
    EXPECT_EQ(refusal(lie), Errc::certificate_invalid) << "a signature changed";
    lie = good;
    lie.finality->target.kind = ledger::VoteKind::notarize;
    EXPECT_EQ(refusal(lie), Errc::certificate_invalid) << "another kind";
    lie = good;
    lie.finality = server_.certificate(ledger::VoteKind::finalize, View{4}, blocks_[3]->id);
    EXPECT_EQ(refusal(lie), Errc::certificate_invalid) << "another block's";
    lie = good;
    lie.blocks[0][lie.blocks[0].size() / 2] ^= 1U;
    EXPECT_FALSE(verify(lie).has_value()) << "a byte changed";
    lie = good;
    lie.from = Height{2};
    EXPECT_EQ(refusal(lie), Errc::malformed);
}

TEST_F(CatchUpTest, ATransactionExchangedUnderAFalsePayloadRootIsRefused) {
    node::RangeMessage lie = serve(Height{1});
    const auto other =
        *ledger::Transaction::decode(deposit(server_.chain_id_, "forged", UnixMs{server_.now_.raw() + 1'000'000}));
    const auto forged = ledger::make_block(blocks_[0]->header, blocks_[0]->parent_certificate, {other});
    lie.blocks[0] = ledger::encode(*forged);
    EXPECT_EQ(refusal(lie), Errc::invalid_block);
}

}  // namespace
}  // namespace probatum::test
