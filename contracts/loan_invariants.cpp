#include <algorithm>

#include "contracts/book/check.h"
#include "contracts/invariants.h"

/// The invariants of a loan: its book against the sums that it must equal, and each movement by what stayed open.
namespace probatum::contracts {
namespace {

__extension__ using Wide = __int128;

Wide sum(const Totals& totals) {
    return Wide{totals.claimed_minor} + totals.acknowledged_minor + totals.objected_minor;
}

bool none_negative(const Totals& totals) {
    return totals.claimed_minor >= 0 && totals.acknowledged_minor >= 0 && totals.objected_minor >= 0;
}

/// The sums by answer against what moved.
Result<void> check_totals(const LoanBook& loan) {
    PROBATUM_TRY(demand(none_negative(loan.disbursements) && none_negative(loan.repayments), "I2", "a negative total"));
    PROBATUM_TRY(
        demand(sum(loan.disbursements) == loan.disbursed_minor(), "I4", "disbursements by answer do not add up"));
    const MinorAmount received = loan.money ? loan.money->sums.received_minor : 0;
    return demand(sum(loan.repayments) == received, "I7", "repayments by answer do not add up");
}

/// I6, I7, I8 and I12 of a movement that this event recorded.
Result<void> check_movement(const Transition& t, const PostingChange& change) {
    const Posting& posting = change.posting;
    PROBATUM_TRY(demand(t.before != nullptr && t.after.loan().last_movement == change.sequence, "I18",
                        "a movement under another event"));
    PROBATUM_TRY(demand(posting.amount_minor >= 0, "I2", "an amount below zero"));
    PROBATUM_TRY(
        demand(!posting.reference || t.resolved.bank_reference_used == false, "I6", "a bank reference used before"));
    PROBATUM_TRY(demand(posting.value_date >= t.terms.loan().contract_date && posting.value_date <= t.date, "I12",
                        "value date"));
    const std::optional<CivilDate> last = t.before->state.loan().money->as_of;
    const bool replayed = last && posting.value_date < *last;
    if (!is_repayment(posting.kind) || replayed) {
        return {};
    }
    const book::Book& money = *t.after.loan().money;
    PROBATUM_TRY(book::check_split(versions_of(t.terms.loan()), money, movement_of(change.sequence, posting),
                                   posting.allocation));
    // Rows are paid ahead, so nothing waits while principal is left that may move.
    const MinorAmount free = money.outstanding_minor() - money.held_minor(book::Claim::principal);
    return demand(posting.allocation.suspense_minor == 0 || free <= 0, "I7", "suspense while something is owed");
}

/// I11: what was recorded stays as it was, but for where a replay put its money, an answer, or its reversal.
Result<void> check_older(const PostingChange& change, const Transition& t) {
    return demand(t.before != nullptr && change.sequence + 1 < t.after.events, "I11", "a movement of the future");
}

Result<void> check_postings(const Transition& t) {
    for (const PostingChange& change : t.postings) {
        const bool own = change.sequence + 1 == t.after.events;
        PROBATUM_TRY(own ? check_movement(t, change) : check_older(change, t));
    }
    const bool moves_money =
        std::holds_alternative<DisburseBody>(t.action.body) || std::holds_alternative<RepayBody>(t.action.body);
    const bool has_own = std::ranges::any_of(
        t.postings, [&](const PostingChange& change) { return change.sequence + 1 == t.after.events; });
    return demand(!moves_money || has_own, "I18", "money moved without a posting of its own");
}

/// I5: no money before the contract is active, and a book from then on.
Result<void> check_phase(const ContractState& state) {
    const bool active = state.phase != Phase::registered;
    PROBATUM_TRY(demand(state.loan().money.has_value() == active, "I5", "money before it was active"));
    const bool settled = state.phase == Phase::settled;
    return demand(!active || state.loan().money->closed == settled, "I13", "phase and book disagree");
}

}  // namespace

Result<void> check_loan_invariants(const Transition& t) {
    const LoanBook& loan = t.after.loan();
    PROBATUM_TRY(check_phase(t.after));
    if (loan.money) {
        PROBATUM_TRY(book::check_book(versions_of(t.terms.loan()), *loan.money));
    }
    PROBATUM_TRY(check_totals(loan));
    return check_postings(t);
}

}  // namespace probatum::contracts
