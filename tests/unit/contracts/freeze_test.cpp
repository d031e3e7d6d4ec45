// What is frozen cannot act: docs/spec/roles.md section 7.
#include <gtest/gtest.h>

#include "contracts/possession.h"
#include "contracts/registry.h"
#include "governed_world.h"

namespace probatum::contracts {
namespace {

using test::GovernedLoan;
using test::key_of;
using test::number;
using Kind = FreezeSubject::Kind;

FreezeSubject organisation(std::string id) { return {Kind::organisation, std::move(id), {}}; }
FreezeSubject key(std::string_view who) { return {Kind::key, {}, key_of(who).public_key().id().digest}; }

class Frozen : public testing::Test {
protected:
    GovernedLoan world;

    ledger::Outcome act(std::string_view who, ActionBody body) {
        return world.run(who, {.contract = world.id, .body = std::move(body)}).outcome;
    }
    std::uint16_t alone(std::string_view who, ActionBody body) {
        return world.run(who, {.body = std::move(body)}).outcome.code;
    }
};

TEST_F(Frozen, AnOrganisationDoesNoBusinessAndIsRecordedWhenItTries) {
    world.registered();
    ASSERT_EQ(world.decided(Freeze{organisation("bank-a")}), 0);
    const Execution tried = world.run("bank-a/maker-1", {.contract = world.id, .body = world.signature()});
    EXPECT_EQ(tried.outcome.code, number(Errc::account_frozen));
    EXPECT_EQ(tried.outcome.field, "organisation");
    ASSERT_EQ(tried.events.size(), 1U);  // In the contract's log of refusals.
    EXPECT_TRUE(tried.events.front().refused);
    EXPECT_EQ(decode_resolved(tried.events.front().leaf.resolved)->frozen, Kind::organisation);
    // The other side is free.
    EXPECT_EQ(act("supplier-b/treasurer-1", world.signature()).code, 0);
    ASSERT_EQ(world.decided(Unfreeze{organisation("bank-a")}), 0);
    EXPECT_EQ(act("bank-a/maker-1", world.signature()).code, 0);
}

TEST_F(Frozen, EvidenceStaysPossible) {
    world.registered();
    ASSERT_EQ(world.decided(Freeze{organisation("supplier-b")}), 0);
    EXPECT_EQ(alone("supplier-b/treasurer-1", test::sample_deposit()), 0);
    EXPECT_EQ(act("supplier-b/treasurer-1", test::sample_deposit()).code, 0);
    EXPECT_EQ(act("supplier-b/treasurer-1", world.signature()).field, "organisation");
}

TEST_F(Frozen, AKeyDoesNothingElseAtAll) {
    world.registered();
    ASSERT_EQ(world.decided(Freeze{key("bank-a/maker-1")}), 0);
    const Execution tried = world.run("bank-a/maker-1", {.contract = world.id, .body = world.signature()});
    EXPECT_EQ(tried.outcome.code, number(Errc::account_frozen));
    EXPECT_EQ(tried.outcome.field, "key");
    EXPECT_EQ(decode_resolved(tried.events.front().leaf.resolved)->key_status, KeyStatus::frozen);
    EXPECT_EQ(act("bank-a/maker-2", world.signature()).code, 0);
    ASSERT_EQ(world.decided(Freeze{key("org-d/governor-2")}), 0);
    EXPECT_EQ(alone("org-d/governor-2", ProposeBody{.change = ChangeRules{2}}), number(Errc::account_frozen));
    EXPECT_EQ(alone("org-d/governor-2", RemoveMemberBody{"governor-1"}), number(Errc::account_frozen));
}

TEST_F(Frozen, AKeyIsNotReplacedByItsGovernor) {
    ASSERT_EQ(world.decided(Freeze{key("bank-a/maker-1")}), 0);
    const auto statement = make_possession(key_of("x"), {world.chain_id, "bank-a", "maker-1"});
    const RotateMemberBody rotate{key_of("x").public_key(), statement, "maker-1"};
    EXPECT_EQ(alone("bank-a/governor-1", rotate), number(Errc::account_frozen));
    Member replaced = test::member("bank-a", "maker-1", {Role::lender_maker});
    replaced.key = key_of("x").public_key();
    ASSERT_EQ(world.decided(SetMember{replaced}), 0);
    EXPECT_EQ(find_member_key(world.state, replaced.key.id())->status, KeyStatus::active);
    EXPECT_FALSE(find_freeze(world.state, key("bank-a/maker-1")).has_value());
}

TEST_F(Frozen, AContractStandsStill) {
    world.registered();
    ASSERT_EQ(world.decided(Freeze{{Kind::contract, {}, world.id}}), 0);
    for (const char* const who : {"bank-a/maker-1", "supplier-b/treasurer-1"}) {
        const ledger::Outcome outcome = act(who, world.signature());
        EXPECT_EQ(outcome.code, number(Errc::account_frozen));
        EXPECT_EQ(outcome.field, "contract");
        EXPECT_EQ(act(who, test::sample_deposit()).code, 0);
    }
    // Strangers are strangers first.
    EXPECT_EQ(act("org-a/operator-1", world.signature()).code, number(Errc::not_a_party));
    ASSERT_EQ(world.decided(Unfreeze{{Kind::contract, {}, world.id}}), 0);
    EXPECT_EQ(act("bank-a/maker-1", world.signature()).code, 0);
}

// Admission is asked of the state before the block; execution of the state as it has become.
TEST_F(Frozen, AKeyThatWasRevokedEarlierInTheBlockIsRefusedAndLeavesNoTraceInTheState) {
    world.registered();
    const auto alone_late = world.sign("bank-a/maker-1", {.body = test::sample_deposit()});
    const auto on_contract_late = world.sign("bank-a/maker-1", {.contract = world.id, .body = world.signature()});
    world.begin_block();
    ASSERT_TRUE(world.admit(*alone_late) && world.admit(*on_contract_late));
    const auto removal = world.sign("bank-a/governor-1", {.body = RemoveMemberBody{"maker-1"}});
    ASSERT_TRUE(world.run_in_block(removal).outcome.accepted());
    for (const auto& late : {alone_late, on_contract_late}) {
        const Execution done = execute(*late, world.context(), 1, world.state);
        EXPECT_EQ(done.outcome, (ledger::Outcome{number(Errc::unknown_key), "key_id"}));
        EXPECT_TRUE(done.writes.empty() && done.events.empty() && done.index.empty());
    }
}

TEST_F(Frozen, AKeyStillPutsEvidenceUnderItsContract) {
    world.registered();
    ASSERT_EQ(world.decided(Freeze{key("bank-a/maker-1")}), 0);
    EXPECT_EQ(act("bank-a/maker-1", test::sample_deposit()), (ledger::Outcome{}));
    EXPECT_EQ(alone("bank-a/maker-1", test::sample_deposit("another")), 0);
}

TEST_F(Frozen, AKeyIsNotFreedByAFreezeOfItsOrganisation) {
    ASSERT_EQ(world.decided(Freeze{key("org-d/governor-2")}), 0);
    ASSERT_EQ(world.decided(Freeze{organisation("org-d")}), 0);
    ASSERT_EQ(world.propose("org-a", ChangeRules{2}), 0);
    EXPECT_EQ(alone("org-d/governor-2", VoteBody{world.last_proposal, Choice::accept}), number(Errc::account_frozen));
    EXPECT_EQ(alone("org-d/governor-1", VoteBody{world.last_proposal, Choice::accept}), 0);
}

TEST_F(Frozen, AnOrganisationKeepsItsVote) {
    ASSERT_EQ(world.decided(Freeze{organisation("org-b")}), 0);
    EXPECT_EQ(alone("org-b/governor-1", RemoveMemberBody{"governor-2"}), number(Errc::account_frozen));
    EXPECT_EQ(world.decided(Unfreeze{organisation("org-b")}), 0);  // org-b votes for it.
}

TEST_F(Frozen, ACourtOrARegulatorProposesItAndHasNoVote) {
    const auto proposal = [&](std::string_view who, Change change) {
        const auto transaction = world.sign(who, {.body = ProposeBody{.change = std::move(change)}});
        world.last_proposal = transaction->id();
        return world.run(transaction).outcome.code;
    };
    EXPECT_EQ(proposal("court-e/officer-1", SetMember{test::member("court-e", "x", {Role::regulator})}),
              number(Errc::role_missing));
    EXPECT_EQ(proposal("court-e/officer-1", ChangeRules{2}), number(Errc::role_missing));
    EXPECT_EQ(proposal("bank-a/operator-1", Freeze{organisation("bank-d")}), number(Errc::role_missing));
    ASSERT_EQ(proposal("court-e/auditor-1", Freeze{organisation("bank-d")}), 0);
    EXPECT_TRUE(world.proposal(world.last_proposal).votes.empty());
    const Digest id = world.last_proposal;
    EXPECT_EQ(world.vote("org-a", id).outcome.code, 0);
    EXPECT_EQ(world.vote("org-b", id).outcome.code, 0);
    EXPECT_EQ(world.enact("org-a", id).outcome.code, number(Errc::threshold_not_reached));
    EXPECT_EQ(alone("court-e/officer-1", VoteBody{id, Choice::accept}), number(Errc::role_missing));
    EXPECT_EQ(world.vote("org-c", id).outcome.code, 0);
    EXPECT_EQ(world.enact("org-a", id).outcome.code, 0);
    EXPECT_EQ(find_freeze(world.state, organisation("bank-d"))->proposal, id);
    EXPECT_EQ(organisation_status(world.state, "bank-d"), OrganisationStatus::frozen);
    EXPECT_EQ(proposal("court-e/officer-1", Unfreeze{organisation("bank-d")}), 0);
}

TEST_F(Frozen, NothingIsFrozenTwiceAndNobodyUnknown) {
    EXPECT_EQ(world.decided(Freeze{organisation("nobody")}), number(Errc::organisation_unknown));
    EXPECT_EQ(world.decided(Freeze{key("nobody/x")}), number(Errc::member_unknown));
    EXPECT_EQ(world.decided(Freeze{{Kind::contract, {}, Digest{{1}}}}), number(Errc::contract_unknown));
    EXPECT_EQ(world.decided(Unfreeze{organisation("bank-a")}), number(Errc::change_invalid));
    ASSERT_EQ(world.decided(Freeze{organisation("bank-a")}), 0);
    EXPECT_EQ(world.decided(Freeze{organisation("bank-a")}), number(Errc::change_invalid));
}

}  // namespace
}  // namespace probatum::contracts
