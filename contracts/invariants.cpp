#include "contracts/invariants.h"

#include <algorithm>

#include "contracts/permissions.h"

namespace probatum::contracts {
namespace {

__extension__ using Wide = __int128;

Result<void> demand(bool holds, const char* invariant, const char* why) {
    if (holds) {
        return {};
    }
    return fail(Errc::invariant_violated, invariant, why);
}

Wide sum(const Totals& totals) {
    return Wide{totals.claimed_minor} + totals.acknowledged_minor + totals.objected_minor;
}

bool none_negative(const Totals& totals) {
    return totals.claimed_minor >= 0 && totals.acknowledged_minor >= 0 && totals.objected_minor >= 0;
}

/// I1 to I4: the accounts against the sums that they must equal.
Result<void> check_accounts(const LoanTerms& loan, const LoanState& state) {
    const auto balance = [&](Account account) { return Wide{state.accounts.balance(account)}; };
    PROBATUM_TRY(demand(state.accounts.balanced(), "I1", "the accounts do not add up to zero"));
    PROBATUM_TRY(
        demand(none_negative(state.disbursements) && none_negative(state.repayments), "I2", "a negative total"));
    PROBATUM_TRY(
        demand(state.disbursed_minor >= 0 && state.disbursed_minor <= loan.principal_minor, "I3", "beyond the limit"));
    const Wide undrawn = state.phase == Phase::active ? Wide{loan.principal_minor} - state.disbursed_minor : 0;
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
Result<void> check_totals(const LoanState& state) {
    PROBATUM_TRY(
        demand(sum(state.disbursements) == state.disbursed_minor, "I4", "disbursements by answer do not add up"));
    const Wide in_suspense = -Wide{state.accounts.balance(Account::suspense)};
    const Wide allocated = Wide{state.principal_paid_minor} + state.interest_paid_minor + in_suspense;
    PROBATUM_TRY(demand(sum(state.repayments) == allocated, "I7", "repayments are not fully allocated"));
    const Wide cash = sum(state.repayments) - state.disbursed_minor;
    return demand(Wide{state.accounts.balance(Account::cash_clearing)} == cash, "I1", "cash is not in less out");
}

/// I5: nothing is active or paid out without every signature and both approvals, by different people.
Result<void> check_consent(const ContractTerms& terms, const LoanState& state) {
    for (std::size_t i = 0; i < state.signatures.size(); ++i) {
        const Mark& mark = state.signatures[i];
        PROBATUM_TRY(demand(terms.is_party(mark.organisation), "I5", "somebody signed who is no party"));
        for (std::size_t j = 0; j < i; ++j) {
            PROBATUM_TRY(
                demand(state.signatures[j].organisation != mark.organisation, "I5", "an organisation signed twice"));
        }
    }
    if (state.maker && state.checker) {
        PROBATUM_TRY(demand(!state.maker->same_person(*state.checker), "I5", "maker and checker are one person"));
    }
    if (state.phase == Phase::registered) {
        return demand(state.disbursed_minor == 0, "I5", "paid out before it was active");
    }
    PROBATUM_TRY(demand(state.maker && state.checker, "I5", "active without approvals"));
    for (const std::string& organisation : required_signers(terms)) {
        PROBATUM_TRY(demand(state.signed_by(organisation), "I5", "active without a signature"));
    }
    return {};
}

/// I7 and I8 of one repayment, by looking at what stayed open rather than by allocating again.
Result<void> check_repayment(const Transition& t, const Posting& posting) {
    const Allocation& a = posting.allocation;
    const LoanTerms& loan = t.terms.loan;
    PROBATUM_TRY(demand(a.costs_minor == 0 && a.interest_minor >= 0 && a.principal_minor >= 0 && a.suspense_minor >= 0,
                        "I7", "a negative part"));
    const Wide parts = Wide{a.interest_minor} + a.principal_minor + a.suspense_minor;
    PROBATUM_TRY(demand(parts == posting.amount_minor, "I7", "the parts are not the whole"));
    PROBATUM_TRY(
        demand(Wide{t.after.principal_paid_minor} - t.before->state.principal_paid_minor == a.principal_minor &&
                   Wide{t.after.interest_paid_minor} - t.before->state.interest_paid_minor == a.interest_minor,
               "I7", "booked otherwise than allocated"));
    const Owed in_all = owed_in_all(loan, t.after.repaid());
    if (a.suspense_minor > 0) {
        PROBATUM_TRY(demand(in_all == Owed{}, "I7", "suspense while something is owed"));
    }
    const Owed due_before = owed_by(loan, t.before->state.repaid(), posting.value_date);
    const Owed due_after = owed_by(loan, t.after.repaid(), posting.value_date);
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
    PROBATUM_TRY(demand(t.posting != nullptr && t.before != nullptr, "I7", "money moved without a posting"));
    const Posting& posting = t.posting->posting;
    PROBATUM_TRY(demand(t.posting->sequence + 1 == t.after.events, "I18", "a posting under another event"));
    PROBATUM_TRY(demand(posting.amount_minor > 0, "I2", "an amount that is not above zero"));
    PROBATUM_TRY(demand(t.resolved.bank_reference_used == false, "I6", "a bank reference used before"));
    PROBATUM_TRY(
        demand(posting.value_date >= t.terms.loan.contract_date && posting.value_date <= t.date, "I12", "value date"));
    if (posting.kind == PostingKind::repayment) {
        return check_repayment(t, posting);
    }
    return {};
}

/// I13: a settled contract changes in nothing but its count of events and records.
Result<void> check_terminal(const Transition& t) {
    if (t.before == nullptr || t.before->state.phase != Phase::settled) {
        return {};
    }
    LoanState same = t.after;
    same.events = t.before->state.events;
    same.records = t.before->state.records;
    return demand(same == t.before->state && t.posting == nullptr, "I13", "a settled contract changed");
}

}  // namespace

Result<void> check_invariants(const Transition& t) {
    PROBATUM_TRY(check_accounts(t.terms.loan, t.after));
    PROBATUM_TRY(check_totals(t.after));
    PROBATUM_TRY(check_consent(t.terms, t.after));
    PROBATUM_TRY(check_posting(t));
    PROBATUM_TRY(check_terminal(t));
    const std::uint64_t events_before = t.before == nullptr ? 0 : t.before->state.events;
    PROBATUM_TRY(demand(t.after.events == events_before + 1, "I18", "events are not counted one by one"));
    const bool permitted = permit(t.action.name, &t.terms.parties, t.resolved).has_value();
    return demand(permitted && t.resolved.key_status == KeyStatus::active, "I22", "signer, party or role");
}

}  // namespace probatum::contracts
