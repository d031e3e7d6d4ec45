#pragma once

#include <cstddef>
#include <cstdint>

#include "base/strong_id.h"

/// What bounds the memory that unproven input can take, and the work of one step.
namespace probatum::consensus {

/// Votes are pooled up to this many views below and above the own one; beyond that, one vote per sender is kept.
inline constexpr std::uint64_t kVoteViewsBehind = 64;
inline constexpr std::uint64_t kVoteViewsAhead = 16;
/// Bad votes in another's name that one peer may pass on in a view before nothing more is taken from it in that view.
inline constexpr std::uint32_t kBadRelays = 4;
/// Own older votes without a certificate that one retry sends again.
inline constexpr std::uint64_t kResendViews = 16;
/// Missing certificates that one attempt asks for.
inline constexpr std::size_t kAsksAtOnce = 32;
/// Beyond this many blocks a gap is closed by synchronisation (CatchUp), not block by block.
inline constexpr std::uint64_t kWalkBlocks = 64;
/// Views without a final block after which a leader makes an empty one, so that a liar who keeps an idle chain awake
/// cannot let the views above finality grow without bound.
inline constexpr std::uint64_t kMaxIdleViews = 64;
/// Halvings of the own block after nullified proposals.
inline constexpr std::uint32_t kMaxHalvings = 6;
/// Foreign views outside 1..kMaxView are refused, so that counting on never wraps.
inline constexpr std::uint64_t kMaxView = std::uint64_t{1} << 62;

[[nodiscard]] constexpr bool is_countable(View view) { return view.raw() >= 1 && view.raw() <= kMaxView; }

/// `view - distance`, not below zero.
[[nodiscard]] constexpr View below(View view, std::uint64_t distance) {
    return View{view.raw() > distance ? view.raw() - distance : 0};
}

}  // namespace probatum::consensus
