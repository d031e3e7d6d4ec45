#pragma once

#include "contracts/actions.h"
#include "contracts/execution.h"
#include "contracts/resolved.h"

namespace probatum::contracts {

/// Looks up everything that the rules need from outside one contract, as of `state`. Refuses nothing: what is found
/// goes into Resolved and the rules judge. Precondition: the transaction is admissible over this state. Threads: pure.
[[nodiscard]] Resolved authorise(const ledger::Transaction& transaction, const DecodedAction& action,
                                 const BlockContext& context, const ledger::StateView& state);

/// The parameters in force.
[[nodiscard]] Parameters find_parameters(const ledger::StateView& state);

}  // namespace probatum::contracts
