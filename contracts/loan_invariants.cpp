#include <algorithm>

#include "contracts/invariants.h"

/// The invariants of a loan: its books against the sums that they must equal, and each repayment by what stayed open.
namespace probatum::contracts {
namespace {

__extension__ using Wide = __int128;

Wide sum(const Totals& totals) {
    return Wide{totals.claimed_minor} + totals.acknowledged_minor + totals.objected_minor;
}

bool none_negative(const Totals& totals) {
    return totals.claimed_minor >= 0 && totals.acknowledged_minor >= 0 && totals.objected_minor >= 0;
}

/// I1 to I4: the accounts against the sums that they must equal.
Result<void> check_accounts(const LoanTerms& loan, Phase phase, const LoanBook& state) {
    const auto balance = [&](Account account) { return Wide{state.accounts.balance(account)}; };
    PROBATUM_TRY(demand(state.accounts.balanced(), "I1", "the accounts do not add up to zero"));
    PROBATUM_TRY(
        demand(none_negative(state.disbursements) && none_negative(state.repayments), "I2", "a negative total"));
    PROBATUM_TRY(
        demand(state.disbursed_minor >= 0 && state.disbursed_minor <= loan.principal_minor, "I3", "beyond the limit"));
    const Wide undrawn = phase == Phase::active ? Wide{loan.principal_minor} - state.disbursed_minor : 0;
    PROBATUM_TRY(
        demand(balance(Account::undrawn_commitment) == undrawn && balance(Account::commitment_contra) == -undrawn, "I3",
               "the undrawn commitment is not limit less disbursed"));
    const Wide outstanding = Wide{state.disbursed_minor} - state.principal_paid_minor;
    PROBATUM_TRY(
        demand(outstanding >= 0 && state.principal_paid_minor >= 0, "I4", "outstanding principal is negative"));
    PROBATUM_TRY(demand(balance(Account::principal_receivable) == outstanding, "I4",
                        "outstanding is not disbursed less repaid"));
    const Wide interest = Wide{state.interest_charged_minor} - state.interest_paid_minor;
    PROBATUM_TRY(demand(interest >= 0 && state.interest_paid_minor >= 0, "I4", "outstanding interest is negative"));
    PROBATUM_TRY(demand(balance(Account::interest_receivable) == interest, "I4", "interest is not charged less paid"));
    PROBATUM_TRY(demand(balance(Account::income) == -Wide{state.interest_charged_minor}, "I4",
                        "income is not what was charged"));
    PROBATUM_TRY(demand(balance(Account::suspense) <= 0, "I7", "suspense owes the wrong way"));
    // Costs, penalties, fees, losses and guarantees have no event in these rules.
    for (const Account account :
         {Account::penalty_receivable, Account::fee_receivable, Account::loss, Account::guarantee_exposure}) {
        PROBATUM_TRY(demand(balance(account) == 0, "I4", "an account moved that no event moves"));
    }
    return {};
}

/// The sums by answer against what moved.
Result<void> check_totals(const LoanBook& state) {
    PROBATUM_TRY(
        demand(sum(state.disbursements) == state.disbursed_minor, "I4", "disbursements by answer do not add up"));
    const Wide in_suspense = -Wide{state.accounts.balance(Account::suspense)};
    const Wide allocated = Wide{state.principal_paid_minor} + state.interest_paid_minor + in_suspense;
    PROBATUM_TRY(demand(sum(state.repayments) == allocated, "I7", "repayments are not fully allocated"));
    const Wide cash = sum(state.repayments) - state.disbursed_minor;
    return demand(Wide{state.accounts.balance(Account::cash_clearing)} == cash, "I1", "cash is not in less out");
}

/// I7 and I8 of one repayment, by looking at what stayed open rather than by allocating again.
Result<void> check_repayment(const Transition& t, const Posting& posting) {
    const Allocation& a = posting.allocation;
    const LoanTerms& loan = t.terms.loan();
    PROBATUM_TRY(demand(a.costs_minor == 0 && a.interest_minor >= 0 && a.principal_minor >= 0 && a.suspense_minor >= 0,
                        "I7", "a negative part"));
    const Wide parts = Wide{a.interest_minor} + a.principal_minor + a.suspense_minor;
    PROBATUM_TRY(demand(parts == posting.amount_minor, "I7", "the parts are not the whole"));
    PROBATUM_TRY(demand(
        Wide{t.after.loan().principal_paid_minor} - t.before->state.loan().principal_paid_minor == a.principal_minor &&
            Wide{t.after.loan().interest_paid_minor} - t.before->state.loan().interest_paid_minor == a.interest_minor,
        "I7", "booked otherwise than allocated"));
    const Owed in_all = owed_in_all(loan, t.after.loan().repaid());
    if (a.suspense_minor > 0) {
        PROBATUM_TRY(demand(in_all == Owed{}, "I7", "suspense while something is owed"));
    }
    const Owed due_before = owed_by(loan, t.before->state.loan().repaid(), posting.value_date);
    const Owed due_after = owed_by(loan, t.after.loan().repaid(), posting.value_date);
    const bool beyond_due = a.interest_minor > due_before.interest_minor ||
                            a.principal_minor > due_before.principal_minor || a.suspense_minor > 0;
    if (beyond_due) {
        PROBATUM_TRY(demand(due_after == Owed{}, "I8", "paid ahead while something is due"));
    }
    const bool interest_first =
        std::ranges::find(loan.allocation, Claim::interest) < std::ranges::find(loan.allocation, Claim::principal);
    const bool later_class_paid = interest_first ? a.principal_minor > 0 : a.interest_minor > 0;
    const MinorAmount earlier_class_open = interest_first ? due_after.interest_minor : due_after.principal_minor;
    return demand(!later_class_paid || earlier_class_open == 0, "I8", "the order of classes was not kept");
}

/// I6, I7, I8 and I12 of a money event.
Result<void> check_posting(const Transition& t) {
    const bool moves_money =
        std::holds_alternative<DisburseBody>(t.action.body) || std::holds_alternative<RepayBody>(t.action.body);
    if (!moves_money) {
        return {};
    }
    PROBATUM_TRY(demand(t.postings.size() == 1 && t.before != nullptr, "I7", "money moved without a posting"));
    const Posting& posting = t.postings.front().posting;
    PROBATUM_TRY(demand(t.postings.front().sequence + 1 == t.after.events, "I18", "a posting under another event"));
    PROBATUM_TRY(demand(posting.amount_minor > 0, "I2", "an amount that is not above zero"));
    PROBATUM_TRY(demand(t.resolved.bank_reference_used == false, "I6", "a bank reference used before"));
    PROBATUM_TRY(demand(posting.value_date >= t.terms.loan().contract_date && posting.value_date <= t.date, "I12",
                        "value date"));
    if (posting.kind == PostingKind::repayment) {
        return check_repayment(t, posting);
    }
    return {};
}

/// I5: no money before the contract is active.
Result<void> check_consent(const ContractState& state) {
    return demand(state.phase != Phase::registered || state.loan().disbursed_minor == 0, "I5",
                  "paid out before it was active");
}

}  // namespace

Result<void> check_loan_invariants(const Transition& t) {
    const LoanBook& book = t.after.loan();
    PROBATUM_TRY(check_accounts(t.terms.loan(), t.after.phase, book));
    PROBATUM_TRY(check_totals(book));
    PROBATUM_TRY(check_consent(t.after));
    return check_posting(t);
}

}  // namespace probatum::contracts
