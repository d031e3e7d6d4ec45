#pragma once

#include <optional>
#include <string>

#include "contracts/roles.h"
#include "ledger/state_view.h"

/// Who stands behind a key, as of one state.
namespace probatum::contracts {

enum class KeyStatus : std::uint8_t { active = 1, revoked = 2, frozen = 3 };

/// The state value under a member's key. The point of the key is not parsed here: that costs a square root.
struct MemberKey {
    std::string organisation;
    std::string member;
    ByteArray<PublicKey::kSize> key{};
    RoleSet roles;
    std::optional<Digest> certificate{};  ///< SHA-256 of the X.509 certificate bound to the key, never judged here.
    KeyStatus status{KeyStatus::active};
    friend bool operator==(const MemberKey&, const MemberKey&) = default;
};

/// [organisation, member, key, [* role], certificate digest / null, status]
[[nodiscard]] Bytes encode(const MemberKey& member);
[[nodiscard]] Result<MemberKey> decode_member_key(ByteView bytes);

/// unknown_key where no key has this id, or it is revoked, or its organisation has left. A frozen key is found: what it
/// may still do is for the rules.
[[nodiscard]] Result<MemberKey> find_member_key(const ledger::StateView& state, const KeyId& id);

}  // namespace probatum::contracts
