// Who belongs to the consortium: docs/spec/roles.md section 6. Numbers in the names are those of its rules.
#include "contracts/registry.h"

#include <gtest/gtest.h>

#include "contracts/possession.h"
#include "contracts/state_keys.h"
#include "governed_world.h"

namespace probatum::contracts {
namespace {

using test::GovernedWorld;
using test::key_of;
using test::number;
using test::validator_key;

class Register : public testing::Test {
protected:
    GovernedWorld world;

    Bytes possession(std::string_view organisation, std::string_view member, std::string_view key) const {
        return make_possession(key_of(key), {world.chain_id, std::string{organisation}, std::string{member}});
    }
    AddMemberBody adding(std::string_view organisation, std::string_view id, std::vector<Role> roles) const {
        const std::string whole = std::string{organisation} + "/" + std::string{id};
        return {std::string{id}, "Name", key_of(whole).public_key(), std::move(roles),
                possession(organisation, id, whole)};
    }
    std::uint16_t add(std::string_view organisation, std::string_view id, std::vector<Role> roles) {
        return world
            .run(std::string{organisation} + "/governor-1", {.body = adding(organisation, id, std::move(roles))})
            .outcome.code;
    }
    std::uint16_t act(std::string_view who, ActionBody body) {
        return world.run(who, {.body = std::move(body)}).outcome.code;
    }
    std::uint16_t decided(const Change& change) { return world.decided(change); }
    bool may_deposit(std::string_view who) { return act(who, test::sample_deposit()) == 0; }
    Result<void> admitted(std::string_view who) {
        return world.admit(*world.sign(who, {.body = test::sample_deposit()}));
    }
};

TEST_F(Register, GenesisCountsMembersAndGovernors) {
    EXPECT_EQ(organisation_count(world.state), 5U);
    EXPECT_EQ(find_organisation_id(world.state, 5), "org-e");
    EXPECT_EQ(find_standing(world.state, "org-a"), (Standing{OrganisationStatus::active, Height{}, 4, 2}));
    EXPECT_EQ(find_standing(world.state, "org-e"), (Standing{OrganisationStatus::active, Height{}, 1, 0}));
    EXPECT_EQ(find_member_id(world.state, "org-a", 4), "maker-1");
    EXPECT_EQ(find_member(world.state, "org-a", "maker-1")->keys.back().key, key_of("org-a/maker-1").public_key().id());
}

TEST_F(Register, AGovernorTakesInAMemberOfItsOwnOrganisation) {
    EXPECT_FALSE(admitted("org-b/maker-1").has_value());
    ASSERT_EQ(add("org-b", "maker-1", {Role::lender_maker, Role::borrower}), 0);
    EXPECT_TRUE(may_deposit("org-b/maker-1"));
    EXPECT_EQ(find_standing(world.state, "org-b")->members, 4U);
    // The member is of the governor's organisation, whatever else; only a governor does it.
    EXPECT_EQ(act("org-a/maker-1", adding("org-a", "maker-2", {Role::lender_maker})), number(Errc::role_missing));
    EXPECT_EQ(act("org-a/operator-1", adding("org-a", "maker-2", {Role::lender_maker})), number(Errc::role_missing));
}

TEST_F(Register, Rule1_RolesOfPowerAreTakenAndNotGivenWithinOneOrganisation) {
    for (const Role role : kGrantedByVote.list()) {
        EXPECT_EQ(add("org-a", "mighty", {role}), number(Errc::needs_vote)) << name(role);
    }
    const char* const governor = "org-a/governor-1";
    EXPECT_EQ(act(governor, SetRolesBody{"maker-1", {Role::consortium_governor, Role::lender_maker}}),
              number(Errc::needs_vote));
    // Taken: the other governor becomes a borrower's clerk, the operator goes.
    EXPECT_EQ(act(governor, SetRolesBody{"governor-2", {Role::borrower}}), 0);
    EXPECT_EQ(find_standing(world.state, "org-a")->governors, 1U);
    EXPECT_EQ(act(governor, RemoveMemberBody{"operator-1"}), 0);
    EXPECT_EQ(act(governor, SetRolesBody{"governor-2", {Role::consortium_governor}}), number(Errc::needs_vote));
}

TEST_F(Register, NobodyChangesHisOwnRoles) {
    EXPECT_EQ(act("org-a/governor-1", SetRolesBody{"governor-1", {Role::consortium_governor, Role::lender_maker}}),
              number(Errc::same_person));
}

TEST_F(Register, Rule2_TheExclusionsHoldAtEveryGrant) {
    EXPECT_EQ(act("org-a/governor-1", SetRolesBody{"operator-1", {Role::validator_operator, Role::lender_maker}}),
              number(Errc::roles_excluded));
    EXPECT_EQ(decided(SetMember{test::member("org-a", "new", {Role::validator_operator, Role::consortium_governor})}),
              number(Errc::roles_excluded));
    EXPECT_EQ(decided(SetMember{test::member("org-a", "new", {Role::custodian, Role::judicial_officer})}),
              number(Errc::roles_excluded));
    Member clerk = test::member("org-a", "maker-1", {Role::platform_administrator, Role::lender_maker});
    EXPECT_EQ(decided(SetMember{clerk}), number(Errc::roles_excluded));
}

TEST_F(Register, Rule3_AnElectorKeepsAGovernor) {
    ASSERT_EQ(act("org-a/governor-1", RemoveMemberBody{"governor-2"}), 0);
    EXPECT_EQ(act("org-a/governor-1", RemoveMemberBody{"governor-1"}), number(Errc::last_governor));
    EXPECT_EQ(decided(RemoveMember{"org-a", "governor-1"}), number(Errc::last_governor));
    EXPECT_EQ(decided(SetMember{test::member("org-a", "governor-1", {Role::lender_maker})}),
              number(Errc::last_governor));
    const Digest id = key_of("org-a/governor-1").public_key().id().digest;
    EXPECT_EQ(decided(Freeze{{FreezeSubject::Kind::key, {}, id}}), number(Errc::last_governor));
    // Another key of the same governor leaves no gap.
    EXPECT_EQ(
        act("org-a/governor-1", RotateMemberBody{key_of("a2").public_key(), possession("org-a", "governor-1", "a2")}),
        0);
    EXPECT_EQ(find_standing(world.state, "org-a")->governors, 1U);
}

TEST_F(Register, Rule3_AFrozenGovernorIsNone) {
    const FreezeSubject second{FreezeSubject::Kind::key, {}, key_of("org-d/governor-2").public_key().id().digest};
    ASSERT_EQ(decided(Freeze{second}), 0);
    EXPECT_EQ(act("org-d/governor-1", RemoveMemberBody{"governor-1"}), number(Errc::last_governor));
    ASSERT_EQ(decided(Unfreeze{second}), 0);
    EXPECT_EQ(act("org-d/governor-1", RemoveMemberBody{"governor-1"}), 0);
}

TEST_F(Register, Rule4_EveryNewKeySignsThatItIsHeld) {
    const auto with = [&](Bytes statement) {
        AddMemberBody body = adding("org-a", "new-1", {Role::borrower});
        body.possession = std::move(statement);
        return world.run("org-a/governor-1", {.body = body}).outcome;
    };
    EXPECT_EQ(with(possession("org-a", "new-1", "another key")).field, "possession.header");
    EXPECT_EQ(with(possession("org-b", "new-1", "org-a/new-1")).field, "possession.header");
    EXPECT_EQ(with(possession("org-a", "new-2", "org-a/new-1")).field, "possession.payload");
    Bytes broken = possession("org-a", "new-1", "org-a/new-1");
    broken.back() = static_cast<std::uint8_t>(broken.back() ^ 1U);
    EXPECT_EQ(with(broken).code, number(Errc::possession_invalid));
    EXPECT_EQ(with(possession("org-a", "new-1", "org-a/new-1")).code, 0);
}

TEST_F(Register, Rule4_NoKeyIsUsedTwice) {
    const auto taken = [&](std::string_view key) {
        AddMemberBody body = adding("org-a", "new-1", {Role::borrower});
        body.key = key_of(key).public_key();
        body.possession = possession("org-a", "new-1", key);
        return act("org-a/governor-1", body);
    };
    EXPECT_EQ(taken("org-b/governor-1"), number(Errc::key_taken));
    EXPECT_EQ(taken("validator org-b"), number(Errc::key_taken));
    ASSERT_EQ(act("org-a/governor-1", RemoveMemberBody{"maker-1"}), 0);
    EXPECT_EQ(taken("org-a/maker-1"), number(Errc::key_taken));
    ASSERT_EQ(decided(RotateKey{validator_key("org-d"), validator_key("next d")}), 0);
    EXPECT_EQ(taken("validator org-d"), number(Errc::key_taken));
    EXPECT_EQ(taken("validator next d"), number(Errc::key_taken));
    EXPECT_EQ(taken("fresh"), 0);
}

TEST_F(Register, Rule5_ARotatedKeyActsNoLongerAndItsSuccessorDoes) {
    ASSERT_TRUE(may_deposit("org-a/maker-1"));
    const auto fresh = key_of("maker's second").public_key();
    ASSERT_EQ(act("org-a/maker-1", RotateMemberBody{fresh, possession("org-a", "maker-1", "maker's second")}), 0);
    EXPECT_EQ(admitted("org-a/maker-1").error().code, Errc::unknown_key);
    const MemberKey key = find_member_key(world.state, fresh.id()).value();
    EXPECT_EQ(key.member, "maker-1");
    EXPECT_TRUE(key.roles.has(Role::lender_maker));
    EXPECT_FALSE(key.certificate.has_value());
    const MemberRecord record = find_member(world.state, "org-a", "maker-1").value();
    ASSERT_EQ(record.keys.size(), 2U);
    EXPECT_EQ(record.keys.back().since, Height{world.height.raw() - 1});
    // The value of the former one stays: its signatures can still be told to be a member's.
    const auto former = world.state.get(state_keys::member_key(key_of("org-a/maker-1").public_key().id()));
    EXPECT_EQ(decode_member_key(*former)->status, KeyStatus::revoked);
}

TEST_F(Register, Rule5_IdsAreNeverUsedAgain) {
    ASSERT_EQ(act("org-a/governor-1", RemoveMemberBody{"maker-1"}), 0);
    EXPECT_EQ(admitted("org-a/maker-1").error().code, Errc::unknown_key);
    AddMemberBody again = adding("org-a", "maker-1", {Role::borrower});
    again.key = key_of("other").public_key();
    again.possession = possession("org-a", "maker-1", "other");
    EXPECT_EQ(act("org-a/governor-1", again), number(Errc::id_taken));
    EXPECT_EQ(act("org-a/governor-1", RemoveMemberBody{"maker-1"}), number(Errc::member_unknown));
    EXPECT_EQ(act("org-a/governor-1", SetRolesBody{"maker-1", {Role::borrower}}), number(Errc::member_unknown));
    EXPECT_EQ(act("org-a/governor-1", SetRolesBody{"nobody", {Role::borrower}}), number(Errc::member_unknown));
}

TEST_F(Register, ALostKeyIsReplacedByAGovernorUnlessItCarriesPower) {
    const auto lost = [&](std::string_view who, std::string_view member, std::string_view key) {
        const std::string organisation{who.substr(0, who.find('/'))};
        return act(who, RotateMemberBody{key_of(key).public_key(), possession(organisation, member, key),
                                         std::string{member}});
    };
    EXPECT_EQ(lost("org-a/operator-1", "maker-1", "m2"), number(Errc::role_missing));
    EXPECT_EQ(lost("org-a/governor-1", "operator-1", "o2"), number(Errc::needs_vote));
    EXPECT_EQ(lost("org-a/governor-1", "governor-2", "g2"), number(Errc::needs_vote));
    EXPECT_EQ(lost("org-b/governor-1", "maker-1", "m2"), number(Errc::member_unknown));  // Not its own.
    EXPECT_EQ(lost("org-a/governor-1", "maker-1", "m2"), 0);
    EXPECT_EQ(lost("org-a/governor-1", "governor-1", "g1"), 0);  // One's own, named.
}

TEST_F(Register, TheElectorsGivePowerAndReplaceItsKeys) {
    Member officer = test::member("org-e", "governor-1", {Role::consortium_governor});
    ASSERT_EQ(decided(SetMember{officer}), 0);
    EXPECT_EQ(find_standing(world.state, "org-e")->governors, 1U);
    EXPECT_EQ(add("org-e", "maker-1", {Role::lender_maker}), 0);
    // The same again changes nothing; another key is a replacement.
    EXPECT_EQ(decided(SetMember{officer}), number(Errc::change_invalid));
    officer.key = key_of("second").public_key();
    ASSERT_EQ(decided(SetMember{officer}), 0);
    EXPECT_EQ(admitted("org-e/governor-1").error().code, Errc::unknown_key);
    EXPECT_TRUE(find_member_key(world.state, officer.key.id()).has_value());
    ASSERT_EQ(decided(RemoveMember{"org-e", "governor-1"}), 0);
    EXPECT_EQ(find_standing(world.state, "org-e")->governors, 0U);
    EXPECT_EQ(decided(SetMember{officer}), number(Errc::member_unknown));
    EXPECT_EQ(decided(SetMember{test::member("nobody", "x", {Role::borrower})}), number(Errc::organisation_unknown));
}

TEST_F(Register, AnOrganisationJoinsWithItsFirstMembersAndLeaves) {
    const JoinOrganisation join{.organisation = {"court-f", "己法院", "91330100799655058B"},
                                .members = {test::member("court-f", "officer-1", {Role::judicial_officer}),
                                            test::member("court-f", "governor-1", {Role::consortium_governor})}};
    ASSERT_EQ(decided(join), 0);
    EXPECT_EQ(find_organisation_id(world.state, 6), "court-f");
    EXPECT_EQ(find_standing(world.state, "court-f")->members, 2U);
    EXPECT_EQ(add("court-f", "clerk-1", {Role::custodian}), 0);
    EXPECT_TRUE(may_deposit("court-f/clerk-1"));
    EXPECT_EQ(decided(join), number(Errc::id_taken));

    ASSERT_EQ(decided(RemoveOrganisation{"court-f"}), 0);
    EXPECT_EQ(find_standing(world.state, "court-f")->status, OrganisationStatus::left);
    EXPECT_EQ(admitted("court-f/clerk-1").error().code, Errc::unknown_key);
    EXPECT_EQ(decided(RemoveOrganisation{"court-f"}), number(Errc::organisation_unknown));
    EXPECT_EQ(decided(join), number(Errc::id_taken));
    EXPECT_EQ(decided(SetMember{test::member("court-f", "x", {Role::borrower})}), number(Errc::organisation_unknown));
    EXPECT_EQ(decided(AddValidator{{"court-f", validator_key("f")}}), number(Errc::change_invalid));
}

TEST_F(Register, AJoinIsWholeOrNotAtAll) {
    JoinOrganisation join{.organisation = {"court-f", "己法院", ""},
                          .members = {test::member("court-f", "officer-1", {Role::judicial_officer})}};
    join.members.push_back(join.members.front());
    join.members.back().id = "officer-2";  // The same key twice.
    EXPECT_EQ(decided(join), number(Errc::key_taken));
    join.members.pop_back();
    join.organisation.identifier = "91330100799655058C";
    EXPECT_EQ(decided(join), number(Errc::identifier_invalid));
    EXPECT_EQ(organisation_count(world.state), 5U);
    EXPECT_FALSE(find_standing(world.state, "court-f").has_value());
}

TEST_F(Register, WhoHasAVoteOrRunsAValidatorDoesNotLeave) {
    EXPECT_EQ(decided(RemoveOrganisation{"org-d"}), number(Errc::change_invalid));
    GovernanceTerms terms = *world.genesis.governance;
    terms.electors = {"org-a", "org-b", "org-c"};
    ASSERT_EQ(decided(ChangeElectorate{terms}), 0);
    EXPECT_EQ(decided(RemoveOrganisation{"org-d"}), number(Errc::change_invalid));  // It runs a validator.
    ASSERT_EQ(decided(RemoveValidator{validator_key("org-d")}), 0);
    EXPECT_EQ(decided(RemoveOrganisation{"org-d"}), 0);
    terms.electors.push_back("org-d");
    EXPECT_EQ(decided(ChangeElectorate{terms}), number(Errc::change_invalid));
}

TEST_F(Register, AChangeOfTheRegisterClosesNoEpochAndOtherProposalsStay) {
    ASSERT_EQ(world.propose("org-b", AddValidator{{"org-e", validator_key("org-e")}}), 0);
    const Digest other = world.last_proposal;
    ASSERT_EQ(decided(SetMember{test::member("org-e", "governor-1", {Role::consortium_governor})}), 0);
    EXPECT_EQ(world.terms().epoch, Epoch{});
    EXPECT_FALSE(next_terms(world.state).has_value());
    EXPECT_EQ(world.vote("org-c", other).outcome.code, 0);
    EXPECT_EQ(world.enact("org-a", world.last_proposal).outcome.code, number(Errc::proposal_closed));
}

TEST_F(Register, WhatNoLongerFitsIsRefusedWhenEnacted) {
    ASSERT_EQ(world.propose("org-a", RemoveMember{"org-a", "maker-1"}), 0);
    const Digest id = world.last_proposal;
    ASSERT_EQ(act("org-a/governor-1", RemoveMemberBody{"maker-1"}), 0);
    world.vote("org-b", id);
    world.vote("org-c", id);
    EXPECT_EQ(world.enact("org-a", id).outcome.code, number(Errc::member_unknown));
}

TEST(RegisterWithoutGovernance, NothingChanges) {
    test::World world;
    const Bytes statement = make_possession(key_of("x"), {world.chain_id, "bank-a", "maker-1"});
    const RotateMemberBody rotate{key_of("x").public_key(), statement};
    EXPECT_EQ(world.run("bank-a/maker-1", {.body = rotate}).outcome.code, number(Errc::governance_absent));
    EXPECT_EQ(world.run("bank-a/governor-1", {.body = RemoveMemberBody{"maker-1"}}).outcome.code,
              number(Errc::governance_absent));
}

TEST(RegisterValues, ComeBackFromTheirBytes) {
    const Standing standing{OrganisationStatus::frozen, Height{7}, 3, 1};
    EXPECT_EQ(decode_standing(encode(standing)), standing);
    const MemberRecord record{2, "Name", {{KeyId{Digest{{1}}}, Height{}}, {KeyId{Digest{{2}}}, Height{9}}}, Height{12}};
    EXPECT_EQ(decode_member_record(encode(record)), record);
    EXPECT_FALSE(decode_member_record(encode(MemberRecord{2, "Name", {}, {}})).has_value());
    const FreezeRecord freeze{Digest{{3}}, Height{4}};
    EXPECT_EQ(decode_freeze_record(encode(freeze)), freeze);
}

}  // namespace
}  // namespace probatum::contracts
