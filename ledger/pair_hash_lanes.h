#pragma once

#include <cstddef>
#include <cstdint>

/// SHA-256 of eight 65-byte messages at once, one per lane of a vector register. Internal to pair_hash. Only plain
/// types here: the source is compiled for newer processors, and nothing it shares with others may be.
namespace probatum::ledger::lanes {

inline constexpr std::size_t kCount = 8;

struct Pairs {
    const std::uint8_t* first[kCount];   ///< 32 bytes each.
    const std::uint8_t* second[kCount];  ///< 32 bytes each.
    std::uint8_t* out[kCount];           ///< 32 bytes each; written last, so lanes may repeat.
};

/// Whether this processor runs hash().
[[nodiscard]] bool supported();

/// out = SHA-256(prefix, first, second) in each lane. Source: FIPS 180-4.
void hash(std::uint8_t prefix, const Pairs& pairs);

}  // namespace probatum::ledger::lanes
