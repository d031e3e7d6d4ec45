#pragma once

#include <chrono>

#include "base/strong_id.h"
#include "node/machine.h"

namespace probatum::node {

/// A moment of a clock that only goes forward. Only differences mean anything.
using Moment = std::chrono::steady_clock::time_point;

/// The clocks of the machine that a validator runs on, as a port. Threads: any.
class Clock {
public:
    virtual ~Clock() = default;
    /// For timers: goes forward only.
    [[nodiscard]] virtual Moment now() const = 0;
    /// For block times: milliseconds since 1970 UTC. May be wrong, and may jump.
    [[nodiscard]] virtual UnixMs wall() const = 0;
};

/// This machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Moment now() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] UnixMs wall() const override { return wall_clock(); }
};

}  // namespace probatum::node
