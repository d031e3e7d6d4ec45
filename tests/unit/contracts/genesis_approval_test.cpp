#include "contracts/genesis_approval.h"

#include <gtest/gtest.h>

#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::key_of;

/// Three banks with a validator, a governor and a vote each, and a trader with neither.
class Ceremony : public testing::Test {
protected:
    Ceremony() {
        plan_.chain_name = "consortium";
        plan_.time = UnixMs{1'795'000'000'000};
        plan_.threshold = 2;
        plan_.recovery_threshold = 1;
        for (const char* const id : {"bank-b", "bank-a", "bank-c"}) {
            requests_.push_back(bank(id));
        }
        JoinRequest trader{.plan = sha256(encode(plan_)),
                           .organisation = {"trader-d", "丁公司", ""},
                           .members = {test::member("trader-d", "cfo-1", {Role::borrower})},
                           .key = key_of("trader-d/cfo-1").public_key()};
        trader.runs_validator = false;
        trader.elector = false;
        requests_.push_back(trader);
    }
    [[nodiscard]] JoinRequest bank(const std::string& id) const {
        return {.plan = sha256(encode(plan_)),
                .organisation = {id, "Bank " + id, ""},
                .members = {test::member(id, "maker-1", {Role::lender_maker}),
                            test::member(id, "governor-1", {Role::consortium_governor})},
                .key = key_of("validator " + id).public_key(),
                .peer_address = id + ".example:7100",
                .recovery_keys = {key_of("recovery " + id).public_key()}};
    }
    void expect_refused(std::string_view field) {
        const auto assembled = assemble_genesis(plan_, requests_);
        ASSERT_FALSE(assembled);
        EXPECT_EQ(assembled.error().field, field) << assembled.error().to_string();
    }
    GenesisPlan plan_;
    std::vector<JoinRequest> requests_;
};

TEST_F(Ceremony, EverybodyAssemblesTheSameGenesis) {
    const Genesis genesis = assemble_genesis(plan_, requests_).value();
    EXPECT_TRUE(genesis.approvals_required);
    EXPECT_EQ(genesis.governance->electors, (std::vector<std::string>{"bank-a", "bank-b", "bank-c"}));
    ASSERT_EQ(genesis.validators.size(), 3U);
    EXPECT_EQ(genesis.validators[0].organisation, "bank-a");
    EXPECT_EQ(genesis.recovery_authorities.size(), 3U);
    EXPECT_EQ(genesis.members.front().id, "governor-1");
    std::ranges::reverse(requests_);
    EXPECT_EQ(encode(assemble_genesis(plan_, requests_).value()), encode(genesis));
    EXPECT_EQ(*decode_genesis(encode(genesis)), genesis);
    EXPECT_EQ(*decode_genesis_plan(encode(plan_)), plan_);
}

TEST_F(Ceremony, ARequestIsSignedByTheKeyThatItBrings) {
    for (const JoinRequest& request : requests_) {
        const bool bank = request.runs_validator;
        const Bytes file =
            sign_join_request(key_of(bank ? "validator " + request.organisation.id : "trader-d/cfo-1"), request);
        const auto opened = open_join_request(file);
        ASSERT_TRUE(opened) << opened.error().to_string();
        EXPECT_EQ(*opened, request);
        for (std::size_t i = 0; i < file.size(); i += 7) {
            Bytes changed = file;
            changed[i] ^= 1U;
            EXPECT_FALSE(open_join_request(changed)) << i;
        }
    }
    EXPECT_EQ(open_join_request(sign_join_request(key_of("validator bank-b"), requests_[1])).error().code,
              Errc::bad_signature);
}

TEST_F(Ceremony, ARequestSpeaksForItsOwnOrganisationAlone) {
    JoinRequest request = bank("bank-a");
    request.members.push_back(test::member("bank-b", "maker-9", {Role::lender_maker}));
    EXPECT_EQ(open_join_request(sign_join_request(key_of("validator bank-a"), request)).error().code,
              Errc::issuer_mismatch);
    JoinRequest trader = requests_.back();
    trader.key = key_of("somebody").public_key();
    EXPECT_EQ(open_join_request(sign_join_request(key_of("somebody"), trader)).error().code, Errc::unknown_key);
}

