#include <algorithm>

#include "contracts/rule_parts.h"

namespace probatum::contracts::rules {
namespace {

Result<void> require_registered(const LoanState& state) {
    if (state.phase != Phase::registered) {
        return fail(Errc::wrong_state, "phase");
    }
    return {};
}

Result<void> approve_as_maker(LoanState& state, const Attempt& attempt) {
    if (!attempt.resolved.roles.has(Role::lender_maker)) {
        return fail(Errc::role_missing, "role");
    }
    if (state.maker) {
        return fail(Errc::already_approved, "capacity");
    }
    state.maker = attempt.mark();
    return {};
}

Result<void> approve_as_checker(LoanState& state, const Attempt& attempt) {
    if (!attempt.resolved.roles.has(Role::lender_checker)) {
        return fail(Errc::role_missing, "role");
    }
    if (state.checker) {
        return fail(Errc::already_approved, "capacity");
    }
    // A checker checks what somebody else has made: there must be something, and it must be somebody else's.
    if (!state.maker) {
        return fail(Errc::not_approved, "maker");
    }
    const Mark mark = attempt.mark();
    if (mark.same_person(*state.maker) || mark.same_person(state.registrar)) {
        return fail(Errc::same_person, "member");
    }
    state.checker = mark;
    return {};
}

}  // namespace

Result<void> require_signed_and_approved(const ContractTerms& terms, const LoanState& state) {
    for (const std::string& organisation : required_signers(terms)) {
        if (!state.signed_by(organisation)) {
            return fail(Errc::not_signed, "signatures", organisation);
        }
    }
    if (!state.maker || !state.checker) {
        return fail(Errc::not_approved, state.maker ? "checker" : "maker");
    }
    return {};
}

Result<void> sign(LoanState& state, const Attempt& attempt, const SignBody& body) {
    if (state.signed_by(attempt.resolved.organisation)) {
        return fail(Errc::already_signed, "issuer");
    }
    PROBATUM_TRY(require_registered(state));
    if (!std::ranges::equal(body.documents, attempt.terms.documents, {}, {}, &Document::digests)) {
        return fail(Errc::document_mismatch, "documents");
    }
    state.signatures.push_back(attempt.mark());
    return {};
}

Result<void> approve(LoanState& state, const Attempt& attempt, const ApproveBody& body) {
    PROBATUM_TRY(require_registered(state));
    return body.capacity == ApprovalCapacity::maker ? approve_as_maker(state, attempt)
                                                    : approve_as_checker(state, attempt);
}

Result<void> activate(LoanState& state, const Attempt& attempt) {
    PROBATUM_TRY(require_registered(state));
    PROBATUM_TRY(require_signed_and_approved(attempt.terms, state));
    state.phase = Phase::active;
    const Accounts::Transfer commitment{Account::undrawn_commitment, Account::commitment_contra,
                                        attempt.terms.loan.principal_minor};
    return state.accounts.post({&commitment, 1});
}

Result<void> settle(LoanState& state, const Attempt&) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    // Interest that is not due yet is the lender's to waive: settling is the lender's own signed statement.
    if (state.accounts.balance(Account::principal_receivable) != 0) {
        return fail(Errc::balance_outstanding, "principal");
    }
    if (state.accounts.balance(Account::interest_receivable) != 0) {
        return fail(Errc::balance_outstanding, "interest");
    }
    state.phase = Phase::settled;
    const Accounts::Transfer lapsed{Account::commitment_contra, Account::undrawn_commitment,
                                    state.accounts.balance(Account::undrawn_commitment)};
    return state.accounts.post({&lapsed, 1});
}

}  // namespace probatum::contracts::rules
