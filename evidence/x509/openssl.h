#pragma once

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/strong_id.h"

/// OpenSSL's objects with owners. Internal to evidence/x509.
namespace probatum::evidence::x509 {

struct Free {
    void operator()(X509* p) const { X509_free(p); }
    void operator()(X509_CRL* p) const { X509_CRL_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
    void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
    void operator()(X509_STORE* p) const { X509_STORE_free(p); }
    void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
    void operator()(OCSP_RESPONSE* p) const { OCSP_RESPONSE_free(p); }
    void operator()(OCSP_BASICRESP* p) const { OCSP_BASICRESP_free(p); }
    void operator()(OCSP_CERTID* p) const { OCSP_CERTID_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct FreeStack {
    void operator()(STACK_OF(X509) * p) const { sk_X509_free(p); }
};
/// Holds certificates that others own.
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

/// Exactly one certificate, nothing after it; otherwise nothing.
[[nodiscard]] Owned<X509> parse_certificate(ByteView der);
[[nodiscard]] Stack stack_of(const std::vector<Owned<X509>>& certificates, std::size_t from);

[[nodiscard]] std::int64_t seconds_of(const ASN1_TIME* time);  ///< Since 1970; the least value where it does not read.
[[nodiscard]] std::string text_of(const ASN1_TIME* time);      ///< RFC 3339.
[[nodiscard]] inline std::int64_t seconds_of(UnixMs time) { return static_cast<std::int64_t>(time.raw() / 1000); }

/// By the algorithm that belongs to the kind of key; false for a kind that is not judged.
[[nodiscard]] bool verify_signature(EVP_PKEY* key, ByteView signature, ByteView message);

struct StatusFinding {
    enum class Kind : std::uint8_t { good, revoked, unknown } kind{Kind::unknown};
    std::string found;
};
/// What the recorded status evidence says about the first certificate, between two times. A revocation after `until`
/// does not touch what was signed before.
struct StatusQuestion {
    const std::vector<Owned<X509>>& chain;
    std::int64_t from;
    std::int64_t until;
};
[[nodiscard]] StatusFinding ask_ocsp(ByteView der, const StatusQuestion& question);
[[nodiscard]] StatusFinding ask_crl(ByteView der, const StatusQuestion& question);

}  // namespace probatum::evidence::x509
