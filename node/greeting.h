#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/validator_set.h"
#include "node/network.h"
#include "node/protocol.h"

// OpenSSL's SSL and SSL_CTX.
struct ssl_st;
struct ssl_ctx_st;

namespace probatum::node {

/// What a hello is held against.
struct HelloExpectation {
    const Digest& chain_id;
    const std::vector<ledger::Validator>& known;  ///< By PeerId.
    std::optional<KeyId> own;                     ///< Absent for an observer.
    std::optional<std::string> dialled;  ///< The organisation whose validator this side dialled, if it dialled.
};

/// Whom a hello claims to come from: a known validator by its PeerId, or nothing. Nothing is an observer or, where this
/// side dialled, an identity that is not known here (yet). foreign_chain, unknown_key, malformed.
[[nodiscard]] Result<std::optional<PeerId>> check_hello(const Hello& hello, const HelloExpectation& expected);

/// The same, with the claim proven: the hello's tls-binding ties the identity to the key of this TLS connection.
/// TLS 1.3 has no handshake without proof of that key. Errors: those above and of check_tls_binding.
[[nodiscard]] Result<std::optional<PeerId>> identify_peer(const Hello& hello, const HelloExpectation& expected,
                                                          ssl_st* connection, UnixMs now);

/// TLS 1.3 alone, and no session that outlives its connection.
void harden(ssl_ctx_st* context);

}  // namespace probatum::node
