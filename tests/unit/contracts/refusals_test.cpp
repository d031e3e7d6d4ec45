#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <set>

#include "contracts/contract_head.h"
#include "contracts/invariants.h"
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
constexpr MinorAmount kMost = std::numeric_limits<MinorAmount>::max();

/// One way to be refused: the number and the field are part of the specification (docs/spec/contracts.md, "Refusals").
struct Refusal {
    const char* name;
    std::function<Execution(LoanWorld&)> attempt;
    Errc code;
    const char* field;
};

Execution registers(LoanWorld& world, const std::function<void(RegisterBody&)>& spoil, const char* who = kMaker) {
    RegisterBody body = world.loan;
    spoil(body);
    return world.run(who, {.body = body});
}

Execution pays_disburse(LoanWorld& world, const std::function<void(Payment&)>& spoil) {
    DisburseBody body = world.payment<DisburseBody>(1'000);
    spoil(body);
    return world.act(kMaker, body);
}

Execution pays_back(LoanWorld& world, const std::function<void(Payment&)>& spoil) {
    RepayBody body = world.payment<RepayBody>(1'000);
    spoil(body);
    return world.act(kBorrower, body);
}

std::vector<Refusal> registration_refusals() {
    return {
        {"register_by_checker", [](LoanWorld& w) { return w.run(kChecker, {.body = w.loan}); }, Errc::role_missing,
         "role"},
        {"register_for_others", [](LoanWorld& w) { return w.run("court-e/officer-1", {.body = w.loan}); },
         Errc::not_a_party, "issuer"},
        {"register_by_guarantor", [](LoanWorld& w) { return w.run("guarantor-c/guarantor-1", {.body = w.loan}); },
         Errc::role_missing, "role"},
        {"register_twice",
         [](LoanWorld& w) {
             w.registered();
             return w.run(kMaker, {.body = w.loan});
         },
         Errc::already_exists, "number"},
        {"unregistered_party",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[1].organisation = "nobody"; }); },
         Errc::terms_invalid, "parties"},
        {"unknown_link",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.links = {{Relation::secures, sha256(Bytes{1})}}; }); },
         Errc::terms_invalid, "links"},
        {"linked_twice",
         [](LoanWorld& w) {
             w.registered();
             return registers(w, [&](auto& b) {
                 b.number = "HT-2026-0002";
                 b.links = {{Relation::secures, w.id}, {Relation::guarantees, w.id}};
             });
         },
         Errc::terms_invalid, "links"},
        {"no_borrower",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties.erase(b.parties.begin() + 1); }); },
         Errc::terms_invalid, "parties"},
        {"two_lenders",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[3].capacity = Capacity::lender; }); },
         Errc::terms_invalid, "parties"},
        {"two_settlement_banks",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[2].capacity = Capacity::settlement_bank; }); },
         Errc::terms_invalid, "parties"},
        {"lends_to_itself",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[1].organisation = "bank-a"; }); },
         Errc::terms_invalid, "parties"},
        {"borrower_settles",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[3].organisation = "supplier-b"; }); },
         Errc::terms_invalid, "parties"},
        {"borrower_twice",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties.push_back(b.parties[1]); }); },
         Errc::terms_invalid, "parties"},
        {"principal_zero", [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().principal_minor = 0; }); },
         Errc::amount_invalid, "terms.principal"},
        {"principal_negative",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().principal_minor = -1; }); },
         Errc::amount_invalid, "terms.principal"},
        {"no_rows", [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows.clear(); }); },
         Errc::terms_invalid, "terms.rows"},
        {"rows_do_not_add_up",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[0].principal_minor -= 1; }); },
         Errc::terms_invalid, "terms.rows"},
        {"rows_on_one_day",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[1].due = b.loan().rows[0].due; }); },
         Errc::terms_invalid, "terms.rows"},
        {"row_before_contract",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[0].due = day("2026-11-09"); }); },
         Errc::terms_invalid, "terms.rows"},
        {"row_of_nothing",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows.push_back({day("2027-02-10"), 0, 0}); }); },
         Errc::amount_invalid, "terms.rows"},
        {"row_negative",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[0].interest_minor = -1; }); },
         Errc::amount_invalid, "terms.rows"},
        {"rows_overflow",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[0].principal_minor = kMost; }); },
         Errc::amount_invalid, "terms.rows"},
        {"rows_overflow_together",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[0].interest_minor = kMost - 2'000; }); },
         Errc::amount_invalid, "terms.rows"},
        {"class_left_out",
         [](LoanWorld& w) {
             return registers(w, [](auto& b) { b.loan().allocation = {Claim::interest, Claim::principal}; });
         },
         Errc::terms_invalid, "terms.allocation"},
        {"class_twice",
         [](LoanWorld& w) {
             return registers(w,
                              [](auto& b) { b.loan().allocation = {Claim::interest, Claim::interest, Claim::costs}; });
         },
         Errc::terms_invalid, "terms.allocation"},
        {"no_document", [](LoanWorld& w) { return registers(w, [](auto& b) { b.documents.clear(); }); },
         Errc::terms_invalid, "documents"},
        {"document_twice", [](LoanWorld& w) { return registers(w, [](auto& b) { b.documents[1] = b.documents[0]; }); },
         Errc::terms_invalid, "documents"},
        {"document_without_sm3",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.documents[0].digests.pop_back(); }); },
         Errc::digest_required, "documents"},
    };
}

