#include "refusals.h"

namespace probatum::contracts {

using test::LoanWorld;

namespace {

constexpr const char* kMaker = "bank-a/maker-1";
constexpr const char* kChecker = "bank-a/checker-1";
constexpr const char* kBorrower = "supplier-b/treasurer-1";
constexpr const char* kBank = "bank-d/settler-1";

}  // namespace

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

}  // namespace probatum::contracts
