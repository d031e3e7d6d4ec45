#include "ledger/misbehaviour.h"

#include <gtest/gtest.h>

#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;
using test::sample_chain;
using test::sample_set;
using test::sample_vote;

const EcdsaChecker kChecker;

VoteTarget target(VoteKind kind, std::string_view block = {}, std::uint64_t view = 7, std::uint64_t epoch = 3) {
    return {kind, Epoch{epoch}, View{view}, block.empty() ? Digest{} : named_digest(block)};
}

Misbehaviour proof_of(const VoteTarget& one, const VoteTarget& other) {
    const ValidatorSet set = sample_set(4);
    return make_misbehaviour(sample_vote(one, set, 2), sample_vote(other, set, 2), set).value();
}

TEST(Misbehaviour, IsTwoBlocksInOneViewOrFinalizeBesideNullify) {
    EXPECT_TRUE(contradict(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b")));
    EXPECT_TRUE(contradict(target(VoteKind::finalize, "a"), target(VoteKind::finalize, "b")));
    EXPECT_TRUE(contradict(target(VoteKind::finalize, "a"), target(VoteKind::nullify)));
    EXPECT_TRUE(contradict(target(VoteKind::nullify), target(VoteKind::finalize, "a")));
}

TEST(Misbehaviour, IsNothingThatAnHonestValidatorMayDo) {
    EXPECT_FALSE(contradict(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "a")));
    EXPECT_FALSE(contradict(target(VoteKind::nullify), target(VoteKind::nullify)));
    EXPECT_FALSE(contradict(target(VoteKind::notarize, "a"), target(VoteKind::nullify)));
    EXPECT_FALSE(contradict(target(VoteKind::notarize, "a"), target(VoteKind::finalize, "b")));
    EXPECT_FALSE(contradict(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b", 8)));
    EXPECT_FALSE(contradict(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b", 7, 4)));
}

TEST(Misbehaviour, ComesBackFromItsBytesAndVerifies) {
    for (const auto& [one, other] : {std::pair{target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b")},
                                     std::pair{target(VoteKind::finalize, "a"), target(VoteKind::nullify)}}) {
        const Misbehaviour proof = proof_of(one, other);
        EXPECT_EQ(decode_misbehaviour(encode(proof)).value(), proof);
        EXPECT_EQ(*verify_misbehaviour(proof, sample_chain(), kChecker).value(), proof);
        EXPECT_EQ(proof.validator, sample_set(4).at(2));
    }
}

TEST(Misbehaviour, HasOneEncodingWhicheverVoteCameFirst) {
    const VoteTarget one = target(VoteKind::finalize, "a");
    const VoteTarget other = target(VoteKind::nullify);
    EXPECT_EQ(encode(proof_of(one, other)), encode(proof_of(other, one)));
    Misbehaviour turned = proof_of(one, other);
    std::swap(turned.statements[0], turned.statements[1]);
    EXPECT_EQ(decode_misbehaviour(encode(turned)).error().code, Errc::malformed);
    EXPECT_FALSE(verify_misbehaviour(turned, sample_chain(), kChecker).has_value());
}

TEST(Misbehaviour, NeedsTwoVotesOfOneMember) {
    const ValidatorSet set = sample_set(4);
    const Vote one = sample_vote(target(VoteKind::notarize, "a"), set, 1);
    const Vote other = sample_vote(target(VoteKind::notarize, "b"), set, 2);
    EXPECT_FALSE(make_misbehaviour(one, other, set).has_value());
    EXPECT_FALSE(make_misbehaviour(one, one, set).has_value());
    EXPECT_FALSE(make_misbehaviour(Vote{one.target, 9, {}}, Vote{other.target, 9, {}}, set).has_value());
}

TEST(Misbehaviour, AccusesNobodyWithVotesThatAgree) {
    Misbehaviour proof = proof_of(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b"));
    proof.statements[1] = proof.statements[0];
    EXPECT_EQ(decode_misbehaviour(encode(proof)).error().code, Errc::malformed);
    EXPECT_EQ(verify_misbehaviour(proof, sample_chain(), kChecker).error().code, Errc::malformed);
}

TEST(Misbehaviour, NoPartOfItCanBeExchanged) {
    const Misbehaviour good = proof_of(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b"));
    const auto refused = [&](auto change, const Digest& chain = sample_chain()) {
        Misbehaviour proof = good;
        change(proof);
        return !verify_misbehaviour(proof, chain, kChecker).has_value();
    };
    EXPECT_FALSE(refused([](Misbehaviour&) {}));
    EXPECT_TRUE(refused([](Misbehaviour&) {}, named_digest("another chain")));
    EXPECT_TRUE(refused([](Misbehaviour& p) { p.validator = sample_set(4).at(1); }));
    EXPECT_TRUE(refused([](Misbehaviour& p) { p.validator.organisation = "bank-1"; }));
    EXPECT_TRUE(refused([](Misbehaviour& p) { p.epoch = p.epoch.next(); }));
    EXPECT_TRUE(refused([](Misbehaviour& p) { p.view = p.view.next(); }));
    for (const std::size_t which : {0U, 1U}) {
        EXPECT_TRUE(refused([which](Misbehaviour& p) { p.statements.at(which).signature[5] ^= 1U; }));
    }
}

TEST(Misbehaviour, RefusesBytesOfAnotherShape) {
    const Bytes good = encode(proof_of(target(VoteKind::finalize, "a"), target(VoteKind::nullify)));
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(decode_misbehaviour(ByteView{good}.first(size)).has_value());
    }
    Misbehaviour zero = proof_of(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b"));
    zero.statements[0].block = Digest{};
    EXPECT_FALSE(decode_misbehaviour(encode(zero)).has_value());
    Misbehaviour nameless = zero;
    nameless.statements = proof_of(target(VoteKind::notarize, "a"), target(VoteKind::notarize, "b")).statements;
    nameless.validator.organisation.clear();
    EXPECT_FALSE(decode_misbehaviour(encode(nameless)).has_value());
}

}  // namespace
}  // namespace probatum::ledger
