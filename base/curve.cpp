#include "base/curve.h"

#include <secp256k1.h>
#include <secp256k1_ecdh.h>

#include "base/check.h"
#include "base/hash.h"

namespace probatum::curve {
namespace {

const secp256k1_context* context() { return secp256k1_context_static; }

secp256k1_pubkey parse(const PublicKey& key) {
    secp256k1_pubkey point;
    PROBATUM_CHECK(secp256k1_ec_pubkey_parse(context(), &point, key.bytes().data(), PublicKey::kSize) == 1,
                   "a public key is a point");
    return point;
}

PublicKey serialise(const secp256k1_pubkey& point) {
    ByteArray<PublicKey::kSize> bytes{};
    std::size_t size = bytes.size();
    secp256k1_ec_pubkey_serialize(context(), bytes.data(), &size, &point, SECP256K1_EC_COMPRESSED);
    Result<PublicKey> out = PublicKey::from_bytes(bytes);
    PROBATUM_CHECK(out.has_value(), "a serialised point parses");
    return *std::move(out);
}

/// Keeps the point whole instead of hashing it: the library's one constant-time multiplication of a foreign point.
int whole_point(unsigned char* output, const unsigned char* x, const unsigned char* y, void*) {
    output[0] = static_cast<unsigned char>(2U + (y[31] & 1U));
    std::memcpy(output + 1, x, 32);
    return 1;
}

SecretKey scalar(const ByteArray<32>& bytes) {
    Result<SecretKey> out = SecretKey::from_bytes(bytes);
    PROBATUM_CHECK(out.has_value(), "a product of scalars that are not zero is a scalar");
    return *std::move(out);
}

ByteArray<32> copy(const SecretKey& secret) {
    ByteArray<32> out{};
    std::ranges::copy(secret.scalar(), out.begin());
    return out;
}

/// out = out · by. Both are scalars, not zero, of a group of prime order.
void times(ByteArray<32>& out, const ByteArray<32>& by) {
    PROBATUM_CHECK(secp256k1_ec_seckey_tweak_mul(context(), out.data(), by.data()) == 1,
                   "a product of scalars that are not zero is a scalar");
}

/// The group order less two (SEC 2 section 2.4.1): a number to that power is its inverse.
constexpr ByteArray<32> kOrderLessTwo{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48,
                                      0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x3F};

}  // namespace

const PublicKey& generator() {
    static const PublicKey point = [] {
        ByteArray<32> one{};
        one[31] = 1;
        return scalar(one).public_key();
    }();
    return point;
}

PublicKey multiply(const SecretKey& secret, const PublicKey& point) {
    const secp256k1_pubkey parsed = parse(point);
    ByteArray<PublicKey::kSize> bytes{};
    PROBATUM_CHECK(secp256k1_ecdh(context(), bytes.data(), &parsed, secret.scalar().data(), whole_point, nullptr) == 1,
                   "a secret key that was not moved from is a scalar");
    Result<PublicKey> out = PublicKey::from_bytes(bytes);
    PROBATUM_CHECK(out.has_value(), "a multiple of a point is a point");
    return *std::move(out);
}

Result<PublicKey> difference(Term first, Term second) {
    secp256k1_pubkey plus = parse(first.point);
    secp256k1_pubkey minus = parse(second.point);
    const bool scalars = secp256k1_ec_pubkey_tweak_mul(context(), &plus, first.factor.data()) == 1 &&
                         secp256k1_ec_pubkey_tweak_mul(context(), &minus, second.factor.data()) == 1;
    if (!scalars) {
        return fail(Errc::malformed, {}, "not a scalar of secp256k1");
    }
    PROBATUM_CHECK(secp256k1_ec_pubkey_negate(context(), &minus) == 1, "every point has an opposite");
    const secp256k1_pubkey* const both[]{&plus, &minus};
    secp256k1_pubkey sum;
    if (secp256k1_ec_pubkey_combine(context(), &sum, both, 2) != 1) {
        return fail(Errc::malformed, {}, "the sum is no point");
    }
    return serialise(sum);
}

std::optional<ByteArray<32>> respond(const SecretKey& nonce, const ByteArray<32>& factor, const SecretKey& secret) {
    ByteArray<32> out = copy(secret);
    const bool scalar = secp256k1_ec_seckey_tweak_mul(context(), out.data(), factor.data()) == 1 &&
                        secp256k1_ec_seckey_tweak_add(context(), out.data(), nonce.scalar().data()) == 1;
    return scalar ? std::optional{out} : std::nullopt;
}

SecretKey quotient(const SecretKey& numerator, const SecretKey& denominator) {
    const ByteArray<32> base = copy(denominator);
    ByteArray<32> inverse = base;  // The first bit of the exponent is set.
    for (std::size_t bit = 1; bit < 256; ++bit) {
        const ByteArray<32> root = inverse;
        times(inverse, root);
        if ((kOrderLessTwo[bit / 8] >> (7 - bit % 8) & 1U) != 0) {
            times(inverse, base);
        }
    }
    times(inverse, copy(numerator));
    return scalar(inverse);
}

PublicKey hash_to_point(std::string_view domain, ByteView message) {
    ByteArray<PublicKey::kSize> candidate{};
    candidate[0] = 2;
    // Every second abscissa is a point's, so two hundred tries fail less often than a hash collides.
    for (std::uint8_t counter = 0; counter < 200; ++counter) {
        const Digest abscissa = Sha256{}.update(as_bytes(domain)).update(counter).update(message).finish();
        std::ranges::copy(abscissa.bytes, candidate.begin() + 1);
        if (Result<PublicKey> point = PublicKey::from_bytes(candidate)) {
            return *std::move(point);
        }
    }
    PROBATUM_CHECK(false, "some abscissa is a point's");
    return generator();
}

}  // namespace probatum::curve
