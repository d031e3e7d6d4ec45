#include "node/greeting.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "node/tls_binding.h"

namespace probatum::node {

namespace {

Result<Digest> peer_key_digest(SSL* connection) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(connection), &X509_free};
    if (!certificate) {
        return fail(Errc::malformed, "certificate", "the peer showed no certificate");
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    if (size <= 0) {
        return fail(Errc::malformed, "certificate");
    }
    const Digest digest = sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest;
}

}  // namespace

Result<std::optional<PeerId>> check_hello(const Hello& hello, const HelloExpectation& expected) {
    if (hello.chain_id != expected.chain_id) {
        return fail(Errc::foreign_chain, "hello", "the peer belongs to another chain");
    }
    if (hello.version != kProtocolVersion) {
        return fail(Errc::malformed, "hello", "the peer speaks another protocol version");
    }
    if (!hello.identity) {
        if (expected.dialled) {
            return fail(Errc::unknown_key, "hello", "an observer answered at a validator's address");
        }
        return std::nullopt;
    }
    if (hello.identity == expected.own) {
        return fail(Errc::unknown_key, "hello", "this node itself, or another with its key");
    }
    const auto found = std::ranges::find_if(
        expected.known, [&](const ledger::Validator& one) { return one.key.id() == *hello.identity; });
    if (found == expected.known.end()) {
        return std::nullopt;
    }
    if (expected.dialled && found->organisation != *expected.dialled) {
        return fail(Errc::unknown_key, "hello", "a validator of another organisation answered at this address");
    }
    return static_cast<PeerId>(found - expected.known.begin());
}

Result<std::optional<PeerId>> identify_peer(const Hello& hello, const HelloExpectation& expected, ssl_st* connection,
                                            UnixMs now) {
    PROBATUM_LET(validator, check_hello(hello, expected));
    if (validator) {
        PROBATUM_LET(key_digest, peer_key_digest(connection));
        PROBATUM_TRY(
            check_tls_binding(hello.binding, {expected.chain_id, expected.known.at(*validator).key, key_digest, now}));
    }
    return validator;
}

void harden(ssl_ctx_st* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);  // every connection proves the key anew
    // AES-128 costs least where the processor has it, and every side here is ours.
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256");
}

}  // namespace probatum::node
