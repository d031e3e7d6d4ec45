#pragma once

#include "contracts/codec.h"
#include "contracts/governance.h"

namespace probatum::contracts::codec {

inline constexpr std::size_t kMaxNoteBytes = 256;

/// [1, organisation, key], [2, key], [3, key, new key], [4, parameters], [5, rules version], [6, governance]; from 7 on
/// those of contracts/registry_changes.h.
void write_change(cbor::Writer& out, const Change& change);
/// What it returns after an error means nothing.
[[nodiscard]] Change read_change(cbor::Reader& in);

/// 0 to 256 bytes without control characters.
[[nodiscard]] std::string read_note(cbor::Reader& in);

}  // namespace probatum::contracts::codec
