#pragma once

#include "contracts/actions.h"
#include "contracts/execution.h"
#include "contracts/resolved.h"

namespace probatum::contracts {

/// Looks up everything that the rules need from outside one contract, as of `state`: what is found goes into Resolved
/// and the rules judge. Refuses a key that is unknown by now alone: admission looked at the state before the block, and
/// a transaction before this one may have revoked the key or let its organisation leave.
/// @return  unknown_key. Threads: pure.
[[nodiscard]] Result<Resolved> authorise(const ledger::Transaction& transaction, const DecodedAction& action,
                                         const BlockContext& context, const ledger::StateView& state);

/// The parameters in force.
[[nodiscard]] Parameters find_parameters(const ledger::StateView& state);

}  // namespace probatum::contracts
