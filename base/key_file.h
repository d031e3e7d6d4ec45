#pragma once

#include <string_view>

#include "base/key.h"

/// The encrypted form of a secret key on disk: a deterministic CBOR map, armoured by nothing. Reading and writing files,
/// prompts and randomness are the caller's.
/// Source: scrypt RFC 7914; AES-256-GCM NIST SP 800-38D. Format: docs/formats.cddl `key-file`.
namespace probatum::key_file {

struct Randomness {
    ByteArray<16> salt;
    ByteArray<12> nonce;
};

/// Cost of scrypt: N = 2^log2_n, r, p. The default takes about 0.1 s and 32 MiB; `light` is for throw-away test nets.
struct Cost {
    std::uint8_t log2_n = 15;
    std::uint8_t r = 8;
    std::uint8_t p = 1;
};

struct Label {
    std::string organisation;  ///< Who the key is meant for; authenticated, not secret. May be empty.
    std::string name;          ///< "lender-maker", "validator-1". May be empty.
};

[[nodiscard]] Bytes seal(const SecretKey& key, const Label& label, std::string_view passphrase,
                         const Randomness& randomness, Cost cost = {});

struct Opened {
    SecretKey key;
    Label label;
};

/// wrong_passphrase if it does not authenticate; malformed or too_large if the file is not one (log2_n at most 20).
[[nodiscard]] Result<Opened> open(ByteView file, std::string_view passphrase);

struct Description {
    Label label;
    PublicKey public_key;
};

/// What the file says without a passphrase. The public key is authenticated only by open().
[[nodiscard]] Result<Description> describe(ByteView file);

}  // namespace probatum::key_file
