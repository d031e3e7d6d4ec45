#include <gtest/gtest.h>

#include "ledger/block.h"
#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;
using test::sample_certificate;
using test::sample_chain_of_blocks;
using test::sample_set;

const EcdsaChecker kChecker;

class Finality : public testing::Test {
protected:
    Certificate finalize(const Block& block) const {
        return sample_certificate({VoteKind::finalize, block.header.epoch, block.header.view, block.id}, set_);
    }
    Errc refusal(const Header& header, const FinalityProof& proof) const {
        const auto verified = verify_finality(header, proof, set_, kChecker);
        return verified ? Errc::internal : verified.error().code;
    }
    /// The fourth block is final; the headers lead back to the second.
    FinalityProof proof_of_second() const { return {finalize(*blocks_[3]), {blocks_[3]->header, blocks_[2]->header}}; }

    const ValidatorSet set_ = sample_set(4);
    const std::vector<BlockPtr> blocks_ = sample_chain_of_blocks(5, set_, 1);
};

TEST_F(Finality, OfABlockFollowsFromItsOwnCertificate) {
    for (const BlockPtr& block : blocks_) {
        EXPECT_TRUE(verify_finality(block->header, {finalize(*block), {}}, set_, kChecker));
    }
}

TEST_F(Finality, OfADescendantMakesTheAncestorFinal) {
    const FinalityProof proof = proof_of_second();
    EXPECT_TRUE(verify_finality(blocks_[1]->header, proof, set_, kChecker));
    const FinalityProof again = decode_finality_proof(encode(proof)).value();
    EXPECT_EQ(again.certificate, proof.certificate);
    EXPECT_EQ(again.path, proof.path);
    EXPECT_EQ(encode(again), encode(proof));
}

TEST_F(Finality, DoesNotFollowForAnotherBlock) {
    const FinalityProof proof = proof_of_second();
    EXPECT_EQ(refusal(blocks_[0]->header, proof), Errc::certificate_invalid);
    EXPECT_EQ(refusal(blocks_[2]->header, proof), Errc::certificate_invalid);
    EXPECT_EQ(refusal(blocks_[4]->header, proof), Errc::certificate_invalid);
    EXPECT_EQ(refusal(blocks_[1]->header, {proof.certificate, {}}), Errc::certificate_invalid);
}

TEST_F(Finality, NeedsEveryHeaderInOrder) {
    FinalityProof gap = proof_of_second();
    gap.path.pop_back();
    EXPECT_EQ(refusal(blocks_[1]->header, gap), Errc::certificate_invalid);
    FinalityProof swapped = proof_of_second();
    std::swap(swapped.path[0], swapped.path[1]);
    EXPECT_EQ(refusal(blocks_[1]->header, swapped), Errc::certificate_invalid);
    FinalityProof beyond = proof_of_second();
    beyond.path.insert(beyond.path.begin(), blocks_[4]->header);
    EXPECT_EQ(refusal(blocks_[1]->header, beyond), Errc::certificate_invalid);
}

TEST_F(Finality, DoesNotFollowFromAnotherKindOfVote) {
    const Block& block = *blocks_[0];
    const Certificate notarized = sample_certificate({VoteKind::notarize, Epoch{0}, View{1}, block.id}, set_);
    EXPECT_EQ(refusal(block.header, {notarized, {}}), Errc::certificate_invalid);
    const Certificate other_epoch = sample_certificate({VoteKind::finalize, Epoch{1}, View{1}, block.id}, set_);
    EXPECT_EQ(refusal(block.header, {other_epoch, {}}), Errc::certificate_invalid);
}

TEST_F(Finality, IsJudgedByTheSetThatTheHeaderNames) {
    const Block& block = *blocks_[0];
    const FinalityProof proof{finalize(block), {}};
    EXPECT_FALSE(verify_finality(block.header, proof, sample_set(5), kChecker));
    Header other = block.header;
    other.validators = named_digest("another set");
    const Certificate certificate = sample_certificate({VoteKind::finalize, Epoch{0}, View{1}, id_of(other)}, set_);
    EXPECT_EQ(refusal(other, {certificate, {}}), Errc::certificate_invalid);
}

/// A quorum that signs anything cannot be told from an honest one, but the path has still to be of one epoch and chain.
TEST_F(Finality, PathStaysWithinOneEpochChainAndSet) {
    const Header& parent = blocks_[0]->header;
    const auto refused_with = [&](auto change) {
        Header child = blocks_[1]->header;
        change(child);
        const Certificate certificate = sample_certificate({VoteKind::finalize, Epoch{0}, View{2}, id_of(child)}, set_);
        return refusal(parent, {certificate, {child}}) == Errc::certificate_invalid;
    };
    EXPECT_FALSE(refused_with([](Header&) {}));
    EXPECT_TRUE(refused_with([](Header& h) { h.epoch = Epoch{1}; }));
    EXPECT_TRUE(refused_with([](Header& h) { h.height = Height{3}; }));
    EXPECT_TRUE(refused_with([](Header& h) { h.chain_id = named_digest("another chain"); }));
    EXPECT_TRUE(refused_with([](Header& h) { h.validators = named_digest("another set"); }));
    EXPECT_TRUE(refused_with([](Header& h) { h.parent = named_digest("another parent"); }));
}

TEST_F(Finality, PathIsBounded) {
    FinalityProof proof = proof_of_second();
    proof.path.assign(kMaxFinalityPath + 1, blocks_[2]->header);
    EXPECT_EQ(decode_finality_proof(encode(proof)).error().code, Errc::too_large);
    EXPECT_EQ(refusal(blocks_[1]->header, proof), Errc::certificate_invalid);
}

}  // namespace
}  // namespace probatum::ledger
