#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "consensus/effects.h"

namespace probatum::consensus {

/// The machine's side of the timers: which of them runs, under which id.
class Timers {
public:
    [[nodiscard]] bool is_running(TimerKind kind) const { return running_[index(kind)].has_value(); }

    /// Which timer this id belongs to; that timer has stopped now. None for an id that was replaced or cancelled.
    [[nodiscard]] std::optional<TimerKind> fired(std::uint64_t timer);
    /// Starts the timer if it is wanted and does not run, cancels it if it runs and is not wanted.
    void keep(TimerKind kind, bool wanted, std::uint32_t after_ms, Effects& effects);
    /// Forgets the timer, so that the next keep() starts it afresh or cancels it.
    void restart(TimerKind kind);

private:
    static std::size_t index(TimerKind kind) { return static_cast<std::size_t>(kind); }
    std::array<std::optional<std::uint64_t>, kTimerKinds> running_{};
    std::array<bool, kTimerKinds> stale_{};  ///< Still set at the node, though no longer of interest here.
    std::uint64_t next_{1};
};

}  // namespace probatum::consensus
