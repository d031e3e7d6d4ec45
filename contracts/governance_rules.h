#pragma once

#include "contracts/contract_execution.h"

namespace probatum::contracts {

/// Runs one action of governance: gov.propose, gov.vote, gov.enact, validator.ready. A refusal changes nothing.
/// Errors, in this order: idempotency_conflict; role_missing; governance_absent; then those of the action.
/// Source: docs/spec/governance.md. Threads: pure.
[[nodiscard]] Execution execute_governance(const Execute& task);

}  // namespace probatum::contracts
