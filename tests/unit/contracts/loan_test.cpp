#include <gtest/gtest.h>

#include "contracts/evidence_record.h"
#include "contracts/resolved.h"
#include "contracts/state_keys.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::day;
using test::LoanWorld;
using test::number;

constexpr const char* kMaker = "bank-a/maker-1";
constexpr const char* kChecker = "bank-a/checker-1";
constexpr const char* kBorrower = "supplier-b/treasurer-1";
constexpr const char* kBank = "bank-d/settler-1";

TEST(Loan, GoesFromRegistrationToSettlement) {
    LoanWorld world;
    world.registered();
    EXPECT_EQ(world.summary().phase, Phase::registered);
    EXPECT_EQ(world.stored().contract.terms.loan(), world.loan.loan());
    world = LoanWorld{};
    world.active();
    EXPECT_EQ(world.summary().undrawn_minor, 100'000);

    ASSERT_TRUE(world.act(kMaker, world.payment<DisburseBody>(60'000)).outcome.accepted());
    ASSERT_TRUE(world.act(kBank, world.payment<DisburseBody>(40'000)).outcome.accepted());
    EXPECT_EQ(world.summary().principal_outstanding_minor, 100'000);
    EXPECT_EQ(world.summary().undrawn_minor, 0);

    world.sleep_until("2026-12-10");
    EXPECT_EQ(world.summary().principal_due_minor, 50'000);
    EXPECT_EQ(world.summary().interest_due_minor, 3'000);
    EXPECT_FALSE(world.summary().overdue);
    ASSERT_TRUE(world.act(kBorrower, world.payment<RepayBody>(53'000)).outcome.accepted());
    EXPECT_EQ(world.summary().principal_outstanding_minor, 50'000);
    EXPECT_EQ(world.summary().interest_due_minor, 0);
    EXPECT_EQ(world.act(kChecker, SettleBody{}).outcome.code, number(Errc::balance_outstanding));

    world.sleep_until("2027-01-10");
    ASSERT_TRUE(world.act(kMaker, world.payment<RepayBody>(52'000)).outcome.accepted());
    ASSERT_TRUE(world.act(kChecker, SettleBody{}).outcome.accepted());
    EXPECT_EQ(world.summary().phase, Phase::settled);
    EXPECT_EQ(world.summary().principal_outstanding_minor, 0);
    EXPECT_EQ(world.loan_state().loan().accounts().balance(Account::income), -5'000);
    EXPECT_EQ(world.loan_state().loan().accounts().balance(Account::cash_clearing), 5'000);
}

TEST(Loan, EachEventStandsInTheLogAndCarriesTheOneBefore) {
    LoanWorld world;
    world.settled();
    Digest previous;
    ledger::log::Frontier log;
    for (std::size_t i = 0; i < world.events.size(); ++i) {
        const ledger::EventLeaf& leaf = world.events[i].leaf;
        EXPECT_FALSE(world.events[i].refused);
        EXPECT_EQ(leaf.subject, world.id);
        EXPECT_EQ(leaf.sequence, i);
        EXPECT_EQ(leaf.previous, previous);
        EXPECT_EQ(leaf.transaction, world.transactions[i]->id());
        EXPECT_TRUE(leaf.outcome.accepted());
        previous = ledger::log::leaf_hash(ledger::encode(leaf));
        log.append(previous);
    }
    const ContractHead head = world.stored().head;
    EXPECT_EQ(head.events.frontier, log);
    EXPECT_EQ(head.events.last, previous);
    EXPECT_EQ(head.refusals, SubjectLog{});
    EXPECT_EQ(head.state, sha256(encode(world.loan_state())));
    EXPECT_EQ(world.loan_state().events, world.events.size());
}

TEST(Loan, TheLeafSaysWhatTheWorldSaid) {
    LoanWorld world;
    world.active();
    world.act(kMaker, world.payment<DisburseBody>(1));
    const Resolved resolved = *decode_resolved(world.events.back().leaf.resolved);
    EXPECT_EQ(resolved.organisation, "bank-a");
    EXPECT_EQ(resolved.member, "maker-1");
    EXPECT_EQ(resolved.roles, RoleSet{Role::lender_maker});
    EXPECT_EQ(resolved.parameters, sha256(*world.state.get(state_keys::parameters())));
    EXPECT_EQ(resolved.bank_reference_used, false);
    EXPECT_FALSE(resolved.parties_registered.has_value());
    EXPECT_EQ(decode_resolved(world.events.front().leaf.resolved)->parties_registered, true);
}

TEST(Loan, ARegistrationIsFoundByPartyNumberAndDocument) {
    LoanWorld world;
    const Execution done = world.run(kMaker, {.body = world.loan});
    std::vector<IndexEntry> expected;
    for (const char* const party : {"bank-a", "supplier-b", "guarantor-c", "bank-d"}) {
        expected.push_back({IndexEntry::Kind::party, to_bytes(as_bytes(party)), world.id});
    }
    expected.push_back({IndexEntry::Kind::own_number, to_bytes(as_bytes("HT-2026-0001")), world.id});
    for (const char* const document : {"the contract", "the annex"}) {
        expected.push_back({IndexEntry::Kind::document, to_bytes(sha256(as_bytes(document)).view()), world.id});
    }
    EXPECT_EQ(done.index, expected);
}

TEST(Loan, ADepositUnderAContractIsAnEventForItsPartiesOnly) {
    LoanWorld world;
    world.settled();
    const std::uint64_t before = world.loan_state().events;
    const Execution done = world.act(kBorrower, test::sample_deposit());
    EXPECT_TRUE(done.outcome.accepted()) << "a settled contract still accepts evidence (I13)";
    EXPECT_EQ(done.writes.size(), 4U);
    EXPECT_EQ(world.loan_state().events, before + 1);
    EXPECT_EQ(world.loan_state().records, 1U);
    EXPECT_EQ(world.act("court-e/officer-1", test::sample_deposit()).outcome.code, number(Errc::not_a_party));
}

TEST(Loan, AnswersMoveAmountsBetweenTheThreeTotals) {
    LoanWorld world;
    world.disbursed();
    const std::uint64_t disbursement = world.loan_state().events - 1;
    world.act(kBorrower, world.payment<RepayBody>(1'000));
    const std::uint64_t repayment = disbursement + 1;
    EXPECT_EQ(world.loan_state().loan().disbursements, (Totals{100'000, 0, 0}));
    EXPECT_TRUE(world.act(kBorrower, AcknowledgeBody{disbursement, Answer::accept}).outcome.accepted());
    EXPECT_EQ(world.loan_state().loan().disbursements, (Totals{0, 100'000, 0}));
    EXPECT_TRUE(world.act(kBank, AcknowledgeBody{repayment, Answer::object}).outcome.accepted());
    EXPECT_EQ(world.loan_state().loan().repayments, (Totals{0, 0, 1'000}));
    const Posting answered = *find_posting(world.state, world.id, repayment);
    EXPECT_EQ(answered.status, PostingStatus::objected);
    EXPECT_EQ(answered.answered_by->organisation, "bank-d");
}

TEST(Loan, APartysRefusedAttemptStandsInTheSecondLogAndChangesNothingElse) {
    LoanWorld world;
    world.active();
    const StoredContract before = world.stored();
    const Execution done = world.act(kMaker, world.payment<DisburseBody>(100'001));
    EXPECT_EQ(done.outcome, (ledger::Outcome{number(Errc::over_disbursement), "amount"}));
    ASSERT_EQ(done.events.size(), 1U);
    EXPECT_TRUE(done.events[0].refused);
    EXPECT_EQ(done.events[0].leaf.outcome, done.outcome);
    EXPECT_EQ(done.events[0].leaf.sequence, 0U);
    ASSERT_EQ(done.writes.size(), 1U);
    EXPECT_TRUE(done.index.empty());
    const StoredContract after = world.stored();
    EXPECT_EQ(after.contract, before.contract);
    EXPECT_EQ(after.head.events, before.head.events);
    EXPECT_EQ(after.head.refusals.frontier.size, 1U);
    const Execution second = world.act(kMaker, world.payment<DisburseBody>(0));
    EXPECT_EQ(second.events[0].leaf.sequence, 1U);
    EXPECT_EQ(second.events[0].leaf.previous, after.head.refusals.last);
}

TEST(Loan, AStrangersAttemptLeavesTheContractAlone) {
    LoanWorld world;
    world.active();
    const Execution done = world.act("court-e/officer-1", SettleBody{});
    EXPECT_EQ(done.outcome.code, number(Errc::not_a_party));
    EXPECT_TRUE(done.writes.empty());
    EXPECT_TRUE(done.events.empty());
}

TEST(Loan, TheSameNumberOfAnotherOrganisationIsAnotherContract) {
    LoanWorld world;
    world.registered();
    RegisterBody other = world.loan;
    other.parties = {{"bank-d", Capacity::lender}, {"supplier-b", Capacity::borrower}};
    EXPECT_TRUE(world.run("bank-d/lender-1", {.body = other}).outcome.accepted());
    const Execution again = world.run("bank-a/maker-2", {.body = world.loan});
    EXPECT_EQ(again.outcome, (ledger::Outcome{number(Errc::already_exists), "number"}));
    EXPECT_EQ(again.events.size(), 1U) << "the registrant's second attempt stands in the log of refusals";
}

TEST(Loan, ABankReferenceIsUsedOncePerBankAcrossContracts) {
    LoanWorld world;
    world.disbursed();
    RepayBody repay = world.payment<RepayBody>(10);
    ASSERT_TRUE(world.act(kBorrower, repay).outcome.accepted());
    EXPECT_EQ(world.act(kBorrower, repay).outcome,
              (ledger::Outcome{number(Errc::bank_reference_used), "bank_reference"}));
    RepayBody elsewhere = repay;
    elsewhere.bank = "bank-a";
    EXPECT_TRUE(world.act(kBorrower, elsewhere).outcome.accepted());

    LoanWorld second{[] {
        RegisterBody body = test::sample_loan();
        body.number = "HT-2";
        return body;
    }()};
    second.state = world.state;
    second.counter = 1'000;
    second.active();
    DisburseBody same = second.payment<DisburseBody>(10);
    same.bank_reference = repay.bank_reference;
    EXPECT_EQ(second.act(kMaker, same).outcome.code, number(Errc::bank_reference_used));
}

TEST(Loan, ARefusedPaymentLeavesItsBankReferenceFree) {
    LoanWorld world;
    world.active();
    DisburseBody body = world.payment<DisburseBody>(100'001);
    EXPECT_FALSE(world.act(kMaker, body).outcome.accepted());
    body.amount_minor = 100'000;
    EXPECT_TRUE(world.act(kMaker, body).outcome.accepted());
}

TEST(Loan, TheCivilDateIsTheContractsNotUtc) {
    LoanWorld world;
    world.active();
    world.time =
        UnixMs{static_cast<std::uint64_t>(day("2026-11-20").days()) * 86'400'000ULL + 57'600'000ULL};  // 16:00 UTC
    EXPECT_TRUE(world.act(kMaker, world.payment<DisburseBody>(1, "2026-11-21")).outcome.accepted());
    world.time = UnixMs{static_cast<std::uint64_t>(day("2026-11-22").days()) * 86'400'000ULL + 57'599'999ULL};
    EXPECT_EQ(world.act(kMaker, world.payment<DisburseBody>(1, "2026-11-23")).outcome.code,
              number(Errc::value_date_invalid));
}

/// docs/spec/contracts.md section 7.3.
TEST(Loan, APaymentDatedBeforeAnotherIsFoldedInWhereItBelongs) {
    LoanWorld world;
    world.disbursed();
    world.sleep_until("2026-12-11");
    const std::uint64_t first = world.loan_state().events;
    world.act("supplier-b/treasurer-1", world.payment<RepayBody>(10'000));
    EXPECT_EQ(find_posting(world.state, world.id, first)->allocation.paid[book::Claim::interest], 3'000);
    RepayBody late_to_be_recorded = world.payment<RepayBody>(3'000);
    late_to_be_recorded.value_date = day("2026-12-10");
    const Execution done = world.act("supplier-b/treasurer-1", late_to_be_recorded);
    ASSERT_TRUE(done.outcome.accepted());
    EXPECT_EQ(done.writes.size(), 6U);
    const Posting moved = *find_posting(world.state, world.id, first);
    EXPECT_EQ(moved.allocation.paid[book::Claim::interest], 0);
    EXPECT_EQ(moved.allocation.paid[book::Claim::principal], 10'000);
    const Posting folded_in = *find_posting(world.state, world.id, first + 1);
    EXPECT_EQ(folded_in.allocation.paid[book::Claim::interest], 3'000);
    EXPECT_EQ(folded_in.recorded, day("2026-12-11"));
    EXPECT_EQ(world.loan_state().loan().money->as_of, day("2026-12-11"));
}

TEST(Loan, ADisbursementDatedBeforeTheFirstMakesEarlierInterestOwed) {
    LoanWorld world;
    world.active();
    world.sleep_until("2026-12-12");
    ASSERT_TRUE(world.act(kMaker, world.payment<DisburseBody>(40'000)).outcome.accepted());
    EXPECT_EQ(world.summary().interest_due_minor, 0) << "nothing had been disbursed when the first row fell due";
    DisburseBody earlier = world.payment<DisburseBody>(10'000);
    earlier.value_date = day("2026-12-01");
    ASSERT_TRUE(world.act(kMaker, earlier).outcome.accepted());
    EXPECT_EQ(world.summary().interest_due_minor, 3'000);
    EXPECT_EQ(world.summary().principal_due_minor, 50'000);
    EXPECT_EQ(world.loan_state().loan().money->first_disbursed, day("2026-12-01"));
}

TEST(Loan, ARefusedReplayChangesNoPosting) {
    LoanWorld world;
    world.disbursed();
    world.sleep_until("2026-12-11");
    world.act(kBorrower, world.payment<RepayBody>(10'000));
    const auto before = world.state.values;
    RepayBody back = world.payment<RepayBody>(3'000);
    back.value_date = day("2026-12-10");
    back.bank_reference = "REF-1";
    EXPECT_EQ(world.act(kBorrower, back).outcome.code, number(Errc::bank_reference_used));
    for (const auto& [key, value] : before) {
        if (key != state_keys::contract(world.id)) {  // The head counts the refused attempt.
            EXPECT_EQ(world.state.values.at(key), value);
        }
    }
}

TEST(Loan, ASettlementIsAMovementOfItsOwn) {
    LoanWorld world;
    world.settled();
    const LoanBook loan = world.loan_state().loan();
    ASSERT_TRUE(loan.last_movement.has_value());
    const Posting closing = *find_posting(world.state, world.id, *loan.last_movement);
    EXPECT_EQ(closing.kind, PostingKind::settlement);
    EXPECT_EQ(closing.amount_minor, 0);
    EXPECT_FALSE(closing.reference.has_value());
    EXPECT_TRUE(closing.previous.has_value());
    EXPECT_TRUE(loan.money->closed);
    EXPECT_EQ(*decode_posting(encode(closing)), closing);
}

}  // namespace
}  // namespace probatum::contracts
