#include <algorithm>

#include "contracts/rule_parts.h"

namespace probatum::contracts::rules {
namespace {

Result<void> require_registered(const ContractState& state) {
    if (state.phase != Phase::registered) {
        return fail(Errc::wrong_state, "phase");
    }
    return {};
}

Result<void> approve_as_maker(ContractState& state, const Attempt& attempt) {
    if (!attempt.resolved.roles.has(Role::lender_maker)) {
        return fail(Errc::role_missing, "role");
    }
    if (state.maker) {
        return fail(Errc::already_approved, "capacity");
    }
    state.maker = attempt.mark();
    return {};
}

Result<void> approve_as_checker(ContractState& state, const Attempt& attempt) {
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

Result<void> require_signed_and_approved(const ContractTerms& terms, const ContractState& state) {
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

Result<void> sign(ContractState& state, const Attempt& attempt, const SignBody& body) {
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

Result<void> approve(ContractState& state, const Attempt& attempt, const ApproveBody& body) {
    PROBATUM_TRY(require_registered(state));
    return body.capacity == ApprovalCapacity::maker ? approve_as_maker(state, attempt)
                                                    : approve_as_checker(state, attempt);
}

Result<void> activate(ContractState& state, const Attempt& attempt) {
    PROBATUM_TRY(require_registered(state));
    PROBATUM_TRY(require_signed_and_approved(attempt.terms, state));
    state.phase = Phase::active;
    return rules_of(attempt.terms.kind()).activate(state, attempt);
}

Result<void> require_active(const Attempt& attempt, const ContractState& state) {
    if (state.phase == Phase::registered) {
        PROBATUM_TRY(require_signed_and_approved(attempt.terms, state));
    }
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    return {};
}

}  // namespace probatum::contracts::rules
