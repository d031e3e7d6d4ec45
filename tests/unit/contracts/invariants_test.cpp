#include <gtest/gtest.h>

#include <functional>

#include "contracts/invariants.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::day;
using test::LoanWorld;

/// A repayment of 53,000 on a loan drawn in full, as the rules accept it.
struct Accepted {
    Accepted() {
        world.disbursed();
        before = world.stored().contract;
        transaction = world.sign("supplier-b/treasurer-1", world.on(world.payment<RepayBody>(53'000)));
        world.run(transaction);
        after = world.loan_state();
        action = *decode_action(*transaction);
        resolved = *decode_resolved(world.events.back().leaf.resolved);
        posting = {after.events - 1, *find_posting(world.state, world.id, after.events - 1)};
    }
    Result<void> check() const {
        return check_invariants({.before = &before,
                                 .terms = before.terms,
                                 .after = after,
                                 .postings = {&posting, 1},
                                 .action = action,
                                 .resolved = resolved,
                                 .date = day("2026-11-18")});
    }

    LoanWorld world;
    Contract before{.terms = {.id = {},
                              .organisation = {},
                              .number = {},
                              .parties = {},
                              .of_kind = test::sample_loan().terms,
                              .documents = {}},
                    .state = {}};
    ledger::TransactionPtr transaction;
    ContractState after;
    DecodedAction action{.name = {}, .body = ActivateBody{}};
    Resolved resolved;
    PostingChange posting;
};

book::Book& money(ContractState& state) { return *state.loan().money; }

void shift(ContractState& state, Account debit, Account credit, MinorAmount amount) {
    money(state).accounts.post({debit, credit, amount});
}

struct Break {
    const char* name;
    std::function<void(Accepted&)> spoil;
    const char* invariant;
};

class Invariant : public testing::TestWithParam<Break> {};

TEST_P(Invariant, IsNoticed) {
    Accepted accepted;
    ASSERT_TRUE(accepted.check().has_value()) << accepted.check().error().to_string();
    GetParam().spoil(accepted);
    const Result<void> checked = accepted.check();
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().code, Errc::invariant_violated);
    EXPECT_EQ(checked.error().field, GetParam().invariant) << checked.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Invariant,
    testing::Values(
        Break{"a_fen_from_nowhere",
              [](Accepted& a) {
                  auto all = money(a.after).accounts.all();
                  all[4] += 1;
                  money(a.after).accounts = Accounts::of(all);
              },
              "I1"},
        Break{"cash_that_did_not_come",
              [](Accepted& a) {
                  shift(a.after, Account::cash_clearing, Account::loss, 1);
                  shift(a.after, Account::loss, Account::cash_clearing, 1);
                  a.after.loan().repayments.claimed_minor += 1;
              },
              "I7"},
        Break{"negative_total", [](Accepted& a) { a.after.loan().repayments = {54'000, 0, -1'000}; }, "I2"},
        Break{"beyond_the_limit", [](Accepted& a) { money(a.after).sums.disbursed_minor = 100'001; }, "I3"},
        Break{"commitment_not_reduced",
              [](Accepted& a) { shift(a.after, Account::undrawn_commitment, Account::commitment_contra, 1); }, "I3"},
        Break{"more_repaid_than_lent", [](Accepted& a) { money(a.after).sums.paid[book::Claim::principal] = 100'001; },
              "I4"},
        Break{"principal_account_off",
              [](Accepted& a) { shift(a.after, Account::principal_receivable, Account::cash_clearing, 1); }, "I4"},
        Break{"interest_account_off",
              [](Accepted& a) { shift(a.after, Account::interest_receivable, Account::income, 1); }, "I4"},
        Break{"income_without_charge", [](Accepted& a) { shift(a.after, Account::cash_clearing, Account::income, 1); },
              "I4"},
        Break{"a_loss_that_nobody_booked",
              [](Accepted& a) { shift(a.after, Account::loss, Account::cash_clearing, 1); }, "I4"},
        Break{"suspense_off", [](Accepted& a) { money(a.after).suspense_minor += 1; }, "I7"},
        Break{"held_and_gone",
              [](Accepted& a) {
                  money(a.after).holds.push_back({.sequence = 3, .claim = book::Claim::interest, .amount_minor = 1});
              },
              "I21"},
        Break{"maker_is_checker", [](Accepted& a) { a.after.checker = a.after.maker; }, "I5"},
        Break{"a_signature_is_missing", [](Accepted& a) { a.after.signatures.pop_back(); }, "I5"},
        Break{"a_stranger_signed", [](Accepted& a) { a.after.signatures.push_back({"court-e", "officer-1", 1}); },
              "I5"},
        Break{"no_approval", [](Accepted& a) { a.after.maker.reset(); }, "I5"},
        Break{"paid_before_active",
              [](Accepted& a) {
                  a.after.phase = Phase::registered;
                  shift(a.after, Account::commitment_contra, Account::undrawn_commitment, 0);
              },
              "I5"},
        Break{"reference_used_before", [](Accepted& a) { a.resolved.bank_reference_used = true; }, "I6"},
        Break{"reference_not_looked_up", [](Accepted& a) { a.resolved.bank_reference_used.reset(); }, "I6"},
        Break{"part_lost", [](Accepted& a) { a.posting.posting.allocation.paid[book::Claim::interest] -= 1; }, "I7"},
        Break{"suspense_while_owed",
              [](Accepted& a) {
                  a.posting.posting.allocation.paid[book::Claim::principal] -= 1'000;
                  a.posting.posting.allocation.suspense_minor = 1'000;
                  money(a.after).sums.paid[book::Claim::principal] -= 1'000;
                  money(a.after).not_due_minor += 1'000;
                  money(a.after).suspense_minor = 1'000;
                  shift(a.after, Account::principal_receivable, Account::suspense, 1'000);
              },
              "I7"},
        Break{"value_date_before_contract", [](Accepted& a) { a.posting.posting.value_date = day("2026-11-09"); },
              "I12"},
        Break{"an_event_too_many",
              [](Accepted& a) {
                  a.after.events += 1;
                  a.posting.sequence += 1;
              },
              "I18"},
        Break{"a_posting_elsewhere", [](Accepted& a) { a.posting.sequence = 3; }, "I18"},
        Break{"a_settled_contract_moves", [](Accepted& a) { a.before.state.phase = Phase::settled; }, "I13"},
        Break{"signer_without_role", [](Accepted& a) { a.resolved.roles = RoleSet{Role::guarantor}; }, "I22"},
        Break{"signer_no_party", [](Accepted& a) { a.resolved.organisation = "court-e"; }, "I22"},
        Break{"revoked_key", [](Accepted& a) { a.resolved.key_status = KeyStatus::revoked; }, "I22"}),
    [](const auto& test_case) { return std::string{test_case.param.name}; });

/// I8 wants a repayment on a day on which both classes are due.
TEST(Invariants, TheOrderOfClassesIsNoticed) {
    LoanWorld world;
    world.disbursed();
    world.sleep_until("2026-12-10");
    const Contract before = world.stored().contract;
    const auto transaction = world.sign("supplier-b/treasurer-1", world.on(world.payment<RepayBody>(10'000)));
    world.run(transaction);
    ContractState after = world.loan_state();
    PostingChange posting{after.events - 1, *find_posting(world.state, world.id, after.events - 1)};
    const DecodedAction action = *decode_action(*transaction);
    const Resolved resolved = *decode_resolved(world.events.back().leaf.resolved);
    const auto check = [&] {
        return check_invariants({.before = &before,
                                 .terms = before.terms,
                                 .after = after,
                                 .postings = {&posting, 1},
                                 .action = action,
                                 .resolved = resolved,
                                 .date = day("2026-12-10")});
    };
    ASSERT_TRUE(check().has_value());
    book::Split expected;
    expected.paid[book::Claim::interest] = 3'000;
    expected.paid[book::Claim::principal] = 7'000;
    ASSERT_EQ(posting.posting.allocation, expected);
    // One fen of interest is left open although principal was paid.
    for (book::PerClaim* paid : {&posting.posting.allocation.paid, &money(after).sums.paid}) {
        (*paid)[book::Claim::interest] -= 1;
        (*paid)[book::Claim::principal] += 1;
    }
    money(after).instalments.front().interest_open_minor += 1;
    money(after).instalments.front().principal_open_minor -= 1;
    shift(after, Account::interest_receivable, Account::principal_receivable, 1);
    EXPECT_EQ(check().error().field, "I8");
}

}  // namespace
}  // namespace probatum::contracts
