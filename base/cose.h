#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/key.h"
#include "base/result.h"

/// COSE_Sign1 (RFC 9052, tag 18) with ES256K (RFC 8812) and a fixed set of protected labels; the unprotected map is
/// empty, always. There is one encoding of a statement.
namespace probatum::cose {

inline constexpr std::int64_t kAlgorithmEs256k = -47;  ///< RFC 8812
inline constexpr std::int64_t kLabelAlgorithm = 1;     ///< RFC 9052 section 3.1
inline constexpr std::int64_t kLabelContentType = 3;   ///< RFC 9052 section 3.1
inline constexpr std::int64_t kLabelKeyId = 4;         ///< RFC 9052 section 3.1
inline constexpr std::int64_t kLabelCwtClaims = 15;    ///< RFC 9597; in it 1 = iss, 2 = sub (RFC 8392)
inline constexpr std::int64_t kLabelChainId = -70001;  ///< Private use: SHA-256 of genesis.

/// What is said about a payload under the signature. Content type and chain id separate the domains: a signature made
/// for one purpose or chain never verifies for another.
struct ProtectedHeader {
    std::string content_type;  ///< "application/vnd.probatum.transaction+cbor" and so on. 1..128 bytes.
    KeyId key_id;
    Digest chain_id;
    std::string issuer;                    ///< CWT iss: the organisation id. 1..64 bytes.
    std::optional<std::string> subject{};  ///< CWT sub: the contract id in hex, where there is one. 1..128 bytes.

    friend bool operator==(const ProtectedHeader&, const ProtectedHeader&) = default;
};

/// {1: -47, 3: content type, 4: key id, 15: {1: iss, ? 2: sub}, -70001: chain id}, deterministic.
[[nodiscard]] Bytes encode(const ProtectedHeader& header);
[[nodiscard]] Result<ProtectedHeader> decode_protected_header(ByteView bytes);

/// SHA-256 of Sig_structure = ["Signature1", protected, h'', payload] (RFC 9052 section 4.4).
[[nodiscard]] Digest signing_digest(ByteView protected_header, ByteView payload);
/// The Sig_structure itself: the exact bytes that any signer hashes with SHA-256 and signs.
[[nodiscard]] Bytes signing_bytes(ByteView protected_header, ByteView payload);

/// A decoded statement. The views point into the bytes that were decoded.
struct Statement {
    ProtectedHeader header;
    ByteView protected_bytes;
    ByteView payload;
    Signature signature{};

    /// bad_signature or high_s_signature. The caller has looked the key up by header.key_id.
    [[nodiscard]] Result<void> verify(const PublicKey& key) const;
};

/// Tag 18, attached payload. Deterministic; signs with RFC 6979. Precondition, checked: the header's texts can be read.
[[nodiscard]] Bytes sign(const SecretKey& key, const ProtectedHeader& header, ByteView payload);
/// The same from a signature that was made elsewhere; not verified here.
[[nodiscard]] Bytes assemble(const ProtectedHeader& header, ByteView payload, const Signature& signature);
/// With a detached payload (nil in its place), for use with standard tools.
[[nodiscard]] Bytes assemble_detached(const ProtectedHeader& header, const Signature& signature);

/// Decodes strictly: tag 18, four elements, empty unprotected map, exactly our labels, attached payload.
[[nodiscard]] Result<Statement> decode(ByteView bytes);

}  // namespace probatum::cose
