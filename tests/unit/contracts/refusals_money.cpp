#include <limits>

#include "refusals.h"

namespace probatum::contracts {

using test::day;
using test::LoanWorld;

namespace {

constexpr const char* kMaker = "bank-a/maker-1";
constexpr const char* kChecker = "bank-a/checker-1";
constexpr const char* kBorrower = "supplier-b/treasurer-1";
constexpr const char* kBank = "bank-d/settler-1";
constexpr MinorAmount kMost = std::numeric_limits<MinorAmount>::max();

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

}  // namespace

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
        {"repay_most",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_back(w, [](auto& p) { p.amount_minor = kMost; });
         },
         Errc::amount_invalid, "amount"},
        {"repay_above_what_a_book_takes",
         [](LoanWorld& w) {
             w.disbursed();
             pays_back(w, [](auto& p) { p.amount_minor = book::kMaxAmount; });
             return pays_back(w, [](auto& p) { p.amount_minor = book::kMaxAmount + 1; });
         },
         Errc::amount_invalid, "amount"},
        {"folded_in_it_takes_what_a_later_one_drew",
         [](LoanWorld& w) {
             w.active();
             pays_disburse(w, [](auto& p) { p.amount_minor = 80'000; });
             return pays_disburse(w, [](auto& p) {
                 p.amount_minor = 30'000;
                 p.value_date = day("2026-11-14");
             });
         },
         Errc::replay_conflict, "movements[7]"},
        {"folded_in_beyond_the_limit",
         [](LoanWorld& w) {
             w.disbursed();
             return pays_disburse(w, [](auto& p) {
                 p.amount_minor = 100'001;
                 p.value_date = day("2026-11-14");
             });
         },
         Errc::over_disbursement, "amount"},
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

}  // namespace probatum::contracts
