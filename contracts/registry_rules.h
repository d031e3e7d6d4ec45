#pragma once

#include "contracts/registry_changes.h"

namespace probatum::contracts {

/// Where a change of the register takes effect.
struct RegistryContext {
    const ledger::StateView& state;
    Height height;
    Digest proposal;  ///< Transaction id; not yet known when a proposal is judged.
};

/// What the change writes if it is enacted here; nothing of it is applied. Errors: change_invalid with the field, and
/// those of Registry. Source: docs/spec/governance.md section 3. Threads: pure.
[[nodiscard]] Result<ledger::StateOverlay::Writes> registry_writes(const RegistryContext& context,
                                                                   const RegistryChange& change);

}  // namespace probatum::contracts
