#include <algorithm>
#include <array>

#include "base/check.h"
#include "contracts/rule_parts.h"

namespace probatum::contracts::rules {
namespace {

/// On one contract the maker's role and the checker's are different people, whatever roles a member holds.
Result<void> require_not_the_checker(const Attempt& attempt, const ContractState& state) {
    if (state.checker && attempt.mark().same_person(*state.checker)) {
        return fail(Errc::same_person, "member");
    }
    return {};
}

Result<void> check_payment(const Attempt& attempt, const Payment& payment) {
    const LoanTerms& loan = attempt.terms.loan();
    if (payment.currency != loan.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    if (payment.amount_minor <= 0) {
        return fail(Errc::amount_invalid, "amount");
    }
    const std::int32_t back_days = attempt.date.days() - payment.value_date.days();
    const bool too_old = loan.max_back_value_days && back_days > static_cast<std::int32_t>(*loan.max_back_value_days);
    if (payment.value_date < loan.contract_date || back_days < 0 || too_old) {
        return fail(Errc::value_date_invalid, "value_date");
    }
    return {};
}

Result<void> require_fresh_reference(const Attempt& attempt) {
    if (attempt.resolved.bank_reference_used.value_or(true)) {
        return fail(Errc::bank_reference_used, "bank_reference");
    }
    return {};
}

/// One more claim, such that whatever is answered later, no total can exceed 64 bits.
Result<void> claim(Totals& totals, MinorAmount amount) {
    MinorAmount sum = amount;
    for (const MinorAmount total : {totals.claimed_minor, totals.acknowledged_minor, totals.objected_minor}) {
        const std::optional<MinorAmount> next = add(sum, total);
        if (!next) {
            return fail(Errc::amount_invalid, "amount", "the total would exceed 64 bits");
        }
        sum = *next;
    }
    totals.claimed_minor += amount;
    return {};
}

Posting posting_of(const Attempt& attempt, const Movement& movement, PostingKind kind) {
    return {.kind = kind,
            .organisation = attempt.resolved.organisation,
            .amount_minor = movement.payment.amount_minor,
            .value_date = movement.payment.value_date,
            .recorded = attempt.date,
            .reference = movement.reference};
}

Result<void> book_repayment(ContractState& state, const Posting& posting) {
    const Allocation& allocation = posting.allocation;
    state.loan().principal_paid_minor += allocation.principal_minor;
    state.loan().interest_paid_minor += allocation.interest_minor;
    // Interest paid ahead is income when it is paid; its due date then adds nothing.
    const MinorAmount charged = std::max(state.loan().interest_charged_minor, state.loan().interest_paid_minor);
    const MinorAmount ahead = charged - state.loan().interest_charged_minor;
    state.loan().interest_charged_minor = charged;
    PROBATUM_TRY(claim(state.loan().repayments, posting.amount_minor));
    return state.loan().accounts.post(std::array<Accounts::Transfer, 4>{{
        {Account::interest_receivable, Account::income, ahead},
        {Account::cash_clearing, Account::interest_receivable, allocation.interest_minor},
        {Account::cash_clearing, Account::principal_receivable, allocation.principal_minor},
        {Account::cash_clearing, Account::suspense, allocation.suspense_minor},
    }});
}

/// Whether `signer` stands on the other side of who recorded the posting, or is the bank between them.
bool may_answer(const ContractTerms& terms, const std::string& recorder, const std::string& signer) {
    if (signer == recorder) {
        return false;
    }
    const bool both_borrow = terms.is_party(recorder, Capacity::borrower) && terms.is_party(signer, Capacity::borrower);
    return !both_borrow;
}

}  // namespace

Result<Posting> disburse(ContractState& state, const Attempt& attempt, const Movement& movement) {
    PROBATUM_TRY(require_active(attempt, state));
    PROBATUM_TRY(require_not_the_checker(attempt, state));
    PROBATUM_TRY(check_payment(attempt, movement.payment));
    const MinorAmount amount = movement.payment.amount_minor;
    // The subtraction cannot overflow: both are within the limit (I3).
    if (amount > attempt.terms.loan().principal_minor - state.loan().disbursed_minor) {
        return fail(Errc::over_disbursement, "amount");
    }
    PROBATUM_TRY(require_fresh_reference(attempt));
    state.loan().disbursed_minor += amount;
    const CivilDate value_date = movement.payment.value_date;
    state.loan().first_value_date = std::min(state.loan().first_value_date.value_or(value_date), value_date);
    PROBATUM_TRY(claim(state.loan().disbursements, amount));
    PROBATUM_TRY(state.loan().accounts.post(std::array<Accounts::Transfer, 2>{{
        {Account::principal_receivable, Account::cash_clearing, amount},
        {Account::commitment_contra, Account::undrawn_commitment, amount},
    }}));
    return posting_of(attempt, movement, PostingKind::disbursement);
}

Result<Posting> repay(ContractState& state, const Attempt& attempt, const Movement& movement) {
    PROBATUM_TRY(require_active(attempt, state));
    PROBATUM_TRY(require_not_the_checker(attempt, state));
    if (!state.loan().first_value_date) {
        return fail(Errc::wrong_state, "phase", "nothing has been disbursed");
    }
    PROBATUM_TRY(check_payment(attempt, movement.payment));
    if (movement.payment.value_date < *state.loan().first_value_date) {
        return fail(Errc::value_date_invalid, "value_date", "before the first disbursement");
    }
    PROBATUM_TRY(require_fresh_reference(attempt));
    Posting posting = posting_of(attempt, movement, PostingKind::repayment);
    posting.allocation =
        allocate(posting.amount_minor, attempt.terms.loan(), state.loan().repaid(), posting.value_date);
    PROBATUM_TRY(book_repayment(state, posting));
    return posting;
}

Result<Posting> acknowledge(ContractState& state, const Attempt& attempt, const AcknowledgeBody& body,
                            const std::optional<Posting>& target) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    if (!target) {
        return fail(Errc::event_unknown, "target");
    }
    if (!may_answer(attempt.terms, target->organisation, attempt.resolved.organisation)) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (target->status != PostingStatus::claimed) {
        return fail(Errc::already_answered, "target");
    }
    Totals& totals = target->kind == PostingKind::disbursement ? state.loan().disbursements : state.loan().repayments;
    const bool accepted = body.answer == Answer::accept;
    // The sum of the three fitted when each was claimed (claim), so each of them fits now.
    totals.claimed_minor -= target->amount_minor;
    (accepted ? totals.acknowledged_minor : totals.objected_minor) += target->amount_minor;
    Posting answered = *target;
    answered.status = accepted ? PostingStatus::acknowledged : PostingStatus::objected;
    answered.answered_by = attempt.mark();
    return answered;
}

}  // namespace probatum::contracts::rules
