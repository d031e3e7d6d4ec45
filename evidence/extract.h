#pragma once

#include <string>
#include <vector>

#include "evidence/bundle.h"

/// A bundle taken apart into files that other tools read.
namespace probatum::evidence {

struct Part {
    std::string name;  ///< File name: "event-0006-statement.cose".
    std::string rule;  ///< What the bytes are: a rule of docs/formats.cddl, or "der ..." for the files for OpenSSL.
    Bytes bytes;
};

/// A signature of the bundle as three of its parts: `openssl dgst -sha256 -verify KEY -keyform DER -signature
/// SIGNATURE MESSAGE` says whether it holds.
struct SignedPart {
    std::string message;    ///< The Sig_structure of RFC 9052.
    std::string signature;  ///< DER.
    std::string key;        ///< SubjectPublicKeyInfo, DER; empty where the bundle does not hold the key.
};

struct Extracted {
    std::vector<Part> parts;  ///< Names are distinct.
    std::vector<SignedPart> signatures;
};

/// Every part as it stands in the bundle, and every signature with its message and key. Judges nothing.
/// Threads: pure.
[[nodiscard]] Extracted extract(const Bundle& bundle);

/// What `index.json` beside the parts says: names, sizes, SHA-256, rules, signatures. Ends in \n.
[[nodiscard]] std::string render_index(const Extracted& extracted, const Bundle& bundle);

/// SEQUENCE { INTEGER r, INTEGER s } (RFC 3279 section 2.2.3).
[[nodiscard]] Bytes der_signature(const Signature& signature);
/// SubjectPublicKeyInfo of a point on secp256k1 (RFC 5480), compressed.
[[nodiscard]] Bytes der_public_key(const PublicKey& key);

}  // namespace probatum::evidence
