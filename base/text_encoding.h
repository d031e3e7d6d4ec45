#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace probatum {

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] inline std::string to_hex(const Digest& digest) { return to_hex(digest.view()); }

/// Accepts both cases. malformed on an odd length or any other character.
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

/// Exactly 64 hexadecimal digits; malformed otherwise.
[[nodiscard]] Result<Digest> digest_from_hex(std::string_view text);

/// RFC 4648 section 5, without padding.
[[nodiscard]] std::string to_base64url(ByteView bytes);

/// RFC 4648 section 5 without padding; strict: no other characters, unused trailing bits are zero.
[[nodiscard]] Result<Bytes> from_base64url(std::string_view text);

/// True if the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(ByteView bytes);

}  // namespace probatum
