#pragma once

#include <compare>

#include "base/bytes.h"
#include "base/result.h"

namespace probatum {

/// SHA-256 of the 33 compressed bytes of a public key: the COSE key id (`kid`) everywhere.
struct KeyId {
    Digest digest{};
    friend auto operator<=>(const KeyId&, const KeyId&) = default;
};

/// r‖s, 64 bytes, low-S.
using Signature = ByteArray<64>;

/// A point of secp256k1 that is known to be on the curve. Compared by its compressed bytes (SEC 1 section 2.3.3).
class PublicKey {
public:
    static constexpr std::size_t kSize = 33;

    /// malformed if the bytes are not a compressed point of the curve.
    [[nodiscard]] static Result<PublicKey> from_bytes(ByteView compressed);

    [[nodiscard]] const ByteArray<kSize>& bytes() const { return compressed_; }
    [[nodiscard]] KeyId id() const;

    /// Verifies ECDSA over an already computed SHA-256 digest. bad_signature, or high_s_signature where the
    /// signature would hold but is not in low-S form.
    /// Source: SEC 1 section 4.1.4; RFC 8812; low-S as in BIP 146. Threads: pure.
    [[nodiscard]] Result<void> verify(const Digest& digest, const Signature& signature) const;

    friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.compressed_ == b.compressed_; }
    friend auto operator<=>(const PublicKey& a, const PublicKey& b) { return a.compressed_ <=> b.compressed_; }

private:
    PublicKey() = default;
    ByteArray<kSize> compressed_{};
    ByteArray<64> point_{};  ///< libsecp256k1's own form: parsing costs a square root, so it is done once.
};

/// A secp256k1 secret key. Wiped when it dies; moved, never copied.
class SecretKey {
public:
    static constexpr std::size_t kSize = 32;

    /// malformed if the scalar is zero or not below the group order. The caller brings the randomness.
    [[nodiscard]] static Result<SecretKey> from_bytes(ByteView scalar);

    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;
    ~SecretKey();

    [[nodiscard]] PublicKey public_key() const;
    [[nodiscard]] ByteView scalar() const { return scalar_; }

    /// ECDSA with the nonce of RFC 6979 (deterministic), low-S. Threads: pure.
    [[nodiscard]] Signature sign(const Digest& digest) const;

private:
    SecretKey() = default;
    ByteArray<kSize> scalar_{};
};

/// Overwrites memory in a way that the compiler keeps.
void wipe(std::span<std::uint8_t> memory);

}  // namespace probatum
