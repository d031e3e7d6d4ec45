#include "contracts/governance.h"

#include <gtest/gtest.h>

#include "contracts/governance_codec.h"
#include "contracts/state_keys.h"
#include "governed_world.h"

namespace probatum::contracts {
namespace {

using test::GovernedWorld;
using test::key_of;
using test::number;
using test::validator_key;

Change fifth() { return AddValidator{{"org-e", validator_key("org-e")}}; }

TEST(Proposals, AChangeNeedsAsManyVotesAsGenesisSays) {
    GovernedWorld world;
    ASSERT_EQ(world.propose("org-a", fifth()), 0);
    const Digest id = world.last_proposal;
    EXPECT_EQ(world.proposal(id).votes.size(), 1U);  // Who proposes has voted for it.

    Execution early = world.enact("org-a", id);
    EXPECT_EQ(early.outcome.code, number(Errc::threshold_not_reached));
    EXPECT_EQ(early.outcome.field, "votes 1, threshold 3");
    EXPECT_TRUE(early.writes.empty());
    EXPECT_TRUE(world.vote("org-b", id, Choice::reject).outcome.accepted());
    EXPECT_TRUE(world.vote("org-c", id).outcome.accepted());
    EXPECT_EQ(world.enact("org-b", id).outcome.field, "votes 2, threshold 3");  // A rejection counts for nothing.
    EXPECT_TRUE(world.vote("org-d", id).outcome.accepted());
    EXPECT_TRUE(world.enact("org-b", id).outcome.accepted());
    EXPECT_EQ(world.proposal(id).status, ProposalStatus::enacted);
    EXPECT_EQ(next_validator_set(world.state)->size(), 5U);
}

TEST(Proposals, AnOrganisationHasOneVoteWhoeverOfItsGovernorsCastsIt) {
    GovernedWorld world;
    ASSERT_EQ(world.propose("org-a", fifth()), 0);
    const VoteBody vote{world.last_proposal, Choice::accept};
    EXPECT_EQ(world.run("org-a/governor-2", {.body = vote}).outcome.code, number(Errc::already_voted));
    EXPECT_TRUE(world.run("org-b/governor-2", {.body = vote}).outcome.accepted());
    EXPECT_EQ(world.run("org-b/governor-1", {.body = vote}).outcome.code, number(Errc::already_voted));
    EXPECT_EQ(world.enact("org-a", world.last_proposal).outcome.field, "votes 2, threshold 3");
}

TEST(Proposals, AreForGovernorsOfElectors) {
    GovernedWorld world;
    const Action action{.body = ProposeBody{.change = fifth()}};
    EXPECT_EQ(world.run("org-a/maker-1", action).outcome.code, number(Errc::role_missing));
    EXPECT_EQ(world.run("org-a/operator-1", action).outcome.code, number(Errc::role_missing));
    // A governor of an organisation that has no vote.
    Genesis genesis = test::governed_genesis();
    genesis.members.push_back(test::member("org-e", "governor-1", {Role::consortium_governor}));
    GovernedWorld other{genesis};
    EXPECT_EQ(other.propose("org-e", fifth()), number(Errc::not_an_elector));
    ASSERT_EQ(other.propose("org-a", fifth()), 0);
    EXPECT_EQ(other.vote("org-e", other.last_proposal).outcome.code, number(Errc::not_an_elector));
    EXPECT_EQ(other.enact("org-e", other.last_proposal).outcome.code, number(Errc::not_an_elector));
}

TEST(Proposals, WithoutGovernanceInGenesisThereIsNone) {
    test::World world;
    const Execution done = world.run("bank-a/governor-1", {.body = ProposeBody{.change = ChangeRules{2}}});
    EXPECT_EQ(done.outcome.code, number(Errc::governance_absent));
}

TEST(Proposals, NothingIsEnactedTwice) {
    GovernedWorld world;
    ASSERT_TRUE(world.decide(fifth()).outcome.accepted());
    const Digest id = world.last_proposal;
    // In the next epoch.
    EXPECT_EQ(world.enact("org-b", id).outcome.code, number(Errc::proposal_closed));
    EXPECT_EQ(world.vote("org-d", id).outcome.code, number(Errc::proposal_closed));
}

TEST(Proposals, OneChangePerEpochAndNothingIsDecidedAfterItInItsBlock) {
    GovernedWorld world;
    ASSERT_EQ(world.propose("org-a", RemoveValidator{validator_key("org-d")}), 0);
    const Digest first = world.last_proposal;
    ASSERT_EQ(world.propose("org-b", RemoveValidator{validator_key("org-c")}), 0);
    const Digest second = world.last_proposal;
    for (const char* const voter : {"org-c", "org-d"}) {
        ASSERT_TRUE(world.vote(voter, first).outcome.accepted());
        ASSERT_TRUE(world.vote(voter, second).outcome.accepted());
    }
    // Both are ripe and stand in one block.
    const auto enact = [&](std::string_view who, const Digest& id) {
        return world.run_in_block(world.sign(who, {.body = EnactBody{id}})).outcome.code;
    };
    world.begin_block();
    EXPECT_EQ(enact("org-a/governor-1", first), 0);
    EXPECT_EQ(enact("org-b/governor-1", second), number(Errc::epoch_closing));
    EXPECT_EQ(enact("org-a/governor-2", first), number(Errc::epoch_closing));
    const auto vote = world.sign("org-a/governor-1", {.body = VoteBody{second, Choice::accept}});
    EXPECT_EQ(world.run_in_block(vote).outcome.code, number(Errc::epoch_closing));
    const auto propose = world.sign("org-d/governor-1", {.body = ProposeBody{.change = fifth()}});
    EXPECT_EQ(world.run_in_block(propose).outcome.code, number(Errc::epoch_closing));
    world.next_block();
    // What was ripe in the old epoch was judged against what no longer holds.
    EXPECT_EQ(world.enact("org-b", second).outcome.code, number(Errc::proposal_stale));
    EXPECT_EQ(world.vote("org-a", second).outcome.code, number(Errc::proposal_stale));
    EXPECT_EQ(world.terms().validators.size(), 3U);
}

TEST(Proposals, Expire) {
    GovernedWorld world;
    ASSERT_EQ(world.propose("org-a", fifth()), 0);
    const Proposal made = world.proposal(world.last_proposal);
    EXPECT_EQ(made.expires_at.raw() - made.time.raw(), 3'600'000U);
    world.time = made.expires_at;  // The last moment.
    EXPECT_TRUE(world.vote("org-b", world.last_proposal).outcome.accepted());
    EXPECT_EQ(world.vote("org-c", world.last_proposal).outcome.code, number(Errc::proposal_expired));
    EXPECT_EQ(world.enact("org-a", world.last_proposal).outcome.code, number(Errc::proposal_expired));
}

TEST(Proposals, ANewOneWithdrawsTheFormerOneOfTheSameOrganisation) {
    GovernedWorld world;
    ASSERT_EQ(world.propose("org-a", fifth()), 0);
    const Digest former = world.last_proposal;
    ASSERT_EQ(world.propose("org-a", RemoveValidator{validator_key("org-d")}), 0);
    EXPECT_EQ(world.proposal(former).status, ProposalStatus::withdrawn);
    EXPECT_EQ(world.vote("org-b", former).outcome.code, number(Errc::proposal_closed));
    EXPECT_EQ(proposal_count(world.state), 2U);
    EXPECT_EQ(find_proposal_id(world.state, 1), former);
    EXPECT_EQ(find_proposal_id(world.state, 2), world.last_proposal);
    EXPECT_EQ(world.vote("org-b", Digest{{9}}).outcome.code, number(Errc::proposal_unknown));
}

TEST(Proposals, AReplayedVoteIsOfAnotherChainOrUnderAUsedKey) {
    GovernedWorld world;
    ASSERT_EQ(world.propose("org-a", fifth()), 0);
    const ledger::IdempotencyKey key{};
    const Action vote{.body = VoteBody{world.last_proposal, Choice::accept}};
    ASSERT_TRUE(world.run(world.sign("org-b/governor-1", vote, key)).outcome.accepted());
    EXPECT_EQ(world.run(world.sign("org-b/governor-2", vote, key)).outcome.code, number(Errc::idempotency_conflict));
    Genesis genesis = test::governed_genesis();
    genesis.chain_name = "another";
    GovernedWorld other{genesis};
    EXPECT_EQ(other.admit(*world.sign("org-c/governor-1", vote)).error().code, Errc::foreign_chain);
}

TEST(Changes, ThatDoNotFitAreRefusedWhenProposed) {
    GovernedWorld world;
    EXPECT_EQ(world.propose("org-a", AddValidator{{"nobody", validator_key("x")}}), number(Errc::change_invalid));
    EXPECT_EQ(world.propose("org-a", AddValidator{{"org-e", validator_key("org-a")}}), number(Errc::key_in_use));
    EXPECT_EQ(world.propose("org-a", RemoveValidator{validator_key("org-e")}), number(Errc::validator_unknown));
    EXPECT_EQ(world.propose("org-a", RotateKey{validator_key("org-e"), validator_key("x")}),
              number(Errc::validator_unknown));
    EXPECT_EQ(world.propose("org-a", RotateKey{validator_key("org-a"), validator_key("org-b")}),
              number(Errc::key_in_use));
    EXPECT_EQ(world.propose("org-a", ChangeRules{1}), number(Errc::change_invalid));
    EXPECT_EQ(world.propose("org-a", ChangeRules{3}), number(Errc::change_invalid));
    EXPECT_EQ(world.propose("org-a", ChangeParameters{world.genesis.parameters}), number(Errc::change_invalid));
    EXPECT_EQ(world.propose("org-a", ChangeElectorate{*world.genesis.governance}), number(Errc::change_invalid));
    EXPECT_EQ(proposal_count(world.state), 0U);
}

TEST(Changes, OfParametersCannotLockGovernanceOut) {
    GovernedWorld world;
    const auto with = [&](auto change) {
        Parameters parameters = world.genesis.parameters;
        change(parameters);
        return world.propose("org-a", ChangeParameters{parameters});
    };
    EXPECT_EQ(with([](Parameters& p) { p.max_transaction_bytes = 1'000; }), number(Errc::change_invalid));
    EXPECT_EQ(with([](Parameters& p) { p.max_block_bytes = p.max_transaction_bytes - 1; }),
              number(Errc::change_invalid));
    EXPECT_EQ(with([](Parameters& p) { p.max_transaction_work = 1'000; }), number(Errc::change_invalid));
    EXPECT_EQ(with([](Parameters& p) { p.view_timeout_ms = 0; }), number(Errc::change_invalid));
    EXPECT_EQ(with([](Parameters& p) { p.view_timeout_max_ms = 600'001; }), number(Errc::change_invalid));
    EXPECT_EQ(with([](Parameters& p) { p.retry_interval_ms = 600'001; }), number(Errc::change_invalid));
    EXPECT_EQ(with([](Parameters& p) { p.max_block_transactions = 17; }), 0);
}

TEST(Changes, OfTheElectorate) {
    GovernedWorld world;
    GovernanceTerms terms = *world.genesis.governance;
    terms.electors = {"org-a", "org-b", "org-c"};
    terms.threshold = 1;  // Not more than half.
    EXPECT_EQ(world.propose("org-a", ChangeElectorate{terms}), number(Errc::change_invalid));
    terms.threshold = 2;
    terms.electors = {"org-a", "org-b", "org-e"};  // org-e has no governor.
    EXPECT_EQ(world.propose("org-a", ChangeElectorate{terms}), number(Errc::change_invalid));
    terms.electors = {"org-a", "org-b", "org-c"};
    ASSERT_TRUE(world.decide(ChangeElectorate{terms}).outcome.accepted());
    EXPECT_EQ(find_governance(world.state), world.genesis.governance);  // Not before the next epoch.

    EXPECT_EQ(world.propose("org-d", fifth()), number(Errc::not_an_elector));
    ASSERT_EQ(world.propose("org-a", fifth()), 0);
    EXPECT_EQ(world.vote("org-d", world.last_proposal).outcome.code, number(Errc::not_an_elector));
    EXPECT_EQ(world.enact("org-a", world.last_proposal).outcome.field, "votes 1, threshold 2");
    EXPECT_TRUE(world.vote("org-b", world.last_proposal).outcome.accepted());
    EXPECT_TRUE(world.enact("org-b", world.last_proposal).outcome.accepted());
}

TEST(Changes, AKeyThatLeftNeverReturns) {
    GovernedWorld world;
    ASSERT_TRUE(world.decide(RotateKey{validator_key("org-d"), validator_key("new d")}).outcome.accepted());
    world.idle(1);
    EXPECT_EQ(world.terms().validators.at(3), (ledger::Validator{"org-d", validator_key("new d")}));
    EXPECT_EQ(world.propose("org-a", AddValidator{{"org-d", validator_key("org-d")}}), number(Errc::key_retired));
    EXPECT_EQ(world.propose("org-a", RotateKey{validator_key("new d"), validator_key("org-d")}),
              number(Errc::key_retired));
    EXPECT_EQ(world.ready("org-d", "validator org-d").outcome.code, number(Errc::key_retired));
}

TEST(Changes, TheLastValidatorStays) {
    Genesis genesis = test::governed_genesis();
    genesis.validators.erase(genesis.validators.begin() + 1, genesis.validators.end());
    GovernedWorld world{genesis};
    EXPECT_EQ(world.propose("org-a", RemoveValidator{validator_key("org-a")}), number(Errc::change_invalid));
}

TEST(Changes, EveryKindIsReadAsItWasWritten) {
    for (const Change& change : std::initializer_list<Change>{
             fifth(), RemoveValidator{validator_key("org-a")}, RotateKey{validator_key("org-a"), validator_key("b")},
             ChangeParameters{}, ChangeRules{7}, ChangeElectorate{*test::governed_genesis().governance}}) {
        cbor::Writer out;
        codec::write_change(out, change);
        cbor::Reader in{out.view()};
        EXPECT_EQ(codec::read_change(in), change) << name(change);
        EXPECT_TRUE(in.finish()) << name(change);
        GovernedWorld world;
        const auto transaction = world.sign("org-a/governor-1", {.body = ProposeBody{change, true, "why"}});
        EXPECT_EQ(std::get<ProposeBody>(decode_action(*transaction)->body), (ProposeBody{change, true, "why"}));
    }
}

TEST(Quorum, AChangeThatLosesTheLiveQuorumIsRefusedUnlessItSaysSo) {
    GovernedWorld world;
    world.down.insert(validator_key("org-d"));
    world.idle(9);  // The window is eight blocks: org-d has not been seen.
    // Three of four are live. Without org-c: two live of three, quorum three.
    Execution refused = world.decide(RemoveValidator{validator_key("org-c")});
    EXPECT_EQ(refused.outcome.code, number(Errc::loses_live_quorum));
    EXPECT_EQ(refused.outcome.field, "live 2, quorum 3");
    EXPECT_FALSE(next_terms(world.state));
    // The dead one may go: three live of three.
    EXPECT_TRUE(world.decide(RemoveValidator{validator_key("org-d")}).outcome.accepted());

    GovernedWorld forced;
    forced.down.insert(validator_key("org-d"));
    forced.idle(9);
    EXPECT_TRUE(forced.decide(RemoveValidator{validator_key("org-c")}, true).outcome.accepted());
}

TEST(Quorum, AJoinerCountsOnceItIsReady) {
    GovernedWorld world;
    world.down.insert(validator_key("org-d"));
    world.idle(9);
    // Five validators need four; three are live.
    EXPECT_EQ(world.decide(fifth()).outcome.field, "live 3, quorum 4");
    ASSERT_TRUE(world.ready("org-e", "validator org-e").outcome.accepted());
    EXPECT_TRUE(world.decide(fifth()).outcome.accepted());
}

TEST(Quorum, ReadinessFadesWithTheLifetimeOfAProposal) {
    GovernedWorld world;
    world.down.insert(validator_key("org-d"));
    ASSERT_TRUE(world.ready("org-e", "validator org-e").outcome.accepted());
    world.time = UnixMs{world.time.raw() + 3'600'000};
    world.idle(9);
    EXPECT_EQ(world.decide(fifth()).outcome.code, number(Errc::loses_live_quorum));
}

TEST(Quorum, AMemberIsLiveWhileABlockOfTheWindowCarriesItsVoteOrProposalOrReadiness) {
    GovernedWorld world;
    const ledger::Validator d{"org-d", validator_key("org-d")};
    const auto live = [&] {
        const EpochTerms now = world.terms();
        return LivenessView{world.state, now, world.height, world.time}.is_live(d);
    };
    EXPECT_FALSE(live());  // Nothing was seen of anybody yet.
    world.idle(2);
    EXPECT_TRUE(live());
    world.down.insert(d.key);
    world.idle(6);
    EXPECT_TRUE(live());  // Seen in block 2; asked in block 9, the window is 2..9.
    world.idle(1);
    EXPECT_FALSE(live());
    ASSERT_TRUE(world.ready("org-d", "validator org-d").outcome.accepted());
    EXPECT_TRUE(live());
    world.idle(8);
    EXPECT_FALSE(live());
}

TEST(Quorum, HowManyMayCrashBeforeAndAfter) {
    GovernedWorld world;
    world.idle(2);
    const EpochTerms now = world.terms();
    const LivenessView view{world.state, now, world.height, world.time};
    const Assessment found = assess(view, now, *changed(now, fifth(), world.state));
    EXPECT_EQ(found.before, (Strength{4, 3, 4}));
    EXPECT_EQ(found.before.may_crash(), 1U);
    EXPECT_EQ(found.after, (Strength{5, 4, 4}));
    EXPECT_EQ(found.after.may_crash(), 0U);
}

TEST(Readiness, IsSignedByTheValidatorsOwnKeyOverARecentMark) {
    GovernedWorld world;
    world.idle(1);
    const auto said = [&](std::string_view who, ReadyBody body) {
        const Execution done = world.run(who, {.body = std::move(body)});
        return std::pair{done.outcome.code, done.outcome.field};
    };
    const auto invalid = [](std::string field) { return std::pair{number(Errc::readiness_invalid), std::move(field)}; };
    const SecretKey key = key_of("validator org-e");
    const ReadinessScope scope{world.chain_id, "org-e"};
    const ChainMark mark = find_marks(world.state).back();

    ReadyBody other_key = world.readiness("org-e", "validator org-e");
    other_key.key = validator_key("x");
    EXPECT_EQ(said("org-e/operator-1", other_key), invalid("statement.header"));
    EXPECT_EQ(said("org-b/operator-1", world.readiness("org-e", "validator org-e")), invalid("statement.header"));
    EXPECT_EQ(said("org-e/operator-1", world.readiness("org-e", "validator org-a")), invalid("issuer"));
    ReadyBody garbled = world.readiness("org-e", "validator org-e");
    garbled.statement.back() ^= 1U;
    EXPECT_EQ(said("org-e/operator-1", garbled), invalid("statement.signature"));
    EXPECT_EQ(said("org-e/operator-1", {key.public_key(), to_bytes(as_bytes("nothing"))}), invalid("statement"));
    const Readiness elsewhere{{mark.height, Digest{{1}}}, 1};
    EXPECT_EQ(said("org-e/operator-1", {key.public_key(), make_readiness(key, scope, elsewhere)}),
              invalid("statement.mark"));
    const auto foreign = make_readiness(key, {Digest{{2}}, "org-e"}, {mark, 1});
    EXPECT_EQ(said("org-e/operator-1", {key.public_key(), foreign}), invalid("statement.header"));
    EXPECT_EQ(said("org-e/operator-1", world.readiness("org-e", "validator org-e")).first, 0);
    EXPECT_EQ(find_readiness(world.state, key.public_key().id())->named, mark);
    EXPECT_EQ(world.run("org-a/governor-1", {.body = world.readiness("org-a", "validator org-a")}).outcome.code,
              number(Errc::role_missing));
}

TEST(Readiness, OfAKeyForOneOrganisationDoesNotServeAnother) {
    GovernedWorld world;
    world.down.insert(validator_key("org-d"));
    world.idle(9);
    ASSERT_TRUE(world.ready("org-b", "validator org-e").outcome.accepted());
    EXPECT_EQ(world.decide(fifth()).outcome.code, number(Errc::loses_live_quorum));
}

TEST(Rules, ANewVersionNeedsAQuorumThatKnowsIt) {
    GovernedWorld world;
    Execution refused = world.decide(ChangeRules{2}, true);  // The override is about liveness alone.
    EXPECT_EQ(refused.outcome.code, number(Errc::rules_not_supported));
    EXPECT_EQ(refused.outcome.field, "supporters 0, quorum 3");
    ASSERT_TRUE(world.ready("org-a", "validator org-a", 2).outcome.accepted());
    ASSERT_TRUE(world.ready("org-b", "validator org-b", 3).outcome.accepted());
    ASSERT_TRUE(world.ready("org-c", "validator org-c", 1).outcome.accepted());
    EXPECT_EQ(world.decide(ChangeRules{2}).outcome.field, "supporters 2, quorum 3");
    ASSERT_TRUE(world.ready("org-c", "validator org-c", 2).outcome.accepted());
    ASSERT_TRUE(world.decide(ChangeRules{2}).outcome.accepted());
    world.idle(1);
    EXPECT_EQ(world.terms().rules_version, 2U);
    EXPECT_EQ(world.context().rules_version, 2U);
}

TEST(Governance, ThreeEpochsInARow) {
    GovernedWorld world;
    ASSERT_TRUE(world.decide(fifth()).outcome.accepted());
    ASSERT_TRUE(world.decide(RotateKey{validator_key("org-a"), validator_key("new a")}).outcome.accepted());
    ASSERT_TRUE(world.decide(RemoveValidator{validator_key("org-b")}).outcome.accepted());
    world.idle(1);
    const EpochTerms now = world.terms();
    EXPECT_EQ(now.epoch, Epoch{3});
    EXPECT_EQ(now.validators.size(), 4U);
    EXPECT_EQ(now.validators.at(0).key, validator_key("new a"));
    EXPECT_EQ(now.validators.at(3).organisation, "org-e");
    for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
        EXPECT_EQ(find_terms(world.state, Epoch{epoch})->epoch, Epoch{epoch});
    }
}

TEST(Proposal, EncodingIsReversible) {
    GovernedWorld world;
    ASSERT_TRUE(world.decide(fifth()).outcome.accepted());
    const Proposal made = world.proposal(world.last_proposal);
    EXPECT_EQ(*decode_proposal(encode(made)), made);
    EXPECT_EQ(made.accepted_by(*world.genesis.governance), 3U);
    EXPECT_EQ(made.enacted, Height{world.height.raw() - 1});
}

}  // namespace
}  // namespace probatum::contracts
