#include <algorithm>

#include "base/check.h"
#include "tools/keys.h"
#include "tools/testnet_layout.h"

namespace probatum::tools {

namespace {

using contracts::Role;

struct Person {
    std::string organisation;
    std::string id;
    std::string name;
    std::vector<Role> roles;
};

std::vector<contracts::Organisation> organisations(std::size_t validators) {
    std::vector<contracts::Organisation> out{{"bank-a", "华东示范银行股份有限公司", "91310000MA1FL0001R"},
                                             {"bank-s", "示范清算银行股份有限公司", "91310000MA1FL0002W"},
                                             {"core-c", "示范核心制造有限公司", "91320000MA1NL00049"},
                                             {"council-q", "示范联盟理事会", ""},
                                             {"court-d", "示范互联网法院", ""},
                                             {"depot-w", "示范仓储物流有限公司", "91330200MA2HL00054"},
                                             {"platform-p", "示范存证平台有限公司", "91310115MA1HL0006B"},
                                             {"regulator-r", "示范金融监管局", ""},
                                             {"surety-g", "示范融资担保有限公司", "91330100MA2KL0007A"},
                                             {"trader-b", "浙江示范贸易有限公司", "91330000MA2GL00031"}};
    for (std::size_t i = 1; i <= validators + 1; ++i) {
        const std::string number = std::to_string(i);
        out.push_back({"operator-" + number, "示范节点运营机构 " + number, ""});
    }
    std::ranges::sort(out, {}, &contracts::Organisation::id);
    return out;
}

std::vector<Person> people(std::size_t validators) {
    std::vector<Person> out{{"bank-a", "maker-1", "Maker One", {Role::lender_maker}},
                            {"bank-a", "maker-2", "Maker Two", {Role::lender_maker}},
                            {"bank-a", "checker-1", "Checker One", {Role::lender_checker}},
                            {"bank-s", "teller-1", "Teller", {Role::settlement_bank}},
                            {"core-c", "treasurer-1", "Treasurer", {Role::core_enterprise}},
                            {"council-q", "governor-1", "Governor", {Role::consortium_governor}},
                            {"court-d", "officer-1", "Judicial Officer", {Role::judicial_officer}},
                            {"depot-w", "keeper-1", "Warehouse Keeper", {Role::custodian}},
                            {"platform-p", "admin-1", "Administrator", {Role::platform_administrator}},
                            {"regulator-r", "auditor-1", "Auditor", {Role::regulator}},
                            {"surety-g", "agent-1", "Guarantor's Agent", {Role::guarantor}},
                            {"trader-b", "cfo-1", "Chief Financial Officer", {Role::borrower}}};
    for (std::size_t i = 1; i <= validators + 1; ++i) {
        out.push_back({"operator-" + std::to_string(i), "ops-1", "Operator", {Role::validator_operator}});
        out.push_back({"operator-" + std::to_string(i), "governor-1", "Governor", {Role::consortium_governor}});
    }
    std::ranges::sort(out, {}, [](const Person& person) { return std::pair{person.organisation, person.id}; });
    return out;
}

}  // namespace

namespace {

/// Few blocks: whoever tries out the death of a validator does not want to wait for it.
constexpr std::uint32_t kLiveWindow = 64;

/// Whoever runs a validator has a vote; more than half of them decide.
contracts::GovernanceTerms governance_of(const std::vector<ledger::Validator>& validators) {
    contracts::GovernanceTerms out;
    for (const ledger::Validator& validator : validators) {
        out.electors.push_back(validator.organisation);
    }
    std::ranges::sort(out.electors);
    out.threshold = static_cast<std::uint32_t>(out.electors.size() / 2 + 1);
    out.live_window = kLiveWindow;
    return out;
}

}  // namespace

Consortium make_consortium(std::size_t validators, UnixMs now) {
    Consortium out;
    out.genesis.chain_name = "probatum-testnet";
    out.genesis.time = now;
    out.genesis.organisations = organisations(validators);
    for (Person& person : people(validators)) {
        out.member_keys.push_back(make_key());
        out.genesis.members.push_back({.organisation = std::move(person.organisation),
                                       .id = std::move(person.id),
                                       .name = std::move(person.name),
                                       .key = out.member_keys.back().public_key(),
                                       .roles = std::move(person.roles)});
    }
    for (std::size_t i = 1; i <= validators; ++i) {
        out.validator_keys.push_back(make_key());
        out.genesis.validators.push_back({"operator-" + std::to_string(i), out.validator_keys.back().public_key()});
    }
    for (int i = 0; i < 3; ++i) {
        out.recovery_keys.push_back(make_key());
        out.genesis.recovery_authorities.push_back(out.recovery_keys.back().public_key());
    }
    out.genesis.recovery_threshold = 2;
    out.genesis.governance = governance_of(out.genesis.validators);
    const auto whole = contracts::decode_genesis(contracts::encode(out.genesis));
    PROBATUM_CHECK(whole.has_value(), whole ? "" : whole.error().to_string());
    return out;
}

void add_member(Consortium& consortium, contracts::Member member, SecretKey key) {
    auto& organisations = consortium.genesis.organisations;
    const auto home = std::ranges::lower_bound(organisations, member.organisation, {}, &contracts::Organisation::id);
    if (home == organisations.end() || home->id != member.organisation) {
        organisations.insert(home, {member.organisation, member.organisation, ""});
    }
    member.key = key.public_key();
    auto& members = consortium.genesis.members;
    const auto order = [](const contracts::Member& one) { return std::pair{one.organisation, one.id}; };
    const auto place = std::ranges::lower_bound(members, order(member), {}, order);
    consortium.member_keys.insert(consortium.member_keys.begin() + (place - members.begin()), std::move(key));
    members.insert(place, std::move(member));
}

}  // namespace probatum::tools
