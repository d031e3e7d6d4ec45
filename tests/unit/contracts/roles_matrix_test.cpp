#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "contracts/permissions.h"
#include "contracts_world.h"
#include "vectors.h"

namespace probatum::contracts {
namespace {

using test::LoanWorld;
using test::number;

using People = std::set<std::string>;

/// Who may do what on the sample loan, written from docs/spec/roles.md and not from the table in the code.
struct Row {
    const char* name;
    std::function<void(LoanWorld&)> prepare;
    std::function<Action(LoanWorld&)> action;
    People allowed;
    People answered_otherwise{};  ///< Let through by the roles and stopped by another rule.
};

const People kBusinessPeople{
    "bank-a/maker-1",    "bank-a/maker-2",          "bank-a/checker-1", "bank-a/both-1",   "supplier-b/treasurer-1",
    "supplier-b/core-1", "guarantor-c/guarantor-1", "bank-d/settler-1", "bank-d/lender-1", "bank-d/custodian-1"};
const People kLender{"bank-a/maker-1", "bank-a/maker-2", "bank-a/checker-1", "bank-a/both-1"};
const People kMakers{"bank-a/maker-1", "bank-a/maker-2", "bank-a/both-1"};
const People kBorrower{"supplier-b/treasurer-1", "supplier-b/core-1"};

People operator+(People a, const People& b) {
    a.insert(b.begin(), b.end());
    return a;
}

std::vector<Row> rows() {
    const People guarantor{"guarantor-c/guarantor-1"};
    const People bank{"bank-d/settler-1"};
    return {
        {"evidence_deposit", [](LoanWorld&) {}, [](LoanWorld&) { return Action{.body = test::sample_deposit()}; },
         kBusinessPeople},
        {"evidence_deposit_under_contract", [](LoanWorld& w) { w.registered(); },
         [](LoanWorld& w) { return w.on(test::sample_deposit()); }, kBusinessPeople},
        {"contract_register", [](LoanWorld&) {}, [](LoanWorld& w) { return Action{.body = w.loan}; },
         kMakers + kBorrower},
        {"contract_sign", [](LoanWorld& w) { w.registered(); }, [](LoanWorld& w) { return w.on(w.signature()); },
         kLender + kBorrower + guarantor + bank},
        {"contract_approve_maker", [](LoanWorld& w) { w.registered(); },
         [](LoanWorld& w) { return w.on(w.approval(ApprovalCapacity::maker)); }, kMakers},
        {"contract_approve_checker",
         [](LoanWorld& w) {
             w.registered();
             w.act("bank-a/maker-1", w.approval(ApprovalCapacity::maker));
         },
         [](LoanWorld& w) { return w.on(w.approval(ApprovalCapacity::checker)); },
         {"bank-a/checker-1", "bank-a/both-1"}},
        {"contract_activate", [](LoanWorld& w) { w.approved(); }, [](LoanWorld& w) { return w.on(ActivateBody{}); },
         kLender},
        {"contract_settle",
         [](LoanWorld& w) {
             w.disbursed();
             w.act("supplier-b/treasurer-1", w.payment<RepayBody>(105'000));
         },
         [](LoanWorld& w) { return w.on(SettleBody{}); }, kLender},
        {"fund_disburse", [](LoanWorld& w) { w.active(); },
         [](LoanWorld& w) { return w.on(w.payment<DisburseBody>(1)); }, kMakers + bank},
        {"fund_repay", [](LoanWorld& w) { w.disbursed(); }, [](LoanWorld& w) { return w.on(w.payment<RepayBody>(1)); },
         kMakers + kBorrower + bank},
        {"fund_acknowledge", [](LoanWorld& w) { w.disbursed(); },
         [](LoanWorld& w) { return w.on(AcknowledgeBody{7, Answer::accept}); }, kBorrower + bank, kLender},
    };
}

class Matrix : public testing::TestWithParam<Row> {};

TEST_P(Matrix, OfEveryMemberAndThisAction) {
    for (const Member& who : test::sample_genesis().members) {
        const std::string signer = who.organisation + "/" + who.id;
        LoanWorld world;
        GetParam().prepare(world);
        const Execution done = world.run(signer, GetParam().action(world));
        const bool outside = who.organisation == "court-e" && std::string_view{GetParam().name} != "evidence_deposit";
        if (GetParam().allowed.contains(signer)) {
            EXPECT_TRUE(done.outcome.accepted()) << signer << " " << done.outcome.code << " " << done.outcome.field;
        } else if (GetParam().answered_otherwise.contains(signer)) {
            EXPECT_EQ(done.outcome.code, number(Errc::wrong_counterparty)) << signer;
        } else {
            EXPECT_EQ(done.outcome.code, number(outside ? Errc::not_a_party : Errc::role_missing)) << signer;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Actions, Matrix, testing::ValuesIn(rows()),
                         [](const auto& test_case) { return std::string{test_case.param.name}; });

TEST(Permissions, TheSpecificationShowsEveryLine) {
    const std::string document = test::read_text(std::filesystem::path{PROBATUM_SOURCE_DIR} / "docs/spec/roles.md");
    for (const Permission& line : permissions()) {
        std::string roles;
        for (const Role role : line.roles.list()) {
            roles += (roles.empty() ? "" : ", ") + std::to_string(static_cast<int>(role));
        }
        const std::string shown = "| `" + std::string{line.action} + "` | " +
                                  (line.capacity ? std::string{name(*line.capacity)} : "none: outside any contract") +
                                  " | " + roles + " |";
        EXPECT_NE(document.find(shown), std::string::npos) << "docs/spec/roles.md lacks: " << shown;
    }
}

/// docs/spec/roles.md section 3: a signature is the organisation's, in every capacity that it holds.
TEST(Permissions, ASettlementClerkDoesNotSignForTheLenderInTheSameHouse) {
    const auto may_sign = [](const std::vector<Party>& parties, Role role) {
        Resolved signer;
        signer.organisation = "bank-d";
        signer.roles = RoleSet{role};
        return permit("contract.sign", &parties, signer).has_value();
    };
    const std::vector<Party> both{{"bank-d", Capacity::lender}, {"bank-d", Capacity::settlement_bank}};
    EXPECT_FALSE(may_sign(both, Role::settlement_bank));
    EXPECT_TRUE(may_sign(both, Role::lender_maker));
    EXPECT_TRUE(may_sign({{"bank-a", Capacity::lender}, {"bank-d", Capacity::settlement_bank}}, Role::settlement_bank));
}

TEST(Permissions, AdministratorsOperatorsGovernorsJudgesAndRegulatorsWriteNoBusinessEvents) {
    for (const Permission& line : permissions()) {
        if (is_governance_action(line.action)) {
            continue;
        }
        for (const Role aloof : {Role::platform_administrator, Role::validator_operator, Role::consortium_governor,
                                 Role::judicial_officer, Role::regulator}) {
            EXPECT_FALSE(line.roles.has(aloof)) << line.action;
        }
    }
}

}  // namespace
}  // namespace probatum::contracts
