#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/key.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "node/tls_identity.h"

/// The statement by which an identity key takes a TLS key for its own (DESIGN section 3; docs/formats.cddl
/// `tls-binding`).
namespace probatum::node {

inline constexpr std::string_view kTlsBindingContentType = "application/vnd.probatum.tls-binding+cbor";
inline constexpr std::size_t kMaxTlsBindingBytes = 1024;

/// What the statement says: [TLS key digest, not before, not after].
struct TlsBinding {
    Digest key_digest;
    Validity validity;
};

struct BindingScope {
    Digest chain_id;
    std::string organisation;
};

/// COSE_Sign1 by the identity key.
[[nodiscard]] Bytes make_tls_binding(const SecretKey& identity, const BindingScope& scope, const TlsBinding& binding);

/// What a statement must match.
struct BindingExpectation {
    Digest chain_id;
    PublicKey identity;  ///< From genesis.
    Digest key_digest;   ///< Of the certificate that was used in the handshake.
    UnixMs now;
};

/// foreign_chain, unknown_key (signed by another identity), bad_signature, expired (not yet valid), malformed, and
/// issuer_mismatch where it binds another TLS key than the one that was used. A binding past its end is given like any
/// other: expiry is for warnings and never stops the chain. What counts is signed by the identity, never by the TLS
/// key.
[[nodiscard]] Result<TlsBinding> check_tls_binding(ByteView statement, const BindingExpectation& expected);

}  // namespace probatum::node
