#include "base/hash.h"

#include <cryptopp/sha.h>
#include <cryptopp/sm3.h>

#include <new>

namespace probatum {

namespace {

template <class Hash>
Hash& state_of(std::byte* memory) {
    return *std::launder(reinterpret_cast<Hash*>(memory));
}

template <class Hash>
Digest finish_into_digest(Hash& hash) {
    Digest out;
    hash.Final(out.bytes.data());
    return out;
}

}  // namespace

std::string_view name(DigestAlgorithm algorithm) { return algorithm == DigestAlgorithm::sm3 ? "sm3" : "sha-256"; }

Result<DigestAlgorithm> digest_algorithm(std::int64_t number) {
    for (const DigestAlgorithm known : {DigestAlgorithm::sha256, DigestAlgorithm::sm3}) {
        if (number == static_cast<std::int64_t>(known)) {
            return known;
        }
    }
    return fail(Errc::unknown_algorithm, {}, "digest algorithm " + std::to_string(number));
}

Digest sha256(ByteView bytes) { return Sha256{}.update(bytes).finish(); }

Digest sm3(ByteView bytes) { return Sm3{}.update(bytes).finish(); }

Sha256::Sha256() {
    static_assert(sizeof(CryptoPP::SHA256) <= kStateSize && alignof(CryptoPP::SHA256) <= 16);
    new (state_) CryptoPP::SHA256;
}

Sha256::~Sha256() { state_of<CryptoPP::SHA256>(state_).~SHA256(); }

Sha256& Sha256::update(ByteView bytes) {
    state_of<CryptoPP::SHA256>(state_).Update(bytes.data(), bytes.size());
    return *this;
}

Digest Sha256::finish() { return finish_into_digest(state_of<CryptoPP::SHA256>(state_)); }

Sm3::Sm3() {
    static_assert(sizeof(CryptoPP::SM3) <= kStateSize && alignof(CryptoPP::SM3) <= 16);
    new (state_) CryptoPP::SM3;
}

Sm3::~Sm3() { state_of<CryptoPP::SM3>(state_).~SM3(); }

Sm3& Sm3::update(ByteView bytes) {
    state_of<CryptoPP::SM3>(state_).Update(bytes.data(), bytes.size());
    return *this;
}

Digest Sm3::finish() { return finish_into_digest(state_of<CryptoPP::SM3>(state_)); }

}  // namespace probatum
