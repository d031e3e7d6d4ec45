#include "contracts/roles.h"

#include <array>

namespace probatum::contracts {
namespace {

constexpr std::array<std::string_view, 12> kNames{"platform-administrator", "validator-operator", "consortium-governor",
                                                  "lender-maker",           "lender-checker",     "borrower",
                                                  "core-enterprise",        "guarantor",          "custodian",
                                                  "settlement-bank",        "judicial-officer",   "regulator"};

}  // namespace

std::string_view name(Role role) { return kNames.at(static_cast<std::size_t>(role) - 1); }

Result<Role> role_from_name(std::string_view text) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == text) {
            return static_cast<Role>(i + 1);
        }
    }
    return fail(Errc::malformed, "role", "no role has this name");
}

Result<Role> role_from_number(std::uint64_t number) {
    if (number < 1 || number > kNames.size()) {
        return fail(Errc::malformed, "role", "roles are numbered 1 to 12");
    }
    return static_cast<Role>(number);
}

RoleSet RoleSet::of(const std::vector<Role>& roles) {
    RoleSet out;
    for (const Role role : roles) {
        out.add(role);
    }
    return out;
}

std::vector<Role> RoleSet::list() const {
    std::vector<Role> out;
    for (unsigned number = 1; number <= kNames.size(); ++number) {
        if (has(static_cast<Role>(number))) {
            out.push_back(static_cast<Role>(number));
        }
    }
    return out;
}

bool may_be_held_together(RoleSet roles) {
    constexpr RoleSet kAloof{Role::platform_administrator, Role::validator_operator, Role::judicial_officer,
                             Role::regulator};
    if (roles.meets(kAloof) && roles.meets(kBusinessRoles)) {
        return false;
    }
    return !(roles.has(Role::consortium_governor) && roles.has(Role::validator_operator));
}

}  // namespace probatum::contracts
