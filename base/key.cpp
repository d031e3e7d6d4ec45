#include "base/key.h"

#include <secp256k1.h>

#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace probatum {

namespace {

/// Signing needs a context with its table built. It is never randomised: base has no random source, the library's
/// scalar arithmetic is constant-time without it, and blinding would be a second line only.
const secp256k1_context* signing_context() {
    static const secp256k1_context* const context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    PROBATUM_CHECK(context != nullptr, "libsecp256k1 gives a context");
    return context;
}

const secp256k1_context* verifying_context() { return secp256k1_context_static; }

secp256k1_pubkey point_of(const ByteArray<64>& stored) {
    secp256k1_pubkey point;
    std::memcpy(point.data, stored.data(), sizeof point.data);
    return point;
}

}  // namespace

Result<PublicKey> PublicKey::from_bytes(ByteView compressed) {
    secp256k1_pubkey point;
    if (compressed.size() != kSize ||
        secp256k1_ec_pubkey_parse(verifying_context(), &point, compressed.data(), compressed.size()) != 1) {
        return fail(Errc::malformed, {}, "not a compressed point of secp256k1");
    }
    PublicKey out;
    std::ranges::copy(compressed, out.compressed_.begin());
    static_assert(sizeof point.data == sizeof out.point_);
    std::memcpy(out.point_.data(), point.data, sizeof point.data);
    return out;
}

KeyId PublicKey::id() const { return KeyId{sha256(compressed_)}; }

Result<void> PublicKey::verify(const Digest& digest, const Signature& signature) const {
    secp256k1_ecdsa_signature parsed;
    if (secp256k1_ecdsa_signature_parse_compact(verifying_context(), &parsed, signature.data()) != 1) {
        return fail(Errc::bad_signature, {}, "r or s is not below the group order");
    }
    const secp256k1_pubkey point = point_of(point_);
    const unsigned char* const message = digest.bytes.data();
    if (secp256k1_ecdsa_verify(verifying_context(), &parsed, message, &point) == 1) {
        return {};
    }

    // The library refuses every high s; its own normal form tells which of the two reasons it was.
    secp256k1_ecdsa_signature low;
    const bool was_high = secp256k1_ecdsa_signature_normalize(verifying_context(), &low, &parsed) == 1;
    if (was_high && secp256k1_ecdsa_verify(verifying_context(), &low, message, &point) == 1) {
        return fail(Errc::high_s_signature);
    }
    return fail(Errc::bad_signature);
}

Result<SecretKey> SecretKey::from_bytes(ByteView scalar) {
    if (scalar.size() != kSize || secp256k1_ec_seckey_verify(signing_context(), scalar.data()) != 1) {
        return fail(Errc::malformed, {}, "not a secret key of secp256k1");
    }
    SecretKey out;
    std::ranges::copy(scalar, out.scalar_.begin());
    return out;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : scalar_{other.scalar_} { wipe(other.scalar_); }

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this != &other) {
        scalar_ = other.scalar_;
        wipe(other.scalar_);
    }
    return *this;
}

SecretKey::~SecretKey() { wipe(scalar_); }

PublicKey SecretKey::public_key() const {
    secp256k1_pubkey point;
    PROBATUM_CHECK(secp256k1_ec_pubkey_create(signing_context(), &point, scalar_.data()) == 1,
                   "a secret key that was not moved from is valid");
    ByteArray<PublicKey::kSize> compressed{};
    std::size_t size = compressed.size();
    secp256k1_ec_pubkey_serialize(signing_context(), compressed.data(), &size, &point, SECP256K1_EC_COMPRESSED);
    Result<PublicKey> out = PublicKey::from_bytes(compressed);
    PROBATUM_CHECK(out.has_value(), "a serialised point parses");
    return *std::move(out);
}

Signature SecretKey::sign(const Digest& digest) const {
    secp256k1_ecdsa_signature signature;
    PROBATUM_CHECK(secp256k1_ecdsa_sign(signing_context(), &signature, digest.bytes.data(), scalar_.data(),
                                        secp256k1_nonce_function_rfc6979, nullptr) == 1,
                   "a secret key that was not moved from signs");
    Signature out{};
    secp256k1_ecdsa_signature_serialize_compact(signing_context(), out.data(), &signature);
    return out;
}

void wipe(std::span<std::uint8_t> memory) {
    volatile std::uint8_t* const bytes = memory.data();
    for (std::size_t i = 0; i < memory.size(); ++i) {
        bytes[i] = 0;
    }
}

}  // namespace probatum
