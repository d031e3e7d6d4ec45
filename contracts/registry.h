#pragma once

#include <string>
#include <string_view>

#include "contracts/genesis.h"
#include "contracts/identity.h"
#include "contracts/standing.h"

/// The register of organisations and members as one transaction changes it. Each step is judged against what the steps
/// before it left; a refused step leaves the register unusable, and its writes are dropped.
/// Source: docs/spec/roles.md, section 6. Threads: pure.
namespace probatum::contracts {

class Registry {
public:
    Registry(const ledger::StateView& state, Height height) : out_{state}, height_{height} {}

    struct Name {
        std::string_view organisation;
        std::string_view member;
    };

    /// id_taken (organisation), identifier_invalid.
    [[nodiscard]] Result<void> add(const Organisation& organisation);
    /// organisation_unknown, change_invalid where it has a vote or runs a validator.
    [[nodiscard]] Result<void> remove(std::string_view organisation);
    /// organisation_unknown, id_taken (member), key_taken, roles_excluded.
    [[nodiscard]] Result<void> add(const Member& member);
    /// member_unknown, last_governor.
    [[nodiscard]] Result<void> remove(Name name);
    /// member_unknown, roles_excluded, last_governor.
    [[nodiscard]] Result<void> set_roles(Name name, RoleSet roles);
    /// The key that the member had is revoked. member_unknown, key_taken, id_taken (too many keys).
    [[nodiscard]] Result<void> set_key(Name name, const PublicKey& key);
    /// organisation_unknown, member_unknown, contract_unknown, change_invalid where it is frozen, last_governor.
    [[nodiscard]] Result<void> freeze(const FreezeSubject& subject, const Digest& proposal);
    /// change_invalid where it is not frozen.
    [[nodiscard]] Result<void> unfreeze(const FreezeSubject& subject);

    struct Present {
        MemberRecord record;
        MemberKey key;  ///< The present one.
    };
    /// member_unknown where it never was or is gone.
    [[nodiscard]] Result<Present> find(Name name) const;

    [[nodiscard]] const ledger::StateView& state() const { return out_; }
    [[nodiscard]] ledger::StateOverlay::Writes take() && { return std::move(out_).take(); }

private:
    /// Writes the value of a key and keeps count of its organisation's governors.
    [[nodiscard]] Result<void> put_key(const KeyId& id, const MemberKey& after);
    [[nodiscard]] Result<Standing> standing_of(std::string_view organisation) const;
    [[nodiscard]] Result<void> require_free(const PublicKey& key) const;
    void lift(const FreezeSubject& subject);  ///< Removes the record of a freeze, if there is one.
    void put(const Name& name, const MemberRecord& record);
    void put(std::string_view organisation, const Standing& standing);
    [[nodiscard]] Result<void> set_status(std::string_view organisation, OrganisationStatus status);

    ledger::StateOverlay out_;
    Height height_;
};

/// Whether an organisation has a vote: now, or in the epoch that begins with the next block.
[[nodiscard]] bool is_elector(const ledger::StateView& state, std::string_view organisation);
/// Whether it runs a validator, likewise.
[[nodiscard]] bool runs_validator(const ledger::StateView& state, std::string_view organisation);

/// What genesis writes for a chain with governance.
[[nodiscard]] ledger::StateOverlay::Writes first_registry_writes(const Genesis& genesis);

}  // namespace probatum::contracts
