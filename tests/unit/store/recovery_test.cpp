#include "ledger/store/recovery.h"

#include "journal_support.h"

namespace probatum::ledger::store {
namespace {

using test::kChain;
using test::kFolder;
using test::kIncarnation;
using test::make_certificate;
using test::make_vote;

const ExecutedTip kGenesis{{}, kChain, {}, 0};

class Recovery : public testing::Test {
protected:
    void SetUp() override {
        journal_ = Journal::create(files_, kFolder, kChain, kIncarnation, options_).value();
        for (std::uint64_t height = 1; height <= 5; ++height) {
            const BlockPtr block = chain_.next(2).block;
            blocks_.push_back(block);
            positions_.push_back(journal_->append(*block));
            journal_->append(make_vote(VoteKind::notarize, View{height}, block->id));
            journal_->append(make_certificate(VoteKind::notarize, View{height}, block->id));
            journal_->append(make_vote(VoteKind::finalize, View{height}, block->id));
        }
    }

    RecoveredJournal restart(const ExecutedTip& tip) {
        journal_->sync();
        journal_.reset();
        auto opened = recover(files_, kFolder, kChain, tip, options_);
        EXPECT_TRUE(opened) << opened.error().to_string();
        journal_ = std::move(opened->journal);
        return std::move(opened->recovered);
    }

    void finalize(std::size_t height) {
        journal_->append(make_certificate(VoteKind::finalize, View{height}, blocks_[height - 1]->id));
    }

    JournalOptions options_{.segment_bytes = 256 * 1024, .minimum_free_bytes = 0, .on_fatal = test::throw_fatal};
    test::FaultyFiles files_;
    test::ChainMaker chain_;
    std::unique_ptr<Journal> journal_;
    std::vector<BlockPtr> blocks_;
    std::vector<Position> positions_;
};

TEST_F(Recovery, NothingFinalKeepsEverything) {
    const RecoveredJournal found = restart(kGenesis);
    EXPECT_TRUE(found.final_blocks.empty());
    EXPECT_FALSE(found.highest_final);
    EXPECT_EQ(found.own_votes.size(), 10U);
    EXPECT_EQ(found.certificates.size(), 5U);
    EXPECT_EQ(found.blocks.size(), 5U);
}

TEST_F(Recovery, FinalBlocksComeInOrderAndOlderVotesAreForgotten) {
    finalize(3);
    const RecoveredJournal found = restart(kGenesis);
    ASSERT_EQ(found.final_blocks.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(found.final_blocks[i].block.id, blocks_[i]->id);
        EXPECT_EQ(found.final_blocks[i].block.position, positions_[i]);
        EXPECT_EQ(found.final_blocks[i].finality.has_value(), i == 2);
        EXPECT_EQ(journal_->read_block(found.final_blocks[i].block.position).value()->id, blocks_[i]->id);
    }
    EXPECT_EQ(found.highest_final->target.block, blocks_[2]->id);
    EXPECT_EQ(found.own_votes.front().target.view, View{3});
    EXPECT_EQ(found.own_votes.size(), 6U);
    EXPECT_EQ(found.certificates.size(), 4U);
    EXPECT_EQ(found.blocks.size(), 2U);
    EXPECT_TRUE(found.blocks.contains(blocks_[3]->id));
}

TEST_F(Recovery, WhatWasExecutedIsNotGivenAgain) {
    finalize(2);
    finalize(4);
    const RecoveredJournal found = restart({Height{2}, blocks_[1]->id, positions_[1], 0});
    ASSERT_EQ(found.final_blocks.size(), 2U);
    EXPECT_EQ(found.final_blocks.front().block.id, blocks_[2]->id);
    EXPECT_EQ(found.blocks.size(), 1U);
}

TEST_F(Recovery, AFinalBlockWithAMissingAncestorWaits) {
    const BlockPtr missing = chain_.next(1).block;
    const BlockPtr above = chain_.next(1).block;
    journal_->append(*above);
    finalize(5);
    journal_->append(make_certificate(VoteKind::finalize, View{7}, above->id));
    const RecoveredJournal found = restart(kGenesis);
    ASSERT_EQ(found.final_blocks.size(), 5U);
    EXPECT_EQ(found.highest_final->target.block, above->id);
    EXPECT_TRUE(found.blocks.contains(above->id));
    EXPECT_FALSE(found.blocks.contains(missing->id));
}

TEST_F(Recovery, AJournalThatLacksTheExecutedTipIsNotTrusted) {
    journal_->sync();
    journal_.reset();
    const auto wrong_block =
        recover(files_, kFolder, kChain, {Height{2}, test::digest_of("another"), positions_[1], 0}, options_);
    EXPECT_EQ(wrong_block.error().code, Errc::journal_missing);
    const auto older = recover(files_, kFolder, kChain, {Height{9}, blocks_[1]->id, Position{1, 200'000}, 0}, options_);
    EXPECT_EQ(older.error().code, Errc::journal_missing);
}

TEST_F(Recovery, ARecordThatDoesNotDecodeIsCorruption) {
    journal_->append(RecordKind::certificate, as_bytes("no certificate"));
    journal_->sync();
    journal_.reset();
    EXPECT_EQ(recover(files_, kFolder, kChain, kGenesis, options_).error().code, Errc::storage_corrupt);
}

}  // namespace
}  // namespace probatum::ledger::store
