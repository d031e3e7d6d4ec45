#pragma once

#include "contracts/governance_actions.h"
#include "rpc/json.h"
#include "rpc/params.h"

/// Governance as JSON: what tx.prepare takes and tx.get, gov.list and gov.get show. The members are described in
/// docs/rpc.md. Threads: pure.
namespace probatum::rpc {

/// A public key of secp256k1, 33 bytes in hexadecimal; empty after an error, which sticks.
[[nodiscard]] std::optional<PublicKey> read_public_key(Params& owner, std::string_view name);

/// Bodies; what they return after an error means nothing.
[[nodiscard]] contracts::ProposeBody read_propose(Params& body);
[[nodiscard]] contracts::VoteBody read_vote(Params& body);
[[nodiscard]] contracts::EnactBody read_enact(Params& body);
[[nodiscard]] std::optional<contracts::ReadyBody> read_ready(Params& body);
[[nodiscard]] contracts::ReportBody read_report(Params& body);

[[nodiscard]] Json view_of(const contracts::Parameters& parameters);  ///< A number per name.
[[nodiscard]] Json view_of(const contracts::GovernanceTerms& terms);
[[nodiscard]] Json view_of(const contracts::Change& change);  ///< {kind, ...}
[[nodiscard]] Json view_of(const contracts::ProposeBody& body);
[[nodiscard]] Json view_of(const contracts::VoteBody& body);
[[nodiscard]] Json view_of(const contracts::EnactBody& body);
[[nodiscard]] Json view_of(const contracts::ReadyBody& body);
[[nodiscard]] Json view_of(const contracts::ReportBody& body);

[[nodiscard]] std::string_view name_of(contracts::Choice choice);  ///< "accept", "reject"

}  // namespace probatum::rpc
