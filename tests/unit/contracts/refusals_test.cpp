#include <gtest/gtest.h>

#include <set>

#include "contracts/contract_head.h"
#include "contracts/invariants.h"
#include "contracts/state_keys.h"
#include "refusals.h"

namespace probatum::contracts {
namespace {

using test::LoanWorld;
using test::number;

constexpr const char* kBorrower = "supplier-b/treasurer-1";

std::vector<Refusal> all_refusals() {
    std::vector<Refusal> out = registration_refusals();
    for (auto more : {signing_refusals(), money_refusals()}) {
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

class Refuses : public testing::TestWithParam<Refusal> {};

TEST_P(Refuses, WithItsOwnNumberAndField) {
    LoanWorld world;
    const Execution done = GetParam().attempt(world);
    EXPECT_EQ(done.outcome.code, number(GetParam().code));
    EXPECT_EQ(done.outcome.field, GetParam().field);
    EXPECT_TRUE(done.index.empty());
    EXPECT_LE(done.writes.size(), 1U);
    // Whatever was written is the contract's head with one more refusal, and nothing else moved.
    if (done.writes.size() == 1) {
        EXPECT_EQ(done.writes.begin()->first, state_keys::contract(world.id));
        ASSERT_EQ(done.events.size(), 1U);
        EXPECT_TRUE(done.events[0].refused);
        const StoredContract after = world.stored();
        EXPECT_EQ(after.head.state, sha256(encode(after.contract.state)));
        EXPECT_EQ(after.head.events.frontier.size, after.contract.state.events);
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, Refuses, testing::ValuesIn(all_refusals()),
                         [](const auto& test_case) { return std::string{test_case.param.name}; });

TEST(Refusals, EveryRuleOfTheRegistryHasACase) {
    std::set<Errc> covered{Errc::invariant_violated,  // below
                           Errc::too_much_work,       // answered at admission, see admission_test.cpp
                           Errc::wrong_kind};         // of the actions that a loan does not have, with their kinds
    for (const Refusal& refusal : all_refusals()) {
        covered.insert(refusal.code);
    }
    covered.insert(Errc::issuer_mismatch);  // answered at admission
    // Of governance, not of contracts: governance_test.cpp and misbehaviour_test.cpp.
    covered.insert({Errc::not_an_elector, Errc::governance_absent, Errc::proposal_unknown, Errc::proposal_closed,
                    Errc::proposal_expired, Errc::proposal_stale, Errc::already_voted, Errc::threshold_not_reached,
                    Errc::epoch_closing, Errc::loses_live_quorum, Errc::change_invalid, Errc::validator_unknown,
                    Errc::key_in_use, Errc::key_retired, Errc::rules_not_supported, Errc::readiness_invalid,
                    Errc::misbehaviour_invalid, Errc::already_reported});
    // tests/vectors/loan_book.json has those of the book that no action raises by itself.
    covered.insert({Errc::prepayment_refused, Errc::amount_held, Errc::replay_conflict});
    // Those of claims and of double financing have tests of their own: receivable_test, voucher_test, financing_test.
    covered.insert({Errc::not_the_holder, Errc::over_assignment, Errc::offer_pending, Errc::not_the_payee,
                    Errc::over_payment, Errc::no_recourse, Errc::defences_waived, Errc::part_unknown,
                    Errc::not_notified, Errc::voucher_due, Errc::level_exceeded, Errc::too_many_parts, Errc::not_due,
                    Errc::double_financing, Errc::financing_unknown, Errc::financing_epochs, Errc::tag_proof_invalid});
    // Of identity and published data: registry_test.cpp, freeze_test.cpp and published_test.cpp.
    covered.insert({Errc::account_frozen, Errc::needs_vote, Errc::not_the_publisher, Errc::organisation_unknown,
                    Errc::member_unknown, Errc::id_taken, Errc::key_taken, Errc::roles_excluded, Errc::last_governor,
                    Errc::possession_invalid, Errc::index_unknown, Errc::fixing_invalid});
    for (const ErrorInfo& line : error_registry()) {
        const auto range = static_cast<std::uint16_t>(line.code) / 100;
        if (range == 2 || range == 3) {
            EXPECT_TRUE(covered.contains(line.code)) << line.name;
        }
    }
}

TEST(Refusals, ABrokenInvariantRefusesTheTransactionAndChangesNothingElse) {
    LoanWorld world;
    world.disbursed();
    ContractState broken = world.loan_state();
    broken.loan().money->sums.disbursed_minor -= 1;  // As if a rule had lost a fen.
    world.state.values[state_keys::contract_state(world.id)] = encode(broken);
    const Execution done = world.act(kBorrower, world.payment<RepayBody>(1'000));
    EXPECT_EQ(done.outcome.code, number(Errc::invariant_violated));
    EXPECT_EQ(done.writes.size(), 1U);
    EXPECT_EQ(world.loan_state(), broken);
}

TEST(Refusals, AMissingLeafRefusesTheTransaction) {
    LoanWorld world;
    world.registered();
    ContractHead head = world.stored().head;
    head.events.frontier.append(Digest{});
    world.state.values[state_keys::contract(world.id)] = encode(head);
    const Execution done = world.act(kBorrower, world.signature());
    EXPECT_EQ(done.outcome, (ledger::Outcome{number(Errc::invariant_violated), "I18"}));
}

}  // namespace
}  // namespace probatum::contracts
