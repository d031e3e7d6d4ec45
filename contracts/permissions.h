#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "contracts/resolved.h"
#include "contracts/terms.h"

/// Who may do what. The one table of roles and actions; docs/spec/roles.md shows it.
namespace probatum::contracts {

struct Permission {
    std::string_view action;
    /// The capacity in which the signer's organisation must be party; none where no contract is concerned.
    std::optional<Capacity> capacity;
    RoleSet roles;  ///< One of these is enough.
};
[[nodiscard]] const std::vector<Permission>& permissions();

/// not_a_party where the organisation is in no capacity party; account_frozen where the signer's organisation, its key
/// or the contract is frozen and the action is not one that a freeze leaves possible; role_missing where no line of the
/// table admits the signer. `parties` is null for an action outside any contract.
[[nodiscard]] Result<void> permit(std::string_view action, const std::vector<Party>* parties, const Resolved& signer);

}  // namespace probatum::contracts
