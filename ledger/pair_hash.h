#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace probatum::ledger {

/// SHA-256 of one prefix byte and two digests, 65 bytes: every node of every tree of ours.
/// Threads: pure.
[[nodiscard]] Digest pair_hash(std::uint8_t prefix, const Digest& first, const Digest& second);

inline constexpr std::uint8_t kLeafPrefix = 0x00;
inline constexpr std::uint8_t kInnerPrefix = 0x01;

}  // namespace probatum::ledger
