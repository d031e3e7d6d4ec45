#include "ledger/vote.h"

#include <gtest/gtest.h>

#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;
using test::sample_certificate;
using test::sample_chain;
using test::sample_set;
using test::sample_vote;

const EcdsaChecker kChecker;

VoteTarget target_of(VoteKind kind) {
    return {kind, Epoch{3}, View{70'000}, kind == VoteKind::nullify ? Digest{} : named_digest("block")};
}

Errc refusal(const Certificate& certificate, const ValidatorSet& set) {
    const auto verified = verify_certificate(certificate, set, sample_chain(), kChecker);
    return verified ? Errc::internal : verified.error().code;
}

TEST(Vote, OfEveryKindComesBackFromItsBytesAndVerifies) {
    const ValidatorSet set = sample_set(4);
    for (const VoteKind kind : {VoteKind::notarize, VoteKind::nullify, VoteKind::finalize}) {
        const Vote vote = sample_vote(target_of(kind), set, 2);
        EXPECT_EQ(decode_vote(encode(vote)).value(), vote);
        EXPECT_TRUE(verify_vote(vote, set, sample_chain(), kChecker));
    }
}

TEST(Vote, IsADetachedCoseStatement) {
    const ValidatorSet set = sample_set(4);
    const VoteTarget target = target_of(VoteKind::finalize);
    const Bytes header = vote_protected_header(sample_chain(), set.at(1));
    const cose::ProtectedHeader decoded = cose::decode_protected_header(header).value();
    EXPECT_EQ(decoded.content_type, kVoteContentType);
    EXPECT_EQ(decoded.issuer, "bank-1");
    EXPECT_EQ(decoded.key_id, set.at(1).key.id());
    EXPECT_EQ(decoded.chain_id, sample_chain());
    EXPECT_EQ(vote_signing_digest(target, sample_chain(), set.at(1)),
              cose::signing_digest(header, vote_payload(target, sample_chain())));
}

TEST(Vote, SignedForOneThingIsNoVoteForAnother) {
    const ValidatorSet set = sample_set(4);
    const Vote vote = sample_vote(target_of(VoteKind::notarize), set, 1);
    const auto refused = [&](const Vote& changed, const Digest& chain) {
        return !verify_vote(changed, set, chain, kChecker).has_value();
    };
    Vote kind = vote;
    kind.target.kind = VoteKind::finalize;
    EXPECT_TRUE(refused(kind, sample_chain()));
    Vote epoch = vote;
    epoch.target.epoch = Epoch{4};
    EXPECT_TRUE(refused(epoch, sample_chain()));
    Vote view = vote;
    view.target.view = View{70'001};
    EXPECT_TRUE(refused(view, sample_chain()));
    Vote block = vote;
    block.target.block = named_digest("another block");
    EXPECT_TRUE(refused(block, sample_chain()));
    Vote signer = vote;
    signer.signer = 2;
    EXPECT_TRUE(refused(signer, sample_chain()));
    EXPECT_TRUE(refused(vote, named_digest("another chain")));
    EXPECT_FALSE(refused(vote, sample_chain()));
}

TEST(Vote, OfAStrangerIsMalformed) {
    const ValidatorSet set = sample_set(4);
    Vote vote = sample_vote(target_of(VoteKind::notarize), set, 1);
    vote.signer = 4;
    EXPECT_EQ(verify_vote(vote, set, sample_chain(), kChecker).error().code, Errc::malformed);
}

TEST(Vote, NamesABlockExactlyWhereItIsNoNullify) {
    const auto bytes = [](std::uint64_t kind, bool block, bool zero) {
        cbor::Writer writer;
        writer.array(6).uint(kind).uint(0).uint(1);
        if (block) {
            writer.digest(zero ? Digest{} : named_digest("block"));
        } else {
            writer.null();
        }
        return writer.uint(0).bytes(Signature{}).take();
    };
    EXPECT_TRUE(decode_vote(bytes(1, true, false)));
    EXPECT_TRUE(decode_vote(bytes(2, false, false)));
    EXPECT_FALSE(decode_vote(bytes(1, false, false)));
    EXPECT_FALSE(decode_vote(bytes(2, true, false)));
    EXPECT_FALSE(decode_vote(bytes(2, true, true)));
    EXPECT_FALSE(decode_vote(bytes(3, true, true)));
    EXPECT_FALSE(decode_vote(bytes(0, true, false)));
    EXPECT_FALSE(decode_vote(bytes(4, true, false)));
}

TEST(Certificate, OfExactlyAQuorumHolds) {
    for (const std::size_t size : {1U, 2U, 3U, 4U, 7U}) {
        const ValidatorSet set = sample_set(size);
        const Certificate certificate = sample_certificate(target_of(VoteKind::finalize), set);
        EXPECT_EQ(decode_certificate(encode(certificate)).value(), certificate);
        EXPECT_TRUE(verify_certificate(certificate, set, sample_chain(), kChecker)) << size;
    }
}

TEST(Certificate, OfOneMoreOrOneLessThanAQuorumIsRefused) {
    const ValidatorSet set = sample_set(4);
    Certificate certificate = sample_certificate(target_of(VoteKind::finalize), set);
    Certificate less = certificate;
    less.signers.pop_back();
    EXPECT_EQ(refusal(less, set), Errc::certificate_invalid);
    certificate.signers.push_back({3, sample_vote(certificate.target, set, 3).signature});
    EXPECT_EQ(refusal(certificate, set), Errc::certificate_invalid);
}

TEST(Certificate, OneBadSignatureFailsTheWholeWhereverItStands) {
    const ValidatorSet set = sample_set(4);
    const Certificate good = sample_certificate(target_of(VoteKind::finalize), set);
    for (std::size_t i = 0; i < good.signers.size(); ++i) {
        Certificate bad = good;
        bad.signers[i].signature[40] ^= 1U;
        EXPECT_EQ(refusal(bad, set), Errc::certificate_invalid);
        EXPECT_EQ(verify_certificate(bad, set, sample_chain(), kChecker).error().field,
                  "signers[" + std::to_string(i) + "]");
    }
}

TEST(Certificate, SignersAscendAndAreMembers) {
    const ValidatorSet set = sample_set(4);
    const Certificate good = sample_certificate(target_of(VoteKind::finalize), set);
    Certificate twice = good;
    twice.signers[2] = twice.signers[1];
    EXPECT_EQ(refusal(twice, set), Errc::certificate_invalid);
    EXPECT_FALSE(decode_certificate(encode(twice)));
    Certificate swapped = good;
    std::swap(swapped.signers[0], swapped.signers[1]);
    EXPECT_EQ(refusal(swapped, set), Errc::certificate_invalid);
    EXPECT_FALSE(decode_certificate(encode(swapped)));
    Certificate stranger = good;
    stranger.signers[2].index = 4;
    EXPECT_EQ(refusal(stranger, set), Errc::certificate_invalid);
    EXPECT_FALSE(decode_certificate(encode(Certificate{good.target, {}})));
}

TEST(Certificate, OfAnotherSetIsRefused) {
    const ValidatorSet set = sample_set(4);
    const Certificate certificate = sample_certificate(target_of(VoteKind::notarize), set);
    std::vector<Validator> renamed = set.all();
    renamed[0].organisation = "renamed";
    EXPECT_EQ(refusal(certificate, ValidatorSet::make(renamed).value()), Errc::certificate_invalid);
}

}  // namespace
}  // namespace probatum::ledger
