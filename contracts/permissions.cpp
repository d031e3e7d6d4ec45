#include "contracts/permissions.h"

#include <algorithm>

#include "contracts/governance_actions.h"

namespace probatum::contracts {
namespace {

constexpr RoleSet kLenderMaker{Role::lender_maker};
constexpr RoleSet kLenderChecker{Role::lender_checker};
constexpr RoleSet kLender{Role::lender_maker, Role::lender_checker};
constexpr RoleSet kBorrower{Role::borrower, Role::core_enterprise};
constexpr RoleSet kGuarantor{Role::guarantor};
constexpr RoleSet kBank{Role::settlement_bank};
constexpr RoleSet kGovernor{Role::consortium_governor};
constexpr RoleSet kWatchers{Role::platform_administrator, Role::validator_operator, Role::consortium_governor,
                            Role::judicial_officer, Role::regulator};
constexpr RoleSet kOperator{Role::validator_operator};
constexpr RoleSet kDebtor{Role::core_enterprise};
constexpr RoleSet kHolder{Role::lender_maker, Role::lender_checker, Role::borrower, Role::core_enterprise};

/// A claim's creditor acts as a borrower does; whoever holds a part of it later may be a lender too.
void add_claims(std::vector<Permission>& table) {
    using enum Capacity;
    const auto add = [&](std::string_view action, std::initializer_list<std::pair<Capacity, RoleSet>> lines) {
        for (const auto& [capacity, roles] : lines) {
            table.push_back({action, capacity, roles});
        }
    };
    add("evidence.deposit", {{creditor, kBusinessRoles}, {debtor, kBusinessRoles}, {holder, kBusinessRoles}});
    add("contract.register", {{creditor, kBorrower}, {debtor, kDebtor}});
    add("contract.sign", {{creditor, kBorrower}, {debtor, kDebtor}});
    add("contract.settle", {{creditor, kBorrower}, {debtor, kDebtor}, {holder, kHolder}});
    add("fund.acknowledge", {{creditor, kBorrower}, {debtor, kDebtor}, {holder, kHolder}});
    add("claim.confirm", {{debtor, kDebtor}});
    for (const std::string_view action : {"claim.assign", "claim.withdraw", "claim.notify", "claim.register"}) {
        add(action, {{creditor, kBorrower}, {holder, kHolder}});
    }
    add("claim.accept", {{holder, kHolder}});
    add("claim.respond", {{debtor, kDebtor}});
    add("claim.buy_back", {{holder, kHolder}});
    add("claim.pay", {{creditor, kBorrower}, {debtor, kDebtor}, {holder, kHolder}, {settlement_bank, kBank}});
    add("claim.set_off", {{debtor, kDebtor}});
    add("voucher.issue", {{debtor, kDebtor}});
    for (const std::string_view action :
         {"voucher.accept", "voucher.withdraw", "voucher.split", "voucher.transfer", "voucher.finance"}) {
        add(action, {{creditor, kBorrower}, {holder, kHolder}});
    }
    add("voucher.redeem", {{creditor, kBorrower}, {debtor, kDebtor}, {holder, kHolder}, {settlement_bank, kBank}});
    add("voucher.cancel", {{creditor, kBorrower}, {debtor, kDebtor}, {holder, kHolder}});
}

/// A freeze is proposed by a court or a regulator too; the rules of gov.propose let them propose nothing else.
constexpr RoleSet kProposers{Role::consortium_governor, Role::judicial_officer, Role::regulator};
constexpr RoleSet kAnybody{Role::platform_administrator, Role::validator_operator, Role::consortium_governor,
                           Role::lender_maker,           Role::lender_checker,     Role::borrower,
                           Role::core_enterprise,        Role::guarantor,          Role::custodian,
                           Role::settlement_bank,        Role::judicial_officer,   Role::regulator};
constexpr RoleSet kPublishers{Role::custodian, Role::settlement_bank};

/// What a freeze leaves possible: to put evidence on record and to dispute. A frozen organisation keeps its part in
/// running the network, because the electorate is changed by its own kind of vote alone.
bool stays_possible(std::string_view action, FreezeSubject::Kind frozen) {
    if (action.starts_with("evidence.") || action.starts_with("dispute.")) {
        return true;
    }
    return frozen == FreezeSubject::Kind::organisation && is_governance_action(action);
}

}  // namespace

const std::vector<Permission>& permissions() {
    using enum Capacity;
    static const std::vector<Permission> whole = [] {
        std::vector<Permission> table{
            {"evidence.deposit", std::nullopt, kBusinessRoles},
            {"evidence.deposit", lender, kBusinessRoles},
            {"evidence.deposit", borrower, kBusinessRoles},
            {"evidence.deposit", guarantor, kBusinessRoles},
            {"evidence.deposit", settlement_bank, kBusinessRoles},
            {"contract.register", lender, kLenderMaker},
            {"contract.register", borrower, kBorrower},
            {"contract.sign", lender, kLender},
            {"contract.sign", borrower, kBorrower},
            {"contract.sign", guarantor, kGuarantor},
            {"contract.sign", settlement_bank, kBank},
            {"contract.approve", lender, kLender},
            {"contract.activate", lender, kLender},
            {"contract.settle", lender, kLender},
            {"fund.disburse", lender, kLenderMaker},
            {"fund.disburse", settlement_bank, kBank},
            {"fund.repay", lender, kLenderMaker},
            {"fund.repay", borrower, kBorrower},
            {"fund.repay", settlement_bank, kBank},
            {"fund.acknowledge", lender, kLender},
            {"fund.acknowledge", borrower, kBorrower},
            {"fund.acknowledge", settlement_bank, kBank},
            {"gov.propose", std::nullopt, kProposers},
            {"gov.vote", std::nullopt, kGovernor},
            {"gov.enact", std::nullopt, kGovernor},
            {"validator.ready", std::nullopt, kOperator},
            {"misbehaviour.report", std::nullopt, kWatchers},
            {"member.add", std::nullopt, kGovernor},
            {"member.roles", std::nullopt, kGovernor},
            {"member.remove", std::nullopt, kGovernor},
            {"member.rotate", std::nullopt, kAnybody},
            {"certificate.bind", std::nullopt, kAnybody},
            {"index.publish", std::nullopt, kPublishers},
            {"finance.key", std::nullopt, kLenderChecker},
            {"finance.confirm", std::nullopt, kLender},
            {"finance.open", std::nullopt, kLender},
            {"finance.release", std::nullopt, kLender},
            {"finance.retag", std::nullopt, kLender},
        };
        add_claims(table);
        return table;
    }();
    return whole;
}

Result<void> permit(std::string_view action, const std::vector<Party>* parties, const Resolved& signer) {
    const auto holds = [&](Capacity capacity) {
        return std::ranges::find(*parties, Party{signer.organisation, capacity}) != parties->end();
    };
    if (parties != nullptr &&
        std::ranges::find(*parties, signer.organisation, &Party::organisation) == parties->end()) {
        return fail(Errc::not_a_party, "issuer");
    }
    if (signer.frozen && !stays_possible(action, *signer.frozen)) {
        return fail(Errc::account_frozen, std::string{name(*signer.frozen)});
    }
    // A signature binds the whole organisation, so where it is more than the bank between the others, its settlement
    // clerk alone cannot give it.
    const bool more_than_bank =
        parties != nullptr && std::ranges::any_of(*parties, [&](const Party& party) {
            return party.organisation == signer.organisation && party.capacity != Capacity::settlement_bank;
        });
    for (const Permission& line : permissions()) {
        if (line.action != action) {
            continue;
        }
        if (line.action == "contract.sign" && line.capacity == Capacity::settlement_bank && more_than_bank) {
            continue;
        }
        const bool applies = parties == nullptr ? !line.capacity.has_value() : line.capacity && holds(*line.capacity);
        if (applies && signer.roles.meets(line.roles)) {
            return {};
        }
    }
    return fail(Errc::role_missing, "role");
}

}  // namespace probatum::contracts
