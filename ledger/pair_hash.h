#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace probatum::ledger {

inline constexpr std::uint8_t kLeafPrefix = 0x00;
inline constexpr std::uint8_t kInnerPrefix = 0x01;

/// SHA-256 of one prefix byte and two digests, 65 bytes: every node of every tree of ours.
/// Threads: pure.
[[nodiscard]] Digest pair_hash(std::uint8_t prefix, const Digest& first, const Digest& second);

/// One hash to compute among many: *out = pair_hash(prefix, *first, *second).
struct PairJob {
    const Digest* first;
    const Digest* second;
    Digest* out;
};

/// The same hashes, several at a time where the processor can. The jobs do not depend on each other; an `out` may be an
/// input of its own job only.
void pair_hash_all(std::uint8_t prefix, std::span<const PairJob> jobs);

}  // namespace probatum::ledger