TEST_F(Ceremony, WhatStandsTwiceIsNamedWithWhoBroughtIt) {
    const auto original = requests_;
    requests_.push_back(bank("bank-a"));
    expect_refused("bank-a: organisation");
    requests_ = original;
    requests_[0].peer_address = "bank-a.example:7100";
    expect_refused("bank-b: peer_address");
    requests_ = original;
    requests_[0].key = requests_[1].key;
    expect_refused("bank-b: key");
    requests_ = original;
    requests_[0].members[0].key = requests_[1].key;
    expect_refused("bank-b: members.maker-1");
    requests_ = original;
    requests_[0].recovery_keys = requests_[1].recovery_keys;
    expect_refused("bank-b: recovery_keys");
    requests_ = original;
    requests_[2].plan = Digest{{1}};
    expect_refused("bank-c: plan");
}

TEST_F(Ceremony, WhatGenesisRefusesIsRefused) {
    plan_.threshold = 1;
    for (JoinRequest& request : requests_) {
        request.plan = sha256(encode(plan_));
    }
    expect_refused("governance.threshold");
    plan_.threshold = 2;
    for (JoinRequest& request : requests_) {
        request.plan = sha256(encode(plan_));
        request.members.resize(1, request.members[0]);
    }
    expect_refused("governance.electors");  // No governors left.
}

TEST_F(Ceremony, EachSeesWhetherItsOwnPartIsInIt) {
    const Genesis genesis = assemble_genesis(plan_, requests_).value();
    for (const JoinRequest& request : requests_) {
        EXPECT_TRUE(check_own_part(genesis, request)) << request.organisation.id;
    }
    const auto changed = [&](auto change) {
        Genesis other = genesis;
        change(other);
        return check_own_part(other, requests_[1]).error().field;  // bank-a
    };
    EXPECT_EQ(changed([](Genesis& g) { g.organisations[0].name = "Another"; }), "bank-a: organisation");
    EXPECT_EQ(changed([](Genesis& g) { g.members[0].roles = {Role::lender_checker}; }), "bank-a: members");
    EXPECT_EQ(changed([](Genesis& g) { g.members.erase(g.members.begin()); }), "bank-a: members");
    EXPECT_EQ(changed([](Genesis& g) { g.validators[0].key = key_of("mine").public_key(); }), "bank-a: validator");
    EXPECT_EQ(changed([](Genesis& g) { g.validators.push_back({"bank-a", key_of("mine").public_key()}); }),
              "bank-a: validator");
    EXPECT_EQ(changed([](Genesis& g) { g.recovery_authorities.clear(); }), "bank-a: recovery_keys");
    EXPECT_EQ(changed([](Genesis& g) { g.governance->electors = {"bank-b", "bank-c"}; }), "bank-a: elector");
}

TEST_F(Ceremony, NothingBeginsBeforeEverybodyHasApproved) {
    const Genesis genesis = assemble_genesis(plan_, requests_).value();
    const Digest digest = chain_id_of(encode(genesis));
    std::vector<Bytes> approvals;
    const auto missing = [&] { return missing_approvals(genesis, digest, approvals); };
    EXPECT_EQ(missing(), (std::vector<std::string>{"bank-a", "bank-b", "bank-c", "trader-d"}));
    approvals.push_back(make_approval(key_of("validator bank-a"), digest, "bank-a"));
    approvals.push_back(make_approval(key_of("validator bank-a"), digest, "bank-b"));       // In another's name.
    approvals.push_back(make_approval(key_of("validator bank-b"), Digest{{1}}, "bank-b"));  // Of another genesis.
    approvals.push_back(make_approval(key_of("bank-c/governor-1"), digest, "bank-c"));      // Not by its validator.
    approvals.push_back(to_bytes(as_bytes("yes")));
    EXPECT_EQ(missing(), (std::vector<std::string>{"bank-b", "bank-c", "trader-d"}));
    approvals.push_back(make_approval(key_of("validator bank-b"), digest, "bank-b"));
    approvals.push_back(make_approval(key_of("validator bank-c"), digest, "bank-c"));
    EXPECT_EQ(missing(), (std::vector<std::string>{"trader-d"}));
    approvals.push_back(make_approval(key_of("trader-d/cfo-1"), digest, "trader-d"));
    EXPECT_TRUE(missing().empty());
    approvals[0].back() ^= 1U;
    EXPECT_EQ(missing(), (std::vector<std::string>{"bank-a"}));
}

}  // namespace
}  // namespace probatum::contracts
