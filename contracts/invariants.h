#pragma once

#include "contracts/loan_rules.h"

/// The invariants of DOMAIN section 5 that are in force, recomputed from the contract after every accepted transaction
/// and independently of the rules that should keep them. In every build.
namespace probatum::contracts {

/// One accepted event, from both sides.
struct Transition {
    const Contract* before{nullptr};  ///< Null for contract.register. As stored, before `advance`.
    const ContractTerms& terms;
    const LoanState& after;
    const PostingChange* posting{nullptr};
    const DecodedAction& action;
    const Resolved& resolved;
    CivilDate date;
};

/// I1 to I8, I12, I13, I18 and I22 for one transition. invariant_violated names the invariant in the field: "I4".
/// Threads: pure.
[[nodiscard]] Result<void> check_invariants(const Transition& transition);

}  // namespace probatum::contracts
