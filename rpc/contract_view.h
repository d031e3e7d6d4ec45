#pragma once

#include "evidence/source.h"
#include "rpc/json.h"

/// A contract as the state of one view has it. Errors: not_found, storage_corrupt. Threads: pure over the source.
namespace probatum::rpc {

/// {contract, type, number, status, ...}: one line of a list.
[[nodiscard]] Result<Json> contract_brief(const evidence::Source& source, const Digest& contract);

/// All of it: terms, parties, signatures, approvals, plan, balances, postings.
[[nodiscard]] Result<Json> contract_view(const evidence::Source& source, const Digest& contract);

/// A leaf with what was signed and by whom.
[[nodiscard]] Result<Json> event_view(const evidence::Source& source, const ledger::EventLeaf& leaf);

}  // namespace probatum::rpc
