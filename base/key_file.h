#pragma once

#include <string_view>

#include "base/key.h"

/// The encrypted form of a secret key on disk: a deterministic CBOR map, armoured by nothing. Reading and writing
/// files, prompts and randomness are the caller's. Source: scrypt RFC 7914; AES-256-GCM NIST SP 800-38D. Format:
/// docs/formats.cddl `key-file`.
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

/// The sealed file. Precondition, checked: each text of the label at most 128 bytes of UTF-8; the cost lies within what
/// open() accepts (log2_n 1..20, r 1..16, p 1..4, 128·N·r at most 1 GiB). Salt and nonce are fresh for every file.
[[nodiscard]] Bytes seal(const SecretKey& key, const Label& label, std::string_view passphrase,
                         const Randomness& randomness, Cost cost = {});

struct Opened {
    SecretKey key;
    Label label;
};

/// wrong_passphrase if it does not authenticate; malformed, unknown_algorithm or too_large if the file is not one,
/// before any work is done for it. May throw std::bad_alloc: scrypt needs 128·N·r bytes.
[[nodiscard]] Result<Opened> open(ByteView file, std::string_view passphrase);

struct Description {
    Label label;
    PublicKey public_key;
    Cost cost;
};

/// What the file says without a passphrase. The public key is authenticated only by open().
[[nodiscard]] Result<Description> describe(ByteView file);

}  // namespace probatum::key_file
