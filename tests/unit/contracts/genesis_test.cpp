#include <gtest/gtest.h>

#include <functional>

#include "contracts/identity.h"
#include "contracts/roles.h"
#include "contracts/state_keys.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::key_of;
using test::sample_genesis;

TEST(Genesis, ComesBackFromItsBytes) {
    const Genesis genesis = sample_genesis();
    const Bytes bytes = encode(genesis);
    const Result<Genesis> back = decode_genesis(bytes);
    ASSERT_TRUE(back.has_value()) << back.error().to_string();
    EXPECT_EQ(*back, genesis);
    EXPECT_EQ(encode(*back), bytes);
    EXPECT_EQ(chain_id_of(bytes), sha256(bytes));
}

TEST(Genesis, EveryCutIsRefused) {
    const Bytes bytes = encode(sample_genesis());
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        EXPECT_FALSE(decode_genesis(ByteView{bytes}.first(size)).has_value()) << size;
    }
}

struct BadGenesis {
    const char* name;
    std::function<void(Genesis&)> spoil;
    const char* field;
};

class GenesisRefuses : public testing::TestWithParam<BadGenesis> {};

TEST_P(GenesisRefuses, WhatContradictsItself) {
    Genesis genesis = sample_genesis();
    GetParam().spoil(genesis);
    const Result<Genesis> back = decode_genesis(encode(genesis));
    ASSERT_FALSE(back.has_value());
    EXPECT_EQ(back.error().field, GetParam().field) << back.error().to_string();
}

INSTANTIATE_TEST_SUITE_P(
    Cases, GenesisRefuses,
    testing::Values(
        BadGenesis{"two_equal_organisations", [](Genesis& g) { g.organisations[1].id = "bank-a"; }, "organisations.id"},
        BadGenesis{"upper_case_id", [](Genesis& g) { g.organisations[4].id = "Court"; }, "organisations.id"},
        BadGenesis{"empty_legal_name", [](Genesis& g) { g.organisations[4].name = ""; }, "organisations.name"},
        BadGenesis{"member_of_nobody", [](Genesis& g) { g.members[0].organisation = "bank-x"; },
                   "members.organisation"},
        BadGenesis{"member_id_twice", [](Genesis& g) { g.members[1].id = "maker-1"; }, "members.id"},
        BadGenesis{"member_key_twice", [](Genesis& g) { g.members[1].key = g.members[0].key; }, "members.key"},
        BadGenesis{"no_role", [](Genesis& g) { g.members[0].roles = {}; }, "members.roles"},
        BadGenesis{"role_twice", [](Genesis& g) { g.members[0].roles = {Role::borrower, Role::borrower}; },
                   "members.roles"},
        BadGenesis{"administrator_in_business",
                   [](Genesis& g) { g.members[0].roles = {Role::platform_administrator, Role::borrower}; },
                   "members.roles"},
        BadGenesis{"governor_runs_validator",
                   [](Genesis& g) { g.members[0].roles = {Role::validator_operator, Role::consortium_governor}; },
                   "members.roles"},
        BadGenesis{"judge_in_business",
                   [](Genesis& g) { g.members[0].roles = {Role::lender_maker, Role::judicial_officer}; },
                   "members.roles"},
        BadGenesis{"regulator_in_business", [](Genesis& g) { g.members[0].roles = {Role::custodian, Role::regulator}; },
                   "members.roles"},
        BadGenesis{"validator_of_nobody", [](Genesis& g) { g.validators[0].organisation = "bank-x"; },
                   "validators.organisation"},
        BadGenesis{"threshold_above_authorities", [](Genesis& g) { g.recovery_threshold = 3; }, "recovery_threshold"},
        BadGenesis{"threshold_zero", [](Genesis& g) { g.recovery_threshold = 0; }, "recovery_threshold"},
        BadGenesis{"authority_twice", [](Genesis& g) { g.recovery_authorities[1] = g.recovery_authorities[0]; },
                   "recovery_authorities"},
        BadGenesis{"no_rules", [](Genesis& g) { g.rules_version = 0; }, "rules_version"},
        BadGenesis{"timeout_below_minimum",
                   [](Genesis& g) { g.parameters.view_timeout_min_ms = g.parameters.view_timeout_ms + 1; },
                   "parameters.view_timeout_ms"},
        BadGenesis{"timeout_above_maximum",
                   [](Genesis& g) { g.parameters.view_timeout_max_ms = g.parameters.view_timeout_ms - 1; },
                   "parameters.view_timeout_ms"},
        BadGenesis{"no_time_for_a_view", [](Genesis& g) { g.parameters.view_timeout_min_ms = 0; }, "parameters"},
        BadGenesis{"work_above_block",
                   [](Genesis& g) { g.parameters.max_transaction_work = g.parameters.max_block_work + 1; },
                   "parameters.max_transaction_work"},
        BadGenesis{"transaction_above_format", [](Genesis& g) { g.parameters.max_transaction_bytes = 1U << 20U; },
                   "parameters.max_transaction_bytes"},
        // A block that is legal by the parameters and too large for the format could never be read again.
        BadGenesis{"block_above_format", [](Genesis& g) { g.parameters.max_block_bytes = 8U << 20U; },
                   "parameters.max_block_bytes"},
        BadGenesis{"transaction_above_block",
                   [](Genesis& g) { g.parameters.max_block_bytes = g.parameters.max_transaction_bytes - 1; },
                   "parameters.max_transaction_bytes"},
        BadGenesis{"more_transactions_than_the_format", [](Genesis& g) { g.parameters.max_block_transactions = 4097; },
                   "parameters.max_block_transactions"}),
    [](const auto& test_case) { return std::string{test_case.param.name}; });

