#pragma once

#include <compare>
#include <cstdint>

namespace probatum {

/// A counter that means one thing. Two tags never mix; overflow has one home.
template <class Tag>
class StrongId {
public:
    constexpr StrongId() = default;
    constexpr explicit StrongId(std::uint64_t raw) : raw_{raw} {}
    [[nodiscard]] constexpr std::uint64_t raw() const { return raw_; }
    [[nodiscard]] constexpr StrongId next() const { return StrongId{raw_ + 1}; }
    friend constexpr auto operator<=>(StrongId, StrongId) = default;

private:
    std::uint64_t raw_{0};
};

using Epoch = StrongId<struct EpochTag>;    ///< One validator set. 0 is the set of genesis.
using Height = StrongId<struct HeightTag>;  ///< 0 is genesis; the first block is 1.
using View = StrongId<struct ViewTag>;      ///< Counts on within an epoch from 1; never reused.

/// Milliseconds since 1970-01-01T00:00:00Z. Never a local clock inside the deterministic folders.
using UnixMs = StrongId<struct UnixMsTag>;

}  // namespace probatum
