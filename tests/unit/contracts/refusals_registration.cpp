#include <limits>

#include "refusals.h"

namespace probatum::contracts {

using test::day;
using test::LoanWorld;

namespace {

constexpr const char* kMaker = "bank-a/maker-1";
constexpr const char* kChecker = "bank-a/checker-1";
constexpr MinorAmount kMost = std::numeric_limits<MinorAmount>::max();

Execution registers(LoanWorld& world, const std::function<void(RegisterBody&)>& spoil, const char* who = kMaker) {
    RegisterBody body = world.loan;
    spoil(body);
    return world.run(who, {.body = body});
}

}  // namespace

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
        {"a_creditor_in_a_loan",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[2].capacity = Capacity::creditor; }); },
         Errc::terms_invalid, "parties"},
        {"a_debtor_in_a_loan",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[2].capacity = Capacity::debtor; }); },
         Errc::terms_invalid, "parties"},
        {"a_holder_in_a_loan",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.parties[2].capacity = Capacity::holder; }); },
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
        {"interest_overflows_together",
         [](LoanWorld& w) { return registers(w, [](auto& b) { b.loan().rows[0].interest_minor = kMost - 2'000; }); },
         Errc::amount_invalid, "terms.rows"},
        {"interest_above_what_a_book_takes",
         [](LoanWorld& w) {
             return registers(w, [](auto& b) { b.loan().rows[0].interest_minor = book::kMaxAmount - 1'999; });
         },
         Errc::amount_invalid, "terms.rows"},
        {"principal_above_what_a_book_takes",
         [](LoanWorld& w) {
             return registers(w, [](auto& b) {
                 b.loan().rows[0].principal_minor = book::kMaxAmount;
                 b.loan().principal_minor = book::kMaxAmount + 50'000;
             });
         },
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

}  // namespace probatum::contracts
