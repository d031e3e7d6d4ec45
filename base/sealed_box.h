#pragma once

#include "base/key.h"

/// A message for the holder of one secp256k1 key: ephemeral ECDH, HKDF-SHA256 (RFC 5869), AES-256-GCM (NIST SP
/// 800-38D). Format: docs/formats.cddl `sealed-box`; vectors in tests/vectors/sealed_box.json.
///
/// Whoever has the recipient's key, now or later, can read it: there is no forward secrecy against the recipient's key.
/// It says nothing about who sealed it.
namespace probatum::sealed_box {

inline constexpr std::size_t kMaxPlaintextBytes = 64 * 1024;

/// What a box is for: authenticated, not in the box. Who opens it must give the same bytes.
using Context = ByteView;

/// [version, ephemeral public key, ciphertext and tag]. Precondition: `ephemeral` was made for this box and is used for
/// no other; the message has at most 64 KiB.
[[nodiscard]] Bytes seal(const PublicKey& recipient, const SecretKey& ephemeral, ByteView message, Context context);

/// wrong_recipient if it does not authenticate under this key and context; malformed if it is no box. Threads: pure.
[[nodiscard]] Result<Bytes> open(const SecretKey& recipient, ByteView box, Context context);

}  // namespace probatum::sealed_box
