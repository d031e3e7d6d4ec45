#pragma once

#include "contracts/loan_rules.h"

/// The rules of single actions, called by `apply` once signer, party and role are in order.
namespace probatum::contracts::rules {

struct Attempt {
    const ContractTerms& terms;
    const Resolved& resolved;
    CivilDate date;
    std::uint64_t sequence;  ///< That the event gets if it is accepted.

    [[nodiscard]] Mark mark() const { return {resolved.organisation, resolved.member, sequence}; }
};

/// not_signed or not_approved (I5).
[[nodiscard]] Result<void> require_signed_and_approved(const ContractTerms& terms, const LoanState& state);

[[nodiscard]] Result<void> sign(LoanState& state, const Attempt& attempt, const SignBody& body);
[[nodiscard]] Result<void> approve(LoanState& state, const Attempt& attempt, const ApproveBody& body);
[[nodiscard]] Result<void> activate(LoanState& state, const Attempt& attempt);
[[nodiscard]] Result<void> settle(LoanState& state, const Attempt& attempt);

/// A money event of the blinded reference; gives the posting that it makes.
struct Movement {
    const Payment& payment;
    const Digest& reference;
};
[[nodiscard]] Result<Posting> disburse(LoanState& state, const Attempt& attempt, const Movement& movement);
[[nodiscard]] Result<Posting> repay(LoanState& state, const Attempt& attempt, const Movement& movement);
/// Gives the posting as answered.
[[nodiscard]] Result<Posting> acknowledge(LoanState& state, const Attempt& attempt, const AcknowledgeBody& body,
                                          const Posting* target);

}  // namespace probatum::contracts::rules
