#pragma once

#include <initializer_list>
#include <vector>

#include "contracts/genesis.h"

namespace probatum::contracts {

/// A set of the twelve roles; what a member holds or an action accepts.
class RoleSet {
public:
    constexpr RoleSet() = default;
    constexpr RoleSet(std::initializer_list<Role> roles) {
        for (const Role role : roles) {
            add(role);
        }
    }
    [[nodiscard]] static RoleSet of(const std::vector<Role>& roles);

    constexpr void add(Role role) { bits_ = static_cast<std::uint16_t>(bits_ | bit(role)); }
    [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
    [[nodiscard]] constexpr bool meets(RoleSet accepted) const { return (bits_ & accepted.bits_) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] std::vector<Role> list() const;  ///< Ascending.
    friend constexpr bool operator==(RoleSet, RoleSet) = default;

private:
    static constexpr std::uint16_t bit(Role role) {
        return static_cast<std::uint16_t>(1U << (static_cast<unsigned>(role) - 1U));
    }
    std::uint16_t bits_{0};
};

/// Who writes business events: roles 4 to 10. Roles 1, 2, 3, 11 and 12 do not (DOMAIN section 2).
inline constexpr RoleSet kBusinessRoles{Role::lender_maker,    Role::lender_checker, Role::borrower,
                                        Role::core_enterprise, Role::guarantor,      Role::custodian,
                                        Role::settlement_bank};

/// Roles that carry power over others: the electors give them, nobody within one organisation.
inline constexpr RoleSet kGrantedByVote{Role::platform_administrator, Role::validator_operator,
                                        Role::consortium_governor, Role::judicial_officer, Role::regulator};

/// Whether one member may hold these roles together: 1, 2, 11 and 12 go with no business role, and 3 is not 2.
/// That 4 and 5 are different people is a matter of each contract, not of the member.
[[nodiscard]] bool may_be_held_together(RoleSet roles);

/// 1..12, or malformed.
[[nodiscard]] Result<Role> role_from_number(std::uint64_t number);

}  // namespace probatum::contracts
