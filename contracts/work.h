#pragma once

#include <cstdint>
#include <string_view>

/// The deterministic cost of a transaction. One unit is about one microsecond of one validator on the reference
/// machine, the signature check included. Source: docs/spec/contracts.md, "Work".
namespace probatum::contracts::work {

inline constexpr std::uint64_t kSignature = 60;   ///< Checking one signature, and the fixed path around it.
inline constexpr std::uint64_t kPerKilobyte = 8;  ///< Decoding and hashing; begun kilobytes count whole.
inline constexpr std::uint64_t kPerOpening = 2;   ///< One commitment.
inline constexpr std::uint64_t kContractEvent =
    120;  ///< Reading the terms (up to 600 rows), rules, invariants, two logs.

/// Decoding terms and proposals with the points of their keys, counting the live; a statement of readiness has a
/// signature of its own.
inline constexpr std::uint64_t kGovernance = 1'500;

/// Checking a proof about two tags: four multiplications of points.
inline constexpr std::uint64_t kFinancing = 500;

/// The point of a new key and the statement that it signs; the terms, to see who has a vote.
inline constexpr std::uint64_t kIdentity = 800;

}  // namespace probatum::contracts::work
