#include "contracts/epoch_terms.h"

#include <gtest/gtest.h>

#include "contracts/authorise.h"
#include "contracts/governance.h"
#include "contracts/state_keys.h"
#include "governed_world.h"

namespace probatum::contracts {
namespace {

using test::GovernedWorld;
using test::validator_key;

Change fifth() { return AddValidator{{"org-e", validator_key("org-e")}}; }

TEST(EpochTerms, AChainWithoutGovernanceWritesNothingOfItsOwnAndNeverCloses) {
    test::World world;
    EXPECT_TRUE(begin_block({.context = world.context(), .parent = world.chain_id}, world.state).empty());
    EXPECT_FALSE(next_terms(world.state));
    EXPECT_FALSE(next_validator_set(world.state));
    const EpochTerms terms = terms_of_child(world.state, world.genesis);
    EXPECT_EQ(terms.validators, world.genesis.validator_set());
    EXPECT_EQ(terms.parameters, world.genesis.parameters);
    EXPECT_FALSE(terms.governance);
}

TEST(EpochTerms, GenesisIsEpochZero) {
    const GovernedWorld world;
    const EpochTerms terms = current_terms(world.state, world.genesis);
    EXPECT_EQ(terms.epoch, Epoch{});
    EXPECT_EQ(terms.first, Height{1});
    EXPECT_EQ(terms.governance, world.genesis.governance);
    EXPECT_EQ(find_terms(world.state, Epoch{}), terms);
    EXPECT_FALSE(find_terms(world.state, Epoch{1}));
}

TEST(EpochTerms, TheClosingBlockNamesTheNextSetAndItsChildPutsItInForce) {
    GovernedWorld world;
    EXPECT_FALSE(next_validator_set(world.state));
    const Height closing{world.height.raw() + 3};
    ASSERT_TRUE(world.decide(fifth()).outcome.accepted());

    const auto next = next_terms(world.state);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->epoch, Epoch{1});
    EXPECT_EQ(next->first, closing.next());
    EXPECT_EQ(next->proposal, world.last_proposal);
    EXPECT_EQ(next->validators.size(), 5U);
    EXPECT_EQ(next_validator_set(world.state), next->validators);
    EXPECT_EQ(terms_of_child(world.state, world.genesis), *next);
    EXPECT_EQ(current_terms(world.state, world.genesis).epoch, Epoch{});  // The block itself stands in epoch 0.
    EXPECT_EQ(*ledger::ValidatorSet::decode(*world.state.get(state_keys::validators())), world.genesis.validator_set());

    world.idle(1);
    EXPECT_FALSE(next_terms(world.state));
    EXPECT_EQ(current_terms(world.state, world.genesis), *next);
    EXPECT_EQ(*ledger::ValidatorSet::decode(*world.state.get(state_keys::validators())), next->validators);
    EXPECT_EQ(find_terms(world.state, Epoch{})->validators, world.genesis.validator_set());  // History stays.
}

TEST(EpochTerms, ChangedParametersHoldFromTheFirstBlockOfTheNextEpoch) {
    GovernedWorld world;
    Parameters parameters = world.genesis.parameters;
    parameters.max_block_transactions = 17;
    ASSERT_TRUE(world.decide(ChangeParameters{parameters}).outcome.accepted());
    EXPECT_EQ(find_parameters(world.state), world.genesis.parameters);
    EXPECT_EQ(next_terms(world.state)->validators, world.genesis.validator_set());
    world.idle(1);
    EXPECT_EQ(find_parameters(world.state), parameters);
}

TEST(EpochTerms, TheFirstCertificateOfAnEpochIsReadUnderTheSetThatSignedIt) {
    GovernedWorld world;
    // org-a leaves: everybody else moves down by one place.
    ASSERT_TRUE(world.decide(RemoveValidator{validator_key("org-a")}).outcome.accepted());
    world.down.insert(validator_key("org-b"));
    const Height first = world.height;
    world.idle(1);
    const EpochTerms now = world.terms();
    const LivenessView view{world.state, now, world.height, world.time};
    ASSERT_EQ(now.validators.at(0).organisation, "org-b");
    EXPECT_LT(view.last_seen(now.validators.at(0)), first);
    EXPECT_EQ(view.last_seen(now.validators.at(1)), first);
    EXPECT_EQ(view.last_seen(now.validators.at(2)), first);
}

TEST(EpochTerms, SignersThatTheSetDoesNotHaveSayNothing) {
    const GovernedWorld world;
    ledger::Certificate certificate;
    certificate.signers.push_back({99, {}});
    const auto writes = begin_block(
        {.context = world.context(), .parent = world.chain_id, .proposer = 50, .parent_certificate = &certificate},
        world.state);
    EXPECT_EQ(writes.at(state_keys::liveness()), encode_liveness(std::vector<Height>(4)));
}

TEST(Marks, EverySixtyFourthBlockAndTheLastSixteen) {
    GovernedWorld world;
    EXPECT_TRUE(find_marks(world.state).empty());
    world.idle(1);
    EXPECT_EQ(find_marks(world.state), (std::vector<ChainMark>{{Height{0}, world.chain_id}}));
    world.idle(kMarkSpacing - 1);
    EXPECT_EQ(find_marks(world.state).size(), 1U);
    world.idle(1);
    EXPECT_EQ(find_marks(world.state).back(), (ChainMark{Height{64}, world.block_id(Height{64})}));
    world.idle(kMarkSpacing * kMaxMarks);
    ASSERT_EQ(find_marks(world.state).size(), kMaxMarks);
    EXPECT_EQ(find_marks(world.state).front().height, Height{kMarkSpacing * 2});
}

TEST(EpochTerms, EncodingIsReversible) {
    const GovernedWorld world;
    const EpochTerms terms = current_terms(world.state, world.genesis);
    EXPECT_EQ(*decode_epoch_terms(encode(terms)), terms);
    EpochTerms without = terms;
    without.governance.reset();
    without.proposal = world.chain_id;
    EXPECT_EQ(*decode_epoch_terms(encode(without)), without);
}

}  // namespace
}  // namespace probatum::contracts
