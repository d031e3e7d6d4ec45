#pragma once

#include <string>
#include <variant>
#include <vector>

#include "contracts/genesis.h"
#include "contracts/published.h"
#include "contracts/standing.h"

/// What the electors decide beside the network itself: who belongs to the consortium, who is frozen, what it publishes.
/// Such a change takes effect in the block that enacts it and closes no epoch.
/// Source: docs/spec/governance.md section 3. Threads: pure.
namespace probatum::contracts {

inline constexpr std::size_t kMaxFirstMembers = 16;
inline constexpr std::size_t kMaxTrustedRoots = 64;

struct JoinOrganisation {
    Organisation organisation;
    std::vector<Member> members;  ///< 1..16, of this organisation, with no certificate yet.
    friend bool operator==(const JoinOrganisation&, const JoinOrganisation&) = default;
};
struct RemoveOrganisation {
    std::string organisation;
    friend bool operator==(const RemoveOrganisation&, const RemoveOrganisation&) = default;
};
/// Takes a member in, or gives one that is there these roles and this key.
struct SetMember {
    Member member;
    friend bool operator==(const SetMember&, const SetMember&) = default;
};
struct RemoveMember {
    std::string organisation;
    std::string member;
    friend bool operator==(const RemoveMember&, const RemoveMember&) = default;
};
struct Freeze {
    FreezeSubject subject;
    friend bool operator==(const Freeze&, const Freeze&) = default;
};
struct Unfreeze {
    FreezeSubject subject;
    friend bool operator==(const Unfreeze&, const Unfreeze&) = default;
};
/// The SHA-256 of a certificate in DER that verifiers may trust, and its name for people.
struct TrustRoot {
    Digest certificate;
    std::string name;
    friend bool operator==(const TrustRoot&, const TrustRoot&) = default;
};
struct DistrustRoot {
    Digest certificate;
    friend bool operator==(const DistrustRoot&, const DistrustRoot&) = default;
};
/// The next version of a calendar.
struct PublishCalendar {
    std::string code;
    schedule::Calendar calendar;
    friend bool operator==(const PublishCalendar&, const PublishCalendar&) = default;
};
/// Who publishes the fixings of an index from now on.
struct NamePublisher {
    std::string index;
    std::string organisation;
    friend bool operator==(const NamePublisher&, const NamePublisher&) = default;
};
/// The next version of a template.
struct PublishTemplate {
    TemplateName name;
    std::string title;
    std::vector<Document> documents;
    friend bool operator==(const PublishTemplate& a, const PublishTemplate& b) {
        return a.name.name == b.name.name && a.name.language == b.name.language && a.title == b.title &&
               a.documents == b.documents;
    }
};

using RegistryChange = std::variant<JoinOrganisation, RemoveOrganisation, SetMember, RemoveMember, Freeze, Unfreeze,
                                    TrustRoot, DistrustRoot, PublishCalendar, NamePublisher, PublishTemplate>;
[[nodiscard]] std::string_view name(const RegistryChange& change);  ///< "join-organisation" ...
[[nodiscard]] bool is_freeze(const RegistryChange& change);         ///< Freeze or Unfreeze.

namespace codec {

inline constexpr std::uint64_t kFirstRegistryKind = 7;
inline constexpr std::uint64_t kLastRegistryKind = 17;

/// [kind, ...]; docs/formats.cddl, "change".
void write_registry_change(cbor::Writer& out, const RegistryChange& change);
/// Reads what follows the kind in an array of `size` items, and leaves the array. Empty after an error.
struct ChangeHead {
    std::uint64_t kind;
    std::uint64_t size;
};
[[nodiscard]] std::optional<RegistryChange> read_registry_change(cbor::Reader& in, ChangeHead head);

void write_subject(cbor::Writer& out, const FreezeSubject& subject);  ///< [kind, organisation / key id / contract id]
[[nodiscard]] FreezeSubject read_subject(cbor::Reader& in);

/// The members that an organisation brings or a vote names: malformed where one is not of it or brings a certificate.
[[nodiscard]] Result<void> check_first_members(const JoinOrganisation& change);

}  // namespace codec
}  // namespace probatum::contracts
