#pragma once

#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace probatum {

/// Digest algorithms of documents. Numbers are COSE's where IANA has one (RFC 9054: SHA-256 is -16); SM3 has none and
/// takes a private-use number. The one registry of digest algorithms: a later algorithm is one entry here.
enum class DigestAlgorithm : std::int32_t {
    sha256 = -16,  ///< FIPS 180-4
    sm3 = -70016,  ///< GB/T 32905-2016
};

/// "sha-256" or "sm3".
[[nodiscard]] std::string_view name(DigestAlgorithm algorithm);
/// unknown_algorithm where the number is not in the registry.
[[nodiscard]] Result<DigestAlgorithm> digest_algorithm(std::int64_t number);

/// FIPS 180-4. Threads: pure.
[[nodiscard]] Digest sha256(ByteView bytes);
/// GB/T 32905-2016. Threads: pure.
[[nodiscard]] Digest sm3(ByteView bytes);

/// SHA-256 in pieces, without allocating. finish() may be called once; then the object is spent.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    Sha256& update(ByteView bytes);
    Sha256& update(std::uint8_t byte) { return update(ByteView{&byte, 1}); }
    [[nodiscard]] Digest finish();

private:
    static constexpr std::size_t kStateSize = 320;
    alignas(16) std::byte state_[kStateSize];
};

/// SM3 in pieces; see Sha256.
class Sm3 {
public:
    Sm3();
    ~Sm3();
    Sm3(const Sm3&) = delete;
    Sm3& operator=(const Sm3&) = delete;
    Sm3& update(ByteView bytes);
    [[nodiscard]] Digest finish();

private:
    static constexpr std::size_t kStateSize = 320;
    alignas(16) std::byte state_[kStateSize];
};

}  // namespace probatum
