#include "contracts/misbehaviour.h"

#include <gtest/gtest.h>

#include "governed_world.h"
#include "ledger/misbehaviour.h"

namespace probatum::contracts {
namespace {

using test::GovernedWorld;
using test::key_of;
using test::number;
using test::validator_key;

/// Two votes of one validator that contradict each other.
struct Contradiction {
    std::string organisation{"org-b"};
    std::string key{"validator org-b"};
    Epoch epoch{};
    View view{7};
    ledger::VoteKind kind{ledger::VoteKind::notarize};
    std::uint8_t other_block{2};

    Bytes proof(const Digest& chain_id) const {
        const ledger::Validator signer{organisation, key_of(key).public_key()};
        const ledger::ValidatorSet set = *ledger::ValidatorSet::make({signer});
        const auto vote = [&](std::uint8_t block) {
            ledger::Vote out{{kind, epoch, view, Digest{{block}}}, 0, {}};
            out.signature = key_of(key).sign(ledger::vote_signing_digest(out.target, chain_id, signer));
            return out;
        };
        return ledger::encode(*ledger::make_misbehaviour(vote(1), vote(other_block), set));
    }
};

class Reports : public testing::Test {
protected:
    std::pair<std::uint16_t, std::string> report(Bytes proof, std::string_view who = "org-a/operator-1") {
        const Execution done = world.run(who, {.body = ReportBody{std::move(proof)}});
        return {done.outcome.code, done.outcome.field};
    }
    std::pair<std::uint16_t, std::string> report(const Contradiction& contradiction) {
        return report(contradiction.proof(world.chain_id));
    }
    static std::pair<std::uint16_t, std::string> invalid(std::string field) {
        return {number(Errc::misbehaviour_invalid), std::move(field)};
    }
    GovernedWorld world;
};

TEST_F(Reports, AreRecordedInOrder) {
    EXPECT_EQ(report(Contradiction{}).first, 0);
    EXPECT_EQ(report(Contradiction{.organisation = "org-c", .key = "validator org-c"}).first, 0);
    ASSERT_EQ(misbehaviour_count(world.state), 2U);
    const MisbehaviourRecord record = find_misbehaviour(world.state, 1).value();
    EXPECT_EQ(record.proof, Contradiction{}.proof(world.chain_id));
    EXPECT_EQ(record.organisation, "org-a");
    EXPECT_EQ(record.transaction, world.transactions.front()->id());
    EXPECT_EQ(*decode_misbehaviour_record(encode(record)), record);
    EXPECT_FALSE(find_misbehaviour(world.state, 3));
}

TEST_F(Reports, OncePerValidatorEpochViewAndKind) {
    EXPECT_EQ(report(Contradiction{}).first, 0);
    EXPECT_EQ(report(Contradiction{}).first, number(Errc::already_reported));
    EXPECT_EQ(report(Contradiction{.other_block = 9}).first, number(Errc::already_reported));
    EXPECT_EQ(report(Contradiction{.kind = ledger::VoteKind::finalize}).first, 0);
    EXPECT_EQ(report(Contradiction{.view = View{8}}).first, 0);
    EXPECT_EQ(misbehaviour_count(world.state), 3U);
}

TEST_F(Reports, OfAKeyThatWasNoValidatorInTheEpochAreRefused) {
    EXPECT_EQ(report(Contradiction{.organisation = "org-e", .key = "validator org-e"}), invalid("proof.validator"));
    EXPECT_EQ(report(Contradiction{.organisation = "org-a"}), invalid("proof.validator"));  // The key of org-b.
    EXPECT_EQ(report(Contradiction{.epoch = Epoch{1}}), invalid("proof.validator"));
    // Whoever has left answers for its epochs still, and not for later ones.
    ASSERT_TRUE(world.decide(RemoveValidator{validator_key("org-b")}).outcome.accepted());
    EXPECT_EQ(report(Contradiction{}).first, 0);
    EXPECT_EQ(report(Contradiction{.epoch = Epoch{1}}), invalid("proof.validator"));
}

TEST_F(Reports, ThatProveNothingAreRefused) {
    EXPECT_EQ(report(to_bytes(as_bytes("gossip"))), invalid("proof"));
    EXPECT_EQ(report(Contradiction{}.proof(Digest{{1}})), invalid("proof.signature"));  // Votes on another chain.
    Bytes forged = Contradiction{}.proof(world.chain_id);
    forged.back() ^= 1U;
    EXPECT_EQ(report(forged).first, number(Errc::misbehaviour_invalid));
    EXPECT_EQ(misbehaviour_count(world.state), 0U);
}

TEST_F(Reports, AreForThoseWhoWatch) {
    const Bytes proof = Contradiction{}.proof(world.chain_id);
    EXPECT_EQ(report(proof, "org-a/maker-1").first, number(Errc::role_missing));
    EXPECT_EQ(report(proof, "org-d/governor-1").first, 0);
}

TEST_F(Reports, WorkOnAChainWithoutGovernanceToo) {
    test::World plain;
    const Contradiction contradiction{.organisation = "bank-d", .key = "validator bank-d"};
    EXPECT_TRUE(
        plain.run("court-e/auditor-1", {.body = ReportBody{contradiction.proof(plain.chain_id)}}).outcome.accepted());
    EXPECT_EQ(misbehaviour_count(plain.state), 1U);
}

}  // namespace
}  // namespace probatum::contracts
