#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_time.h"
#include "contracts/certificates.h"
#include "contracts/decimal.h"
#include "contracts/roles.h"

/// The bodies of the actions by which organisations keep their own members, keys and certificates, and by which an
/// index is fixed; none of them is about a contract. Source: docs/formats.cddl, section "actions"; docs/spec/roles.md,
/// section 6; docs/spec/published.md.
namespace probatum::contracts {

inline constexpr std::size_t kMaxPossessionBytes = 512;

/// member.add: by a governor of the same organisation.
struct AddMemberBody {
    std::string member;  ///< Its id.
    std::string name;
    PublicKey key;
    std::vector<Role> roles;  ///< Of 4 to 10.
    Bytes possession;         ///< Signed by the key: contracts/possession.h.
    friend bool operator==(const AddMemberBody&, const AddMemberBody&) = default;
};

/// member.roles: all roles that the member holds from now on.
struct SetRolesBody {
    std::string member;
    std::vector<Role> roles;
    friend bool operator==(const SetRolesBody&, const SetRolesBody&) = default;
};

/// member.remove
struct RemoveMemberBody {
    std::string member;
    friend bool operator==(const RemoveMemberBody&, const RemoveMemberBody&) = default;
};

/// member.rotate: one's own key, or by a governor the key that another member of the organisation has lost.
struct RotateMemberBody {
    PublicKey key;
    Bytes possession;
    std::optional<std::string> member{};  ///< None: the signer.
    friend bool operator==(const RotateMemberBody&, const RotateMemberBody&) = default;
};

/// certificate.bind: to the key that signs the transaction.
struct BindCertificateBody {
    std::vector<Bytes> chain;  ///< In DER, the bound one first, each issued by the next; the last one a trusted root.
    Bytes cross_signature;     ///< By the certificate's key over `cross_statement`.
    std::vector<StatusEvidence> status{};
    friend bool operator==(const BindCertificateBody&, const BindCertificateBody&) = default;
};

/// index.publish
struct PublishFixingBody {
    std::string index;
    CivilDate date;
    Decimal rate;
    friend bool operator==(const PublishFixingBody&, const PublishFixingBody&) = default;
};

/// By its name: member.add, member.roles, member.remove, member.rotate, certificate.bind, index.publish.
[[nodiscard]] bool is_identity_action(std::string_view action);

}  // namespace probatum::contracts
