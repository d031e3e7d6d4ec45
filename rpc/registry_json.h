#pragma once

#include <optional>
#include <string_view>

#include "contracts/actions.h"
#include "contracts/registry_changes.h"
#include "rpc/json.h"
#include "rpc/params.h"

/// Organisations, members, certificates and published data as JSON: changes of the register as gov.propose takes them,
/// and the bodies of member.*, certificate.bind and index.publish. The members are described in docs/rpc.md.
/// Threads: pure.
namespace probatum::rpc {

/// {kind, ...} where the kind is one of the register's; nothing otherwise, and after an error, which sticks.
[[nodiscard]] std::optional<contracts::RegistryChange> read_registry_change(Params& given, std::string_view kind);
[[nodiscard]] Json view_of(const contracts::RegistryChange& change);  ///< {kind, ...}

/// Bodies; what they return after an error means nothing.
[[nodiscard]] contracts::ActionBody read_member_add(Params& body);
[[nodiscard]] contracts::ActionBody read_member_roles(Params& body);
[[nodiscard]] contracts::ActionBody read_member_remove(Params& body);
[[nodiscard]] contracts::ActionBody read_member_rotate(Params& body);
[[nodiscard]] contracts::ActionBody read_certificate_bind(Params& body);
[[nodiscard]] contracts::ActionBody read_index_publish(Params& body);

[[nodiscard]] Json view_of(const contracts::AddMemberBody& body);
[[nodiscard]] Json view_of(const contracts::SetRolesBody& body);
[[nodiscard]] Json view_of(const contracts::RemoveMemberBody& body);
[[nodiscard]] Json view_of(const contracts::RotateMemberBody& body);
[[nodiscard]] Json view_of(const contracts::BindCertificateBody& body);
[[nodiscard]] Json view_of(const contracts::PublishFixingBody& body);

/// One of {"organisation": id}, {"key_id": digest}, {"contract": digest}.
[[nodiscard]] contracts::FreezeSubject read_subject(Params& given);
[[nodiscard]] Json view_of(const contracts::FreezeSubject& subject);
[[nodiscard]] Json view_of(const schedule::Calendar& calendar);  ///< {weekend, holidays, working_days}
[[nodiscard]] Json names_of(const std::vector<contracts::Role>& roles);

}  // namespace probatum::rpc
