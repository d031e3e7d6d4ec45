#include "base/keyed_tag.h"

#include <cryptopp/hmac.h>
#include <cryptopp/sha.h>

#include "base/check.h"
#include "base/curve.h"
#include "base/hash.h"

namespace probatum::keyed_tag {
namespace {

constexpr std::string_view kItemDomain = "probatum item point 1";
constexpr std::string_view kChallengeDomain = "probatum tag proof 1";
constexpr std::string_view kNonceDomain = "probatum tag nonce 1";

using Points = std::array<const PublicKey*, 4>;

Points points(const Step& a, const Step& b) { return {&a.from, &a.to, &b.from, &b.to}; }

ByteArray<32> challenge(const Step& a, const Step& b, const PublicKey& first, const PublicKey& second) {
    Sha256 hash;
    hash.update(as_bytes(kChallengeDomain));
    for (const PublicKey* const point : points(a, b)) {
        hash.update(point->bytes());
    }
    return hash.update(first.bytes()).update(second.bytes()).finish().bytes;
}

/// Secret, and different for different statements: a nonce used twice would give the secret away.
std::optional<SecretKey> nonce(const SecretKey& secret, const Step& a, const Step& b, std::uint8_t attempt) {
    CryptoPP::HMAC<CryptoPP::SHA256> mac{secret.scalar().data(), secret.scalar().size()};
    const ByteView domain = as_bytes(kNonceDomain);
    mac.Update(domain.data(), domain.size());
    mac.Update(&attempt, 1);
    for (const PublicKey* const point : points(a, b)) {
        mac.Update(point->bytes().data(), point->bytes().size());
    }
    ByteArray<32> bytes{};
    mac.Final(bytes.data());
    Result<SecretKey> out = SecretKey::from_bytes(bytes);
    wipe(bytes);
    return out ? std::optional<SecretKey>{*std::move(out)} : std::nullopt;
}

}  // namespace

PublicKey point_of(ByteView item) { return curve::hash_to_point(kItemDomain, item); }

PublicKey tag_of(const SecretKey& secret, ByteView item) { return curve::multiply(secret, point_of(item)); }

Proof prove(const SecretKey& secret, const Step& a, const Step& b) {
    // A second attempt is needed less often than a hash collides.
    for (std::uint8_t attempt = 0; attempt < 8; ++attempt) {
        const std::optional<SecretKey> once = nonce(secret, a, b, attempt);
        if (!once) {
            continue;
        }
        const ByteArray<32> asked = challenge(a, b, curve::multiply(*once, a.from), curve::multiply(*once, b.from));
        if (const std::optional<ByteArray<32>> answer = curve::respond(*once, asked, secret)) {
            return {asked, *answer};
        }
    }
    PROBATUM_CHECK(false, "some nonce is a scalar");
    return {};
}

Result<void> verify(const Proof& proof, const Step& a, const Step& b) {
    const Result<PublicKey> first = curve::difference({proof.response, a.from}, {proof.challenge, a.to});
    const Result<PublicKey> second = curve::difference({proof.response, b.from}, {proof.challenge, b.to});
    if (!first || !second || challenge(a, b, *first, *second) != proof.challenge) {
        return fail(Errc::invalid_proof, "proof", "no one secret leads along both steps");
    }
    return {};
}

Proof open_item(const SecretKey& secret, ByteView item) {
    return prove(secret, {curve::generator(), secret.public_key()}, {point_of(item), tag_of(secret, item)});
}

Result<void> verify_item(const Proof& proof, const Opened& opened) {
    return verify(proof, {curve::generator(), opened.group_key}, {point_of(opened.item), opened.tag});
}

Carried carry_over(const SecretKey& from, const SecretKey& to, const PublicKey& tag) {
    const SecretKey change = curve::quotient(to, from);
    PublicKey next = curve::multiply(change, tag);
    Proof proof = prove(change, {from.public_key(), to.public_key()}, {tag, next});
    return {std::move(next), proof};
}

}  // namespace probatum::keyed_tag
