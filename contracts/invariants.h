#pragma once

#include <span>

#include "contracts/contract_rules.h"

/// The invariants of DOMAIN section 5, recomputed from the contract after every accepted transaction
/// and independently of the rules that should keep them. In every build.
namespace probatum::contracts {

/// One accepted event, from both sides.
struct Transition {
    const Contract* before{nullptr};  ///< Null for contract.register. As stored, before `advance`.
    const ContractTerms& terms;
    const ContractState& after;
    std::span<const PostingChange> postings{};  ///< As in Applied.
    const DecodedAction& action;
    const Resolved& resolved;
    CivilDate date;
};

/// I5, I13, I18 and I22 for one transition of any kind, and the invariants of its kind. invariant_violated names the
/// invariant in the field: "I4". Threads: pure.
[[nodiscard]] Result<void> check_invariants(const Transition& transition);

/// Those of a loan: I1 to I8 and I12.
[[nodiscard]] Result<void> check_loan_invariants(const Transition& transition);
/// Those of a receivable: I2, I4, I6, I12, I14 to I16.
[[nodiscard]] Result<void> check_receivable_invariants(const Transition& transition);
/// Those of a voucher: I2, I4, I6, I12 and I14.
[[nodiscard]] Result<void> check_voucher_invariants(const Transition& transition);

/// invariant_violated where it does not hold.
[[nodiscard]] Result<void> demand(bool holds, const char* invariant, const char* why);

}  // namespace probatum::contracts