std::vector<Refusal> signing_refusals() {
    return {
        {"sign_the_unknown", [](LoanWorld& w) { return w.act(kBorrower, w.signature()); }, Errc::contract_unknown,
         "subject"},
        {"sign_twice",
         [](LoanWorld& w) {
             w.signed_by_all();
             return w.act("supplier-b/core-1", w.signature());
         },
         Errc::already_signed, "issuer"},
        {"sign_another_document",
         [](LoanWorld& w) {
             w.registered();
             SignBody b = w.signature();
             b.documents[0] = digests_of(as_bytes("x"));
             return w.act(kBorrower, b);
         },
         Errc::document_mismatch, "documents"},
        {"sign_one_of_two",
         [](LoanWorld& w) {
             w.registered();
             SignBody b = w.signature();
             b.documents.pop_back();
             return w.act(kBorrower, b);
         },
         Errc::document_mismatch, "documents"},
        {"sign_sha256_alone",
         [](LoanWorld& w) {
             w.registered();
             SignBody b = w.signature();
             b.documents[0].pop_back();
             return w.act(kBorrower, b);
         },
         Errc::document_mismatch, "documents"},
        {"sign_when_active",
         [](LoanWorld& w) {
             w.active();
             return w.act(kBank, w.signature());
         },
         Errc::wrong_state, "phase"},
        {"sign_as_stranger",
         [](LoanWorld& w) {
             w.registered();
             return w.act("court-e/officer-1", w.signature());
         },
         Errc::not_a_party, "issuer"},
        {"check_before_making",
         [](LoanWorld& w) {
             w.signed_by_all();
             return w.act(kChecker, w.approval(ApprovalCapacity::checker));
         },
         Errc::not_approved, "maker"},
        {"make_twice",
         [](LoanWorld& w) {
             w.approved();
             return w.act("bank-a/maker-2", w.approval(ApprovalCapacity::maker));
         },
         Errc::already_approved, "capacity"},
        {"check_twice",
         [](LoanWorld& w) {
             w.approved();
             return w.act("bank-a/both-1", w.approval(ApprovalCapacity::checker));
         },
         Errc::already_approved, "capacity"},
        {"make_as_checker",
         [](LoanWorld& w) {
             w.registered();
             return w.act(kChecker, w.approval(ApprovalCapacity::maker));
         },
         Errc::role_missing, "role"},
        {"check_as_maker",
         [](LoanWorld& w) {
             w.registered();
             return w.act(kMaker, w.approval(ApprovalCapacity::checker));
         },
         Errc::role_missing, "role"},
        {"borrower_approves",
         [](LoanWorld& w) {
             w.registered();
             return w.act(kBorrower, w.approval(ApprovalCapacity::maker));
         },
         Errc::role_missing, "role"},
        {"checks_own_making",
         [](LoanWorld& w) {
             w.registered();
             w.act("bank-a/both-1", w.approval(ApprovalCapacity::maker));
             return w.act("bank-a/both-1", w.approval(ApprovalCapacity::checker));
         },
         Errc::same_person, "member"},
        {"checks_own_registration",
         [](LoanWorld& w) {
             w.run("bank-a/both-1", {.body = w.loan});
             w.act(kMaker, w.approval(ApprovalCapacity::maker));
             return w.act("bank-a/both-1", w.approval(ApprovalCapacity::checker));
         },
         Errc::same_person, "member"},
        {"approve_when_active",
         [](LoanWorld& w) {
             w.active();
             return w.act(kMaker, w.approval(ApprovalCapacity::maker));
         },
         Errc::wrong_state, "phase"},
        {"activate_unsigned",
         [](LoanWorld& w) {
             w.registered();
             return w.act(kMaker, ActivateBody{});
         },
         Errc::not_signed, "signatures"},
        {"activate_unapproved",
         [](LoanWorld& w) {
             w.signed_by_all();
             return w.act(kMaker, ActivateBody{});
         },
         Errc::not_approved, "maker"},
        {"activate_unchecked",
         [](LoanWorld& w) {
             w.signed_by_all();
             w.act(kMaker, w.approval(ApprovalCapacity::maker));
             return w.act(kMaker, ActivateBody{});
         },
         Errc::not_approved, "checker"},
        {"activate_twice",
         [](LoanWorld& w) {
             w.active();
             return w.act(kMaker, ActivateBody{});
         },
         Errc::wrong_state, "phase"},
        {"settle_before_active",
         [](LoanWorld& w) {
             w.approved();
             return w.act(kMaker, SettleBody{});
         },
         Errc::wrong_state, "phase"},
        {"settle_with_principal",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act(kMaker, SettleBody{});
         },
         Errc::balance_outstanding, "principal"},
        {"settle_with_interest",
         [](LoanWorld& w) {
             w.loan.loan().allocation = {Claim::principal, Claim::costs, Claim::interest};
             w.disbursed();
             w.sleep_until("2027-01-11");
             w.act(kBorrower, w.payment<RepayBody>(104'999));
             return w.act(kMaker, SettleBody{});
         },
         Errc::balance_outstanding, "interest"},
        {"settle_as_borrower",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act(kBorrower, SettleBody{});
         },
         Errc::role_missing, "role"},
    };
}

