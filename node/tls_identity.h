#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/strong_id.h"

/// TLS keys are apart from identity keys: P-256, self-signed, renewed with no vote (DESIGN section 3).
namespace probatum::node {

struct Validity {
    UnixMs not_before;
    UnixMs not_after;
};

/// PEM texts of a new P-256 key and a self-signed X.509 v3 certificate for it.
struct TlsIdentity {
    std::string certificate_pem;
    std::string private_key_pem;  ///< PKCS #8, not encrypted: the file is 0600 and the key proves nothing by itself.
    Digest key_digest;            ///< SHA-256 of the SubjectPublicKeyInfo (DER).
};

/// `name` becomes the common name and a DNS name. internal if OpenSSL refuses.
[[nodiscard]] Result<TlsIdentity> make_tls_identity(std::string_view name, Validity validity);

/// SHA-256 of the SubjectPublicKeyInfo (DER) in the first certificate of a PEM text; malformed.
[[nodiscard]] Result<Digest> tls_key_digest(std::string_view certificate_pem);

}  // namespace probatum::node
