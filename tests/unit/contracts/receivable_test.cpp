// The rules of docs/spec/claims.md, "Receivables", one by one.
#include <gtest/gtest.h>

#include "claims_world.h"
#include "contracts/receivable_rules.h"

namespace probatum::contracts {
namespace {

using test::ClaimWorld;
using test::day;
using test::number;
using test::sample_receivable;

constexpr const char* kCreditor = "supplier-b/cfo";
constexpr const char* kDebtor = "core-a/cfo";
constexpr const char* kBank = "bank-d/maker";
constexpr const char* kFactor = "factor-e/maker";
constexpr const char* kSettler = "bank-s/settler";

ConfirmBody confirmation() {
    return {.currency = test::cny(), .existence = true, .amount = true, .no_defences = true, .amount_minor = 10'000};
}

struct Receivable : testing::Test {
    explicit Receivable(NoticeRule notice = NoticeRule::record) : world{sample_receivable(notice)} {
        world.registered();
    }
    /// From the creditor to the bank, the whole of it.
    void assigned(bool recourse = false) {
        AssignBody body = world.assignment("bank-d", 10'000);
        body.recourse = recourse;
        world.must(kCreditor, body);
        world.must(kBank, AcceptAssignmentBody{.assignment = 1});
    }
    ledger::Outcome outcome(std::string_view who, ActionBody body) { return world.act(who, std::move(body)).outcome; }
    static ledger::Outcome refusal(Errc code, std::string field) { return {number(code), std::move(field)}; }

    ClaimWorld world;
};

TEST_F(Receivable, StandsFromItsRegistrationInTheHandsOfTheCreditor) {
    EXPECT_EQ(world.standing().phase, Phase::active);
    EXPECT_EQ(holder_of(world.receivable(), 1), "supplier-b");
    EXPECT_EQ(payee_of(world.receivable(), 1), "supplier-b");
    EXPECT_EQ(world.receivable().open_minor(), 10'000);
}

TEST_F(Receivable, TheDebtorSaysWhatItConfirms) {
    world.must(kDebtor, confirmation());
    const Confirmation said = world.receivable().confirmation.value();
    EXPECT_TRUE(said.existence && said.amount && said.no_defences);
    EXPECT_EQ(said.amount_minor, 10'000);
    EXPECT_EQ(said.by.organisation, "core-a");
    EXPECT_EQ(outcome(kDebtor, confirmation()), refusal(Errc::already_answered, "answer"));
}

TEST_F(Receivable, AnObjectionNamesTheDisputedAmountAndMayBeTakenBackByAConfirmation) {
    world.must(kDebtor, ConfirmBody{.currency = test::cny(), .answer = Answer::object, .amount_minor = 4'000});
    EXPECT_EQ(world.receivable().objection->disputed_minor, 4'000);
    world.must(kDebtor, confirmation());
    EXPECT_FALSE(world.receivable().objection.has_value());
}

TEST_F(Receivable, NobodyConfirmsMoreThanThereIsOrAnAmountOfNothing) {
    ConfirmBody body = confirmation();
    body.amount_minor = 10'001;
    EXPECT_EQ(outcome(kDebtor, body), refusal(Errc::amount_invalid, "amount"));
    body = confirmation();
    body.existence = false;
    EXPECT_EQ(outcome(kDebtor, body), refusal(Errc::terms_invalid, "existence"));
    EXPECT_EQ(outcome(kCreditor, confirmation()), refusal(Errc::role_missing, "role"));
}

TEST_F(Receivable, AnAssignmentNeedsTheAssigneesWord) {
    world.must(kCreditor, world.assignment("bank-d", 10'000));
    EXPECT_EQ(holder_of(world.receivable(), 1), "supplier-b");
    EXPECT_EQ(outcome(kFactor, AcceptAssignmentBody{.assignment = 1}), refusal(Errc::not_a_party, "issuer"));
    world.must(kBank, AcceptAssignmentBody{.assignment = 1});
    EXPECT_EQ(holder_of(world.receivable(), 1), "bank-d");
    EXPECT_EQ(outcome(kCreditor, world.assignment("factor-e", 10'000)), refusal(Errc::not_the_holder, "part"));
}

TEST_F(Receivable, AnOfferMayBeDeclinedOrWithdrawn) {
    world.must(kCreditor, world.assignment("bank-d", 10'000));
    EXPECT_EQ(outcome(kCreditor, world.assignment("factor-e", 10'000)), refusal(Errc::offer_pending, "part"));
    world.must(kBank, AcceptAssignmentBody{.assignment = 1, .answer = Answer::object});
    world.must(kCreditor, world.assignment("factor-e", 10'000));
    EXPECT_EQ(outcome(kBank, WithdrawAssignmentBody{2}), refusal(Errc::not_a_party, "issuer"));
    world.must(kCreditor, WithdrawAssignmentBody{2});
    EXPECT_EQ(outcome(kFactor, AcceptAssignmentBody{.assignment = 2}), refusal(Errc::not_a_party, "issuer"));
    EXPECT_EQ(holder_of(world.receivable(), 1), "supplier-b");
}

TEST_F(Receivable, AnAssigneeFindsTheContractAmongItsOwn) {
    const Execution offered = world.act(kCreditor, world.assignment("bank-d", 10'000));
    ASSERT_EQ(offered.index.size(), 1U);
    EXPECT_EQ(offered.index[0].kind, IndexEntry::Kind::party);
    EXPECT_EQ(as_text(offered.index[0].key), "bank-d");
    EXPECT_EQ(offered.index[0].subject, world.id);
    EXPECT_TRUE(world.act(kBank, AcceptAssignmentBody{.assignment = 1}).index.empty());
}

// I16, Civil Code art. 546: before notice, payment to the assignor discharges the debtor.
TEST_F(Receivable, BeforeNoticeTheDebtorPaysTheAssignorAndIsFree) {
    assigned();
    EXPECT_EQ(payee_of(world.receivable(), 1), "supplier-b");
    EXPECT_EQ(outcome(kDebtor, world.pays(3'000, "bank-d")), refusal(Errc::not_the_payee, "payee"));
    world.must(kDebtor, world.pays(3'000, "supplier-b"));
    const Part part = world.receivable().parts[0];
    EXPECT_EQ(part.paid_minor, 3'000);
    EXPECT_EQ(part.to_pass_on_minor, 3'000);  // The assignor has what is the assignee's.
    EXPECT_EQ(part.open_minor(), 7'000);
}

TEST_F(Receivable, AfterNoticeOnlyPaymentToTheAssigneeDischarges) {
    assigned();
    world.must(kBank, NotifyBody{.assignment = 1});
    EXPECT_EQ(payee_of(world.receivable(), 1), "bank-d");
    world.sleep_until("2026-12-01");
    EXPECT_EQ(outcome(kDebtor, world.pays(3'000, "supplier-b")), refusal(Errc::not_the_payee, "payee"));
    world.must(kDebtor, world.pays(3'000, "bank-d"));
    EXPECT_EQ(world.receivable().parts[0].to_pass_on_minor, 0);
}

// The value date decides, not the day of recording: 2026-11-18 is the day of the notice.
TEST_F(Receivable, APaymentBeforeTheNoticeStillDischargesWhenRecordedLater) {
    world.sleep_until("2026-11-20");
    assigned();
    world.must(kBank, NotifyBody{.assignment = 1});
    world.sleep_until("2026-12-01");
    world.must(kDebtor, world.pays(1'000, "supplier-b", 1, "2026-11-19"));
    EXPECT_EQ(outcome(kBank, world.pays(1'000, "bank-d", 1, "2026-11-19")), refusal(Errc::not_the_payee, "payee"));
    // On the day itself both, for nobody knows the hour.
    world.must(kDebtor, world.pays(1'000, "supplier-b", 1, "2026-11-20"));
    world.must(kBank, world.pays(1'000, "bank-d", 1, "2026-11-20"));
    EXPECT_EQ(outcome(kDebtor, world.pays(1'000, "supplier-b", 1, "2026-11-21")),
              refusal(Errc::not_the_payee, "payee"));
}

struct ReceivableByAnswer : Receivable {
    ReceivableByAnswer() : Receivable{NoticeRule::answer} {}
};

TEST_F(ReceivableByAnswer, BindsFromTheDebtorsAcceptanceOfTheNotice) {
    assigned();
    EXPECT_EQ(outcome(kDebtor, RespondBody{1, Answer::accept}), refusal(Errc::not_notified, "assignment"));
    world.must(kCreditor, NotifyBody{.assignment = 1});
    EXPECT_EQ(payee_of(world.receivable(), 1), "supplier-b");
    world.must(kDebtor, RespondBody{1, Answer::accept});
    EXPECT_EQ(payee_of(world.receivable(), 1), "bank-d");
    EXPECT_EQ(outcome(kDebtor, RespondBody{1, Answer::accept}), refusal(Errc::already_answered, "assignment"));
}

TEST_F(ReceivableByAnswer, AnObjectionToTheNoticeBindsNobody) {
    assigned();
    world.must(kCreditor, NotifyBody{.assignment = 1});
    world.must(kDebtor, RespondBody{1, Answer::object});
    EXPECT_EQ(payee_of(world.receivable(), 1), "supplier-b");
    EXPECT_FALSE(world.receivable().assignments[0].accepted_by_debtor);
}

TEST_F(Receivable, AChainIsHeldByItsLastAndOneNoticeTellsAllOfIt) {
    assigned();
    world.must(kBank, world.assignment("factor-e", 10'000));
    world.must(kFactor, AcceptAssignmentBody{.assignment = 2});
    EXPECT_EQ(holder_of(world.receivable(), 1), "factor-e");
    EXPECT_EQ(payee_of(world.receivable(), 1), "supplier-b");
    world.must(kFactor, NotifyBody{.assignment = 2});
    EXPECT_EQ(payee_of(world.receivable(), 1), "factor-e");
    EXPECT_TRUE(world.receivable().assignments[0].notified.has_value());
    EXPECT_EQ(outcome(kBank, NotifyBody{.assignment = 1}), refusal(Errc::already_exists, "assignment"));
}

TEST_F(Receivable, PartOfItMayBeAssignedAndBothPartsAreTheWhole) {
    world.must(kCreditor, world.assignment("bank-d", 6'000));
    world.must(kBank, AcceptAssignmentBody{.assignment = 1});
    EXPECT_EQ(world.receivable().parts.size(), 2U);
    EXPECT_EQ(world.receivable().parts[0].open_minor(), 4'000);
    EXPECT_EQ(world.receivable().parts[1].open_minor(), 6'000);
    EXPECT_EQ(holder_of(world.receivable(), 1), "supplier-b");
    EXPECT_EQ(holder_of(world.receivable(), 2), "bank-d");
    EXPECT_EQ(outcome(kCreditor, world.assignment("factor-e", 4'001)), refusal(Errc::over_assignment, "amount"));
    world.must(kBank, world.assignment("factor-e", 1'000, 2));
    world.must(kFactor, AcceptAssignmentBody{.assignment = 2});
    EXPECT_EQ(holder_of(world.receivable(), 3), "factor-e");
    EXPECT_EQ(world.receivable().open_minor(), 10'000);
}

// Civil Code art. 768: of several assignments of one claim the registered comes before the unregistered, the earlier
// registered before the later.
TEST_F(Receivable, CompetingAssignmentsRankByTheirRegistration) {
    assigned();
    AssignBody second = world.assignment("factor-e", 10'000);
    second.competes_with = 1;
    EXPECT_EQ(outcome(kCreditor, second), refusal(Errc::terms_invalid, "registration"));
    second.registration = Registration{"PBC", "ZD-2", UnixMs{1'795'000'000'000}};
    world.must(kCreditor, second);
    world.must(kFactor, AcceptAssignmentBody{.assignment = 2});
    EXPECT_EQ(holder_of(world.receivable(), 1), "factor-e");
    EXPECT_TRUE(ranks_before(world.receivable(), 2, 1));
    // The bank's own registration is older.
    world.must(kBank, RegisterAssignmentBody{1, {"PBC", "ZD-1", UnixMs{1'794'000'000'000}}});
    EXPECT_EQ(holder_of(world.receivable(), 1), "bank-d");
    EXPECT_EQ(outcome(kBank, RegisterAssignmentBody{1, {"PBC", "ZD-3", UnixMs{1'793'000'000'000}}}),
              refusal(Errc::already_exists, "assignment"));
}

TEST_F(Receivable, ARankDoesNotBindTheDebtorWithoutNotice) {
    assigned();
    world.must(kBank, NotifyBody{.assignment = 1});
    AssignBody second = world.assignment("factor-e", 10'000);
    second.competes_with = 1;
    second.registration = Registration{"PBC", "ZD-2", UnixMs{1'795'000'000'000}};
    world.must(kCreditor, second);
    world.must(kFactor, AcceptAssignmentBody{.assignment = 2});
    EXPECT_EQ(payee_of(world.receivable(), 1), "bank-d");
    world.must(kFactor, NotifyBody{.assignment = 2});
    EXPECT_EQ(payee_of(world.receivable(), 1), "factor-e");
}

TEST_F(Receivable, OnlySomebodyWhoAssignedItMayAssignItBeside) {
    assigned();
    AssignBody second = world.assignment("supplier-c", 10'000);
    second.competes_with = 1;
    second.registration = Registration{"PBC", "ZD-2", UnixMs{1'795'000'000'000}};
    EXPECT_EQ(outcome(kBank, second), refusal(Errc::not_the_holder, "competes_with"));
    second.registration->at = UnixMs{1'895'000'000'000};
    EXPECT_EQ(outcome(kCreditor, second), refusal(Errc::value_date_invalid, "registration.at"));
}

TEST_F(Receivable, WithRecourseItGoesBackAndTheDebtorLearnsOfItByNotice) {
    assigned(true);
    world.must(kBank, NotifyBody{.assignment = 1});
    world.must(kBank, BuyBackBody{1});
    EXPECT_EQ(holder_of(world.receivable(), 1), "supplier-b");
    EXPECT_EQ(payee_of(world.receivable(), 1), "bank-d");
    world.must(kBank, NotifyBody{.assignment = 2});
    EXPECT_EQ(payee_of(world.receivable(), 1), "supplier-b");
}

TEST_F(Receivable, WithoutRecourseNobodyBuysBack) {
    assigned(false);
    EXPECT_EQ(outcome(kBank, BuyBackBody{1}), refusal(Errc::no_recourse, "assignment"));
}

SetOffBody counterclaim(std::string against, std::string_view arose, std::string_view due) {
    return {.currency = test::cny(),
            .part = 1,
            .amount_minor = 2'000,
            .against = std::move(against),
            .arose = day(arose),
            .due = day(due),
            .document = sha256(as_bytes("declaration"))};
}

// Civil Code art. 549: against the assignee, what the debtor had against the assignor when it learned of the
// assignment.
TEST_F(Receivable, TheDebtorSetsOffWhatItHadBeforeTheNotice) {
    world.sleep_until("2026-12-01");
    assigned();
    world.must(kBank, NotifyBody{.assignment = 1});
    world.sleep_until("2027-01-15");
    EXPECT_EQ(outcome(kDebtor, counterclaim("supplier-b", "2026-12-05", "2027-01-01")),
              refusal(Errc::not_the_payee, "against"));
    EXPECT_EQ(outcome(kDebtor, counterclaim("supplier-b", "2026-11-01", "2027-02-01")),
              refusal(Errc::value_date_invalid, "due"));
    world.must(kDebtor, counterclaim("supplier-b", "2026-11-01", "2027-01-01"));
    EXPECT_EQ(world.receivable().parts[0].set_off_minor, 2'000);
    SetOffBody same = counterclaim("supplier-b", "2026-12-05", "2027-01-01");
    same.same_contract = true;
    world.must(kDebtor, same);
    world.must(kDebtor, counterclaim("bank-d", "2026-12-05", "2027-01-01"));
    EXPECT_EQ(world.receivable().open_minor(), 4'000);
}

TEST_F(Receivable, WhoConfirmedThatThereAreNoDefencesSetsNothingOff) {
    world.must(kDebtor, confirmation());
    EXPECT_EQ(outcome(kDebtor, counterclaim("supplier-b", "2026-11-01", "2026-11-15")),
              refusal(Errc::defences_waived, "part"));
}

TEST_F(Receivable, PaymentsAreAnsweredByTheOtherSide) {
    world.must(kDebtor, world.pays(4'000, "supplier-b"));
    EXPECT_EQ(world.receivable().payments.claimed_minor, 4'000);
    EXPECT_EQ(outcome(kDebtor, AcknowledgeBody{1, Answer::accept}), refusal(Errc::wrong_counterparty, "issuer"));
    world.must(kCreditor, AcknowledgeBody{1, Answer::accept});
    EXPECT_EQ(world.receivable().payments.acknowledged_minor, 4'000);
    EXPECT_EQ(outcome(kSettler, AcknowledgeBody{1, Answer::object}), refusal(Errc::already_answered, "target"));
}

TEST_F(Receivable, NoMoreIsPaidThanIsOpenAndNoReferenceTwice) {
    PayClaimBody body = world.pays(10'001, "supplier-b");
    EXPECT_EQ(outcome(kDebtor, body), refusal(Errc::over_payment, "amount"));
    body = world.pays(1'000, "supplier-b");
    world.must(kDebtor, body);
    EXPECT_EQ(outcome(kDebtor, body), refusal(Errc::bank_reference_used, "bank_reference"));
    body = world.pays(1'000, "supplier-b", 2);
    EXPECT_EQ(outcome(kDebtor, body), refusal(Errc::part_unknown, "part"));
    body = world.pays(1'000, "supplier-b", 1, "2026-11-09");
    EXPECT_EQ(outcome(kDebtor, body), refusal(Errc::value_date_invalid, "value_date"));
}

TEST_F(Receivable, IsSettledWhenNothingIsOpen) {
    EXPECT_EQ(outcome(kCreditor, SettleBody{}), refusal(Errc::balance_outstanding, "amount"));
    world.must(kDebtor, world.pays(10'000, "supplier-b"));
    EXPECT_EQ(outcome(kCreditor, SettleBody{}), refusal(Errc::balance_outstanding, "claimed"));
    world.must(kCreditor, AcknowledgeBody{1, Answer::accept});
    world.must(kDebtor, SettleBody{});
    EXPECT_EQ(world.standing().phase, Phase::settled);
    EXPECT_EQ(outcome(kDebtor, confirmation()), refusal(Errc::wrong_state, "phase"));
    EXPECT_TRUE(world.act(kDebtor, test::sample_deposit()).outcome.accepted());
}

// DOMAIN section 4: claimed until the other side or the settlement bank acknowledges it. Nobody closes by his own word.
TEST_F(Receivable, TheDebtorDoesNotSettleOnItsOwnWord) {
    assigned();
    world.must(kBank, NotifyBody{.assignment = 1});
    world.must(kDebtor, world.pays(10'000, "bank-d"));  // Event 4.
    EXPECT_EQ(outcome(kDebtor, SettleBody{}), refusal(Errc::balance_outstanding, "claimed"));
    world.must(kBank, AcknowledgeBody{4, Answer::object});
    EXPECT_EQ(outcome(kDebtor, SettleBody{}), refusal(Errc::balance_outstanding, "objected"));
    EXPECT_EQ(outcome(kSettler, AcknowledgeBody{4, Answer::accept}), refusal(Errc::already_answered, "target"));
    // The money has come after all.
    world.must(kBank, AcknowledgeBody{4, Answer::accept});
    EXPECT_EQ(world.receivable().payments, (Totals{.acknowledged_minor = 10'000}));
    EXPECT_EQ(outcome(kBank, AcknowledgeBody{4, Answer::accept}), refusal(Errc::already_answered, "target"));
    world.must(kDebtor, SettleBody{});
}

TEST_F(Receivable, ASetOffIsAcknowledgedBeforeItCloses) {
    SetOffBody whole = counterclaim("supplier-b", "2026-11-01", "2026-11-15");
    whole.amount_minor = 10'000;
    world.must(kDebtor, whole);
    EXPECT_EQ(outcome(kDebtor, SettleBody{}), refusal(Errc::balance_outstanding, "claimed"));
    world.must(kCreditor, AcknowledgeBody{1, Answer::accept});
    world.must(kDebtor, SettleBody{});
}

TEST_F(Receivable, WhoHasSoldItDoesNotSayAloneThatItWasPaid) {
    assigned();
    world.must(kBank, NotifyBody{.assignment = 1});
    EXPECT_EQ(outcome(kCreditor, world.pays(10'000, "supplier-b", 1, "2026-11-17")),
              refusal(Errc::wrong_counterparty, "issuer"));
    EXPECT_EQ(world.receivable().open_minor(), 10'000);
    // The debtor may. It is not the seller who grants it then, but the bank whose money it was.
    world.must(kDebtor, world.pays(10'000, "supplier-b", 1, "2026-11-17"));  // Event 4.
    EXPECT_EQ(outcome(kCreditor, AcknowledgeBody{4, Answer::accept}), refusal(Errc::wrong_counterparty, "issuer"));
    EXPECT_EQ(outcome(kCreditor, SettleBody{}), refusal(Errc::balance_outstanding, "claimed"));
    world.must(kBank, AcknowledgeBody{4, Answer::accept});
    world.must(kCreditor, SettleBody{});
}

TEST_F(Receivable, WhoIsSaidToHaveBeenPaidForAnotherMayDenyIt) {
    assigned();
    world.must(kDebtor, world.pays(1'000, "supplier-b"));  // Event 3.
    world.must(kCreditor, AcknowledgeBody{3, Answer::object});
    EXPECT_EQ(world.receivable().payments, (Totals{.objected_minor = 1'000}));
    EXPECT_EQ(outcome(kCreditor, AcknowledgeBody{3, Answer::accept}), refusal(Errc::wrong_counterparty, "issuer"));
    world.must(kBank, AcknowledgeBody{3, Answer::accept});  // Who loses by it has the last word.
    EXPECT_EQ(world.receivable().payments, (Totals{.acknowledged_minor = 1'000}));
}

TEST_F(Receivable, AnOfferLapsesWhenTheDebtIsPaidMeanwhile) {
    world.must(kCreditor, world.assignment("bank-d", 10'000));
    world.must(kCreditor, world.pays(9'999, "supplier-b"));
    EXPECT_EQ(world.receivable().assignments[0].state, AssignmentState::lapsed);
    EXPECT_EQ(outcome(kBank, AcceptAssignmentBody{.assignment = 1}), refusal(Errc::not_a_party, "issuer"));
    EXPECT_EQ(outcome(kCreditor, WithdrawAssignmentBody{1}), refusal(Errc::already_answered, "assignment"));
    EXPECT_EQ(holder_of(world.receivable(), 1), "supplier-b");
    world.must(kCreditor, world.assignment("bank-d", 1));
    world.must(kBank, AcceptAssignmentBody{.assignment = 2});
}

TEST_F(Receivable, AnOfferLapsesWhenSomethingIsSetOffMeanwhile) {
    world.must(kCreditor, world.assignment("bank-d", 10'000));
    world.must(kDebtor, counterclaim("supplier-b", "2026-11-01", "2026-11-15"));
    EXPECT_FALSE(world.act(kBank, AcceptAssignmentBody{.assignment = 1}).outcome.accepted());
}

TEST_F(Receivable, ACompetingOfferLapsesWhenTheHolderTakesAPartOut) {
    assigned();
    AssignBody beside = world.assignment("factor-e", 10'000);
    beside.competes_with = 1;
    beside.registration = Registration{"PBC", "ZD-2", UnixMs{1'795'000'000'000}};
    world.must(kCreditor, beside);
    world.must(kBank, world.assignment("supplier-c", 6'000));
    EXPECT_FALSE(world.act(kFactor, AcceptAssignmentBody{.assignment = 2}).outcome.accepted());
    EXPECT_EQ(holder_of(world.receivable(), 1), "bank-d");
}

TEST_F(Receivable, ABuyBackStaysPossibleWhateverTheSellerOffers) {
    AssignBody sold = world.assignment("bank-d", 9'999);
    sold.recourse = true;
    world.must(kCreditor, sold);
    world.must(kBank, AcceptAssignmentBody{.assignment = 1});
    std::uint64_t offers = 1;
    for (; world.act(kCreditor, world.assignment("factor-e", 1)).outcome.accepted(); ++offers) {
        ASSERT_LT(offers, kMaxAssignments);
        world.must(kCreditor, WithdrawAssignmentBody{offers + 1});
    }
    EXPECT_EQ(offers, 1 + kMaxIdleOffers);
    EXPECT_EQ(outcome(kCreditor, world.assignment("factor-e", 1)), refusal(Errc::too_many_parts, "part"));
    world.must(kBank, world.assignment("factor-e", 1'000, 2));  // Nor are the others kept from assigning.
    world.must(kBank, WithdrawAssignmentBody{offers + 1});
    world.must(kBank, BuyBackBody{1});
}

// Two sell to each other, with recourse, as long as there is room.
TEST_F(Receivable, RoomIsKeptForEveryBuyBackThatWasPromised) {
    const auto sale = [&](std::string to) {
        AssignBody body = world.assignment(std::move(to), 10'000);
        body.recourse = true;
        return body;
    };
    std::vector<std::string> holders{"supplier-b"};
    while (true) {
        const bool back = holders.back() == "bank-d";
        const std::string next = back ? "supplier-b" : "bank-d";
        const ledger::Outcome offered = outcome(back ? kBank : kCreditor, sale(next));
        if (!offered.accepted()) {
            EXPECT_EQ(offered, refusal(Errc::too_many_parts, "part"));
            break;
        }
        holders.push_back(next);
        world.must(next == "bank-d" ? kBank : kCreditor, AcceptAssignmentBody{holders.size() - 1, Answer::accept});
    }
    EXPECT_EQ(holders.size() - 1, kMaxAssignments / 2);
    world.must(holders.back() == "bank-d" ? kBank : kCreditor, BuyBackBody{kMaxAssignments / 2});
}

TEST_F(Receivable, WholePartsMoveWhenThereIsNoRoomForMoreParts) {
    const char* const sellers[]{kCreditor, kBank, kFactor, "supplier-c/cfo"};
    const std::string names[]{"supplier-b", "bank-d", "factor-e", "supplier-c"};
    // Four holders of a quarter each take a cent out of it as often as they may.
    for (std::size_t i = 1; i < 4; ++i) {
        world.must(kCreditor, world.assignment(names[i], 2'500));
        world.must(sellers[i], AcceptAssignmentBody{.assignment = i});
    }
    std::uint64_t assignments = 3;
    for (std::uint64_t part = 1; part <= 4; ++part) {
        for (std::size_t n = 0; n < 15; ++n) {
            world.must(sellers[part - 1], world.assignment(names[part % 4], 1, part));
            world.must(sellers[part - 1], WithdrawAssignmentBody{++assignments});
        }
    }
    ASSERT_EQ(world.receivable().parts.size(), kMaxParts);
    EXPECT_EQ(outcome(kBank, world.assignment("supplier-b", 1, 2)), refusal(Errc::too_many_parts, "part"));
    world.must(kBank, world.assignment("supplier-b", 2'485, 2));
}

TEST_F(Receivable, HasTheActionsOfItsKindAlone) {
    EXPECT_EQ(outcome(kCreditor, AcceptPieceBody{}), refusal(Errc::wrong_kind, "action"));
    EXPECT_EQ(outcome(kDebtor, IssueBody{}), refusal(Errc::wrong_kind, "action"));
}

struct Spoiled {
    const char* name;
    std::function<void(RegisterBody&)> spoil;
    Errc code;
    const char* field;
};

ReceivableTerms& terms_of(RegisterBody& body) { return std::get<ReceivableTerms>(body.terms); }

class ReceivableTermsTest : public testing::TestWithParam<Spoiled> {};

TEST_P(ReceivableTermsTest, AreRefused) {
    RegisterBody body = sample_receivable();
    GetParam().spoil(body);
    ClaimWorld world{body};
    const Execution done = world.run(kCreditor, {.body = body});
    EXPECT_EQ(done.outcome, (ledger::Outcome{number(GetParam().code), GetParam().field}));
}

INSTANTIATE_TEST_SUITE_P(
    That, ReceivableTermsTest,
    testing::Values(Spoiled{"have_no_debtor", [](RegisterBody& b) { b.parties.erase(b.parties.begin() + 1); },
                            Errc::terms_invalid, "parties"},
                    Spoiled{"have_a_holder", [](RegisterBody& b) { b.parties.push_back({"bank-d", Capacity::holder}); },
                            Errc::terms_invalid, "parties"},
                    Spoiled{"have_a_lender", [](RegisterBody& b) { b.parties.push_back({"bank-d", Capacity::lender}); },
                            Errc::terms_invalid, "parties"},
                    Spoiled{"owe_to_oneself", [](RegisterBody& b) { b.parties[1].organisation = "supplier-b"; },
                            Errc::terms_invalid, "parties"},
                    Spoiled{"have_no_amount", [](RegisterBody& b) { terms_of(b).amount_minor = 0; },
                            Errc::amount_invalid, "terms.amount"},
                    Spoiled{"do_not_add_up", [](RegisterBody& b) { terms_of(b).amount_minor = 10'001; },
                            Errc::amount_invalid, "terms.invoices"},
                    Spoiled{"name_an_invoice_twice", [](RegisterBody& b) { terms_of(b).invoices[1].number = "INV-1"; },
                            Errc::terms_invalid, "terms.invoices"},
                    Spoiled{"lack_a_digest", [](RegisterBody& b) { terms_of(b).invoices[0].digests.pop_back(); },
                            Errc::digest_required, "terms.invoices"},
                    Spoiled{"fall_due_before_they_begin", [](RegisterBody& b) { terms_of(b).due = day("2026-11-09"); },
                            Errc::terms_invalid, "terms.due"}),
    [](const auto& test_case) { return std::string{test_case.param.name}; });

}  // namespace
}  // namespace probatum::contracts
