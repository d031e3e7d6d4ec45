#pragma once

#include "contracts/actions.h"
#include "contracts/execution.h"
#include "contracts/resolved.h"

namespace probatum::contracts {

/// One transaction on its way through execution.
struct Execute {
    const ledger::Transaction& transaction;
    const DecodedAction& action;
    const Resolved& resolved;
    const BlockContext& context;
    std::uint32_t index;  ///< Position in the block.
    const ledger::StateView& state;
};

/// Runs the rules over the contract that the statement names, checks the invariants, and appends the event to the
/// contract's log; a refused attempt by a party to its log of refusals. Threads: pure.
[[nodiscard]] Execution execute_on_contract(const Execute& task);

/// The record of an accepted transaction under its idempotency key.
void write_record(Execution& out, const Execute& task);

/// A refusal that is recorded in the chain's evidence log alone.
[[nodiscard]] Execution refused(const Error& error);

}  // namespace probatum::contracts
