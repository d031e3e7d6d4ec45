#pragma once

#include "contracts/contract_execution.h"

namespace probatum::contracts {

/// Runs one action of contracts/identity_actions.h. A refusal changes nothing. Errors, in this order:
/// idempotency_conflict; account_frozen, role_missing; governance_absent (but for certificate.bind); then those of the
/// action. Source: docs/spec/roles.md section 6; docs/spec/published.md. Threads: pure.
[[nodiscard]] Execution execute_identity(const Execute& task);

}  // namespace probatum::contracts
