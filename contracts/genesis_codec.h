#pragma once

#include "contracts/codec.h"
#include "contracts/genesis.h"

/// The pieces of genesis that also stand in the state.
namespace probatum::contracts::codec {

/// [view timeout, its minimum, its maximum, retry interval, idle empty block, silent leader views, clock bound, block
///  transactions, block bytes, transaction bytes, transaction work, block work]
void write_parameters(cbor::Writer& out, const Parameters& parameters);
[[nodiscard]] Parameters read_parameters(cbor::Reader& in);

/// malformed with the field where these parameters could not run a chain.
[[nodiscard]] Result<void> check_parameters(const Parameters& parameters);

/// [threshold, lifetime, live window, [+ organisation]]
void write_governance(cbor::Writer& out, const GovernanceTerms& terms);
[[nodiscard]] GovernanceTerms read_governance(cbor::Reader& in);
/// malformed unless the electors ascend and the threshold is more than half of them.
[[nodiscard]] Result<void> check_governance(const GovernanceTerms& terms);

/// [id, name, identifier]
void write_organisation(cbor::Writer& out, const Organisation& organisation);
[[nodiscard]] Organisation read_organisation(cbor::Reader& in);
/// malformed unless the id is one; identifier_invalid.
[[nodiscard]] Result<void> check_organisation(const Organisation& organisation);

/// [organisation, id, name, key, [+ role], certificate digest / null]
void write_member(cbor::Writer& out, const Member& member);
/// Empty after an error, which sticks in the reader.
[[nodiscard]] std::optional<Member> read_member(cbor::Reader& in);

}  // namespace probatum::contracts::codec