TEST(Genesis, RefusesNoValidatorAndValidatorsThatShareAKey) {
    Genesis none = sample_genesis();
    none.validators.clear();
    EXPECT_FALSE(decode_genesis(encode(none)).has_value());
    Genesis twice = sample_genesis();
    twice.validators[1].key = twice.validators[0].key;
    EXPECT_FALSE(decode_genesis(encode(twice)).has_value());
}

TEST(Genesis, StateKnowsEveryKeyWithItsRoles) {
    const test::World world;
    const Result<MemberKey> maker = find_member_key(world.state, key_of("bank-a/maker-1").public_key().id());
    ASSERT_TRUE(maker.has_value());
    EXPECT_EQ(maker->organisation, "bank-a");
    EXPECT_EQ(maker->member, "maker-1");
    EXPECT_EQ(maker->roles, RoleSet{Role::lender_maker});
    EXPECT_EQ(find_key(world.state, key_of("bank-a/maker-1").public_key().id()), key_of("bank-a/maker-1").public_key());
    EXPECT_EQ(find_key(world.state, key_of("nobody").public_key().id()).error().code, Errc::unknown_key);
}

TEST(Genesis, ARevokedKeyIsUnknown) {
    test::World world;
    const KeyId id = key_of("bank-a/maker-1").public_key().id();
    MemberKey member = *find_member_key(world.state, id);
    member.status = KeyStatus::revoked;
    world.state.values[state_keys::member_key(id)] = encode(member);
    EXPECT_EQ(find_member_key(world.state, id).error().code, Errc::unknown_key);
}

TEST(Roles, NamesAndNumbersAgree) {
    for (std::uint64_t number = 1; number <= 12; ++number) {
        const Role role = *role_from_number(number);
        EXPECT_EQ(*role_from_name(name(role)), role);
    }
    EXPECT_EQ(name(Role::lender_maker), "lender-maker");
    EXPECT_FALSE(role_from_number(0).has_value());
    EXPECT_FALSE(role_from_number(13).has_value());
    EXPECT_FALSE(role_from_name("root").has_value());
}

}  // namespace
}  // namespace probatum::contracts