std::vector<Refusal> money_refusals() {
    return {
        {"disburse_unsigned",
         [](LoanWorld& w) {
             w.registered();
             return pays_disburse(w, [](auto&) {});
         },
         Errc::not_signed, "signatures"},
        {"disburse_unapproved",
         [](LoanWorld& w) {
             w.signed_by_all();
             return pays_disburse(w, [](auto&) {});
         },
         Errc::not_approved, "maker"},
        {"disburse_before_active",
         [](LoanWorld& w) {
             w.approved();
             return pays_disburse(w, [](auto&) {});
         },
         Errc::wrong_state, "phase"},
        {"disburse_after_settlement",
         [](LoanWorld& w) {
             w.settled();
             return pays_disburse(w, [](auto&) {});
         },
         Errc::wrong_state, "phase"},
        {"disburse_as_borrower",
         [](LoanWorld& w) {
             w.active();
             return w.act(kBorrower, w.payment<DisburseBody>(1));
         },
         Errc::role_missing, "role"},
        {"disburse_as_checker",
         [](LoanWorld& w) {
             w.active();
             return w.act(kChecker, w.payment<DisburseBody>(1));
         },
         Errc::role_missing, "role"},
        {"checker_turns_maker",
         [](LoanWorld& w) {
             w.signed_by_all();
             w.act(kMaker, w.approval(ApprovalCapacity::maker));
             w.act("bank-a/both-1", w.approval(ApprovalCapacity::checker));
             w.act(kMaker, ActivateBody{});
             return w.act("bank-a/both-1", w.payment<DisburseBody>(1));
         },
         Errc::same_person, "member"},
        {"disburse_beyond_limit",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.amount_minor = 100'001; });
         },
         Errc::over_disbursement, "amount"},
        {"disburse_beyond_rest",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_disburse(w, [](auto& p) { p.amount_minor = 1; });
         },
         Errc::over_disbursement, "amount"},
        {"limit_does_not_revolve",
         [](LoanWorld& w) {
             w.disbursed();
             w.act(kBorrower, w.payment<RepayBody>(105'000));
             return pays_disburse(w, [](auto& p) { p.amount_minor = 1; });
         },
         Errc::over_disbursement, "amount"},
        {"disburse_most",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.amount_minor = kMost; });
         },
         Errc::over_disbursement, "amount"},
        {"disburse_zero",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.amount_minor = 0; });
         },
         Errc::amount_invalid, "amount"},
        {"disburse_negative",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.amount_minor = -1; });
         },
         Errc::amount_invalid, "amount"},
        {"disburse_dollars",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.currency = *Currency::from_code("USD"); });
         },
         Errc::currency_mismatch, "currency"},
        {"disburse_before_contract",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.value_date = day("2026-11-09"); });
         },
         Errc::value_date_invalid, "value_date"},
        {"disburse_tomorrow",
         [](LoanWorld& w) {
             w.active();
             return pays_disburse(w, [](auto& p) { p.value_date = day("2026-11-20"); });
         },
         Errc::value_date_invalid, "value_date"},
        {"disburse_too_long_ago",
         [](LoanWorld& w) {
             w.loan.loan().max_back_value_days = 3;
             w.active();
             return pays_disburse(w, [](auto& p) { p.value_date = day("2026-11-14"); });
         },
         Errc::value_date_invalid, "value_date"},
        {"repay_before_disbursement",
         [](LoanWorld& w) {
             w.active();
             return pays_back(w, [](auto&) {});
         },
         Errc::wrong_state, "phase"},
        {"repay_unsigned",
         [](LoanWorld& w) {
             w.registered();
             return pays_back(w, [](auto&) {});
         },
         Errc::not_signed, "signatures"},
        {"repay_after_settlement",
         [](LoanWorld& w) {
             w.settled();
             return pays_back(w, [](auto&) {});
         },
         Errc::wrong_state, "phase"},
        {"repay_zero",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.amount_minor = 0; });
         },
         Errc::amount_invalid, "amount"},
        {"repay_negative",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.amount_minor = -5; });
         },
         Errc::amount_invalid, "amount"},
        {"repay_overflows",
         [](LoanWorld& w) {
             w.disbursed();
             pays_back(w, [](auto& p) { p.amount_minor = kMost; });
             return pays_back(w, [](auto& p) { p.amount_minor = kMost; });
         },
         Errc::amount_invalid, "amount"},
        {"repay_dollars",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.currency = *Currency::from_code("USD"); });
         },
         Errc::currency_mismatch, "currency"},
        {"repay_before_first_disbursement",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.value_date = day("2026-11-17"); });
         },
         Errc::value_date_invalid, "value_date"},
        {"repay_tomorrow",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.value_date = day("2026-11-20"); });
         },
         Errc::value_date_invalid, "value_date"},
        {"repay_as_guarantor",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act("guarantor-c/guarantor-1", w.payment<RepayBody>(1));
         },
         Errc::role_missing, "role"},
        {"total_of_answered_and_claimed_above_64_bits",
         [](LoanWorld& w) {
             w.disbursed();
             pays_back(w, [](auto& p) { p.amount_minor = kMost / 2; });
             const std::uint64_t first = w.stored().head.events.frontier.size - 1;
             w.act("bank-a/maker-1", AcknowledgeBody{first, Answer::accept});
             return pays_back(w, [](auto& p) { p.amount_minor = kMost / 2 + 2; });
         },
         Errc::amount_invalid, "amount"},
        {"reference_twice",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.bank_reference = "REF-1"; });
         },
         Errc::bank_reference_used, "bank_reference"},
        {"answer_nothing",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act(kBorrower, AcknowledgeBody{99, Answer::accept});
         },
         Errc::event_unknown, "target"},
        {"answer_a_signature",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act(kBorrower, AcknowledgeBody{1, Answer::accept});
         },
         Errc::event_unknown, "target"},
        {"answer_own",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act(kChecker, AcknowledgeBody{7, Answer::accept});
         },
         Errc::wrong_counterparty, "issuer"},
        {"answer_twice",
         [](LoanWorld& w) {
             w.disbursed();
             w.act(kBorrower, AcknowledgeBody{7, Answer::object});
             return w.act(kBank, AcknowledgeBody{7, Answer::accept});
         },
         Errc::already_answered, "target"},
        {"answer_as_guarantor",
         [](LoanWorld& w) {
             w.disbursed();
             return w.act("guarantor-c/guarantor-1", AcknowledgeBody{7, Answer::accept});
         },
         Errc::role_missing, "role"},
        {"answer_after_settlement",
         [](LoanWorld& w) {
             w.settled();
             return w.act(kBorrower, AcknowledgeBody{7, Answer::accept});
         },
         Errc::wrong_state, "phase"},
        {"deposit_lacks_sm3",
         [](LoanWorld& w) {
             w.registered();
             DepositBody b = test::sample_deposit();
             b.digests.pop_back();
             return w.act(kMaker, b);
         },
         Errc::digest_required, "digests"},
        {"key_reused",
         [](LoanWorld& w) {
             w.registered();
             const auto k = w.transactions.back()->payload().idempotency_key;
             return w.run(w.sign("bank-a/maker-2", w.on(w.signature()), k));
         },
         Errc::idempotency_conflict, "idempotency_key"},
    };
}

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
    broken.loan().disbursed_minor -= 1;  // As if a rule had lost a fen.
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
