#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <sstream>

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

// --- Each of the twelve roles against each action, as docs/spec/roles.md says ---------------------------------------

/// A line of the table in the specification.
struct Line {
    std::string action;
    std::string capacity;  ///< Empty: outside any contract.
    std::set<int> roles;
    friend auto operator<=>(const Line&, const Line&) = default;
};

std::vector<std::string> cells_of(const std::string& row) {
    std::vector<std::string> out;
    std::stringstream rest{row};
    for (std::string cell; std::getline(rest, cell, '|');) {
        const auto first = cell.find_first_not_of(" `");
        const auto last = cell.find_last_not_of(" `");
        out.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    }
    return out;
}

/// Section 3 of docs/spec/roles.md.
std::vector<Line> specified() {
    std::stringstream document{test::read_text(std::filesystem::path{PROBATUM_SOURCE_DIR} / "docs/spec/roles.md")};
    std::vector<Line> out;
    bool inside = false;
    for (std::string row; std::getline(document, row);) {
        if (row.starts_with("## ")) {
            inside = row.starts_with("## 3.");
        }
        const std::vector<std::string> cells = cells_of(row);
        if (!inside || !row.starts_with("| `") || cells.size() < 4) {
            continue;
        }
        Line line{cells[1], cells[2].starts_with("none") ? "" : cells[2], {}};
        std::stringstream roles{cells[3]};
        for (std::string role; std::getline(roles, role, ',');) {
            line.roles.insert(std::stoi(role));
        }
        out.push_back(line);
    }
    return out;
}

std::vector<std::string> capacities() {
    std::vector<std::string> out{""};
    for (const Permission& line : permissions()) {
        if (line.capacity && std::ranges::find(out, name(*line.capacity)) == out.end()) {
            out.emplace_back(name(*line.capacity));
        }
    }
    return out;
}

/// What the rules answer to a member with this role alone, whose organisation is party in this capacity alone.
Result<void> asked(std::string_view action, const std::string& capacity, Role role) {
    Resolved signer;
    signer.organisation = "somebody";
    signer.roles = RoleSet{role};
    if (capacity.empty()) {
        return permit(action, nullptr, signer);
    }
    const std::vector<Party> parties{{"somebody", *capacity_from_name(capacity)}};
    return permit(action, &parties, signer);
}

bool says(const std::vector<Line>& lines, const Line& wanted, int role) {
    return std::ranges::any_of(lines, [&](const Line& line) {
        return line.action == wanted.action && line.capacity == wanted.capacity && line.roles.contains(role);
    });
}

TEST(RoleMatrix, EachOfTheTwelveRolesMayDoWhatTheSpecificationSaysAndNothingElse) {
    const std::vector<Line> lines = specified();
    ASSERT_GT(lines.size(), 20U);
    std::size_t compared = 0;
    for (const std::string_view action : action_names()) {
        for (const std::string& capacity : capacities()) {
            for (int number = 1; number <= 12; ++number) {
                const Role role = *role_from_number(static_cast<std::uint64_t>(number));
                const bool allowed = says(lines, {std::string{action}, capacity, {}}, number);
                const Result<void> answer = asked(action, capacity, role);
                EXPECT_EQ(answer.has_value(), allowed) << action << " as " << capacity << " with " << name(role);
                if (!answer) {
                    EXPECT_EQ(answer.error().code, Errc::role_missing);
                }
                ++compared;
            }
        }
    }
    EXPECT_GE(compared, action_names().size() * 12);
}

TEST(RoleMatrix, EveryActionStandsInTheSpecificationAndNoOtherDoes) {
    std::set<std::string> there;
    for (const Line& line : specified()) {
        there.insert(line.action);
        EXPECT_TRUE(is_known_action(line.action)) << line.action;
        EXPECT_FALSE(line.roles.empty()) << line.action;
    }
    for (const std::string_view action : action_names()) {
        EXPECT_TRUE(there.contains(std::string{action})) << action;
    }
}

/// The matrix for people: docs/roles-matrix.md. PROBATUM_UPDATE=1 writes it.
TEST(RoleMatrix, IsWrittenOutForPeople) {
    std::string out =
        "# Roles and actions\n\nGenerated from the rules by `tests/unit/contracts/roles_matrix_test.cpp`; "
        "`docs/spec/roles.md` says what it must be. ● may, · may not. A member that holds several roles may do what "
        "any "
        "of them may.\n\n| action | capacity |";
    for (int number = 1; number <= 12; ++number) {
        out += " " + std::to_string(number) + " |";
    }
    out += "\n| --- | --- |";
    for (int number = 1; number <= 12; ++number) {
        out += " :-: |";
    }
    out += "\n";
    for (const std::string_view action : action_names()) {
        for (const std::string& capacity : capacities()) {
            std::string row;
            bool anybody = false;
            for (int number = 1; number <= 12; ++number) {
                const bool may =
                    asked(action, capacity, *role_from_number(static_cast<std::uint64_t>(number))).has_value();
                anybody = anybody || may;
                row += may ? " ● |" : " · |";
            }
            if (anybody) {
                out += "| `" + std::string{action} + "` | " + (capacity.empty() ? "-" : capacity) + " |" + row + "\n";
            }
        }
    }
    out += "\nRoles:";
    for (int number = 1; number <= 12; ++number) {
        out += std::string{number == 1 ? "" : ","} + " " + std::to_string(number) + " " +
               std::string{name(*role_from_number(static_cast<std::uint64_t>(number)))};
    }
    out += ".\n";
    test::expect_golden(std::filesystem::path{PROBATUM_SOURCE_DIR} / "docs/roles-matrix.md", out);
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
        if (is_governance_action(line.action) || is_identity_action(line.action)) {
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
