#pragma once

#include "contracts/contract_execution.h"

namespace probatum::contracts {

/// Runs one action of docs/spec/double-financing.md. A refusal changes nothing. Errors, in this order:
/// idempotency_conflict; role_missing; then those of the action. Threads: pure.
[[nodiscard]] Execution execute_financing(const Execute& task);

}  // namespace probatum::contracts
