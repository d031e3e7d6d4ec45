#pragma once

#include <string_view>

#include "base/bytes.h"

namespace probatum {

using Salt = ByteArray<16>;

/// The salted commitment of one sensitive field: SHA-256 of the deterministic CBOR array [salt, name, value].
/// `value` is the field's value, already encoded as one CBOR item. Source: docs/formats.cddl `commitment`.
[[nodiscard]] Digest commit(const Salt& salt, std::string_view name, ByteView encoded_value);

}  // namespace probatum
