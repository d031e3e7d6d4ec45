#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "node/clock.h"

namespace probatum::node {

/// Runs tasks in the order in which they were given, one at a time (with several threads: begun in that order). The
/// parts of a validator own no thread; each is given a lane. Really a thread behind a bounded queue (thread_lane.h); in
/// the simulator a queue that the one scheduler drains.
/// Threads: try_post, post and waiting from any; start, stop and abandon from the owner.
class Lane {
public:
    using Task = std::function<void()>;
    /// What a lane does of itself.
    struct Beat {
        std::function<bool()> turn{};         ///< After the tasks that waited, and when it is time. False: no more.
        std::function<Moment()> next_wake{};  ///< When the next turn is due though no task came.
    };

    virtual ~Lane() = default;
    /// Tasks posted before wait for this.
    virtual void start(Beat beat) = 0;
    void start() { start(Beat{}); }
    /// False when full or ended.
    [[nodiscard]] virtual bool try_post(Task task) = 0;
    /// For tasks whose number is bounded by whoever posts them.
    virtual void post(Task task) = 0;
    /// Tasks that have not begun.
    [[nodiscard]] virtual std::size_t waiting() const = 0;
    /// Runs what waits, then ends.
    virtual void stop() = 0;
    /// Ends after the task that runs.
    virtual void abandon() = 0;
};

struct LaneOptions {
    const char* name{""};
    std::size_t queue{0};    ///< Beyond this try_post refuses.
    std::size_t threads{1};  ///< More than one only without a beat.
    bool background{false};  ///< Lets every other lane go first.
};

/// Where lanes come from.
class Lanes {
public:
    virtual ~Lanes() = default;
    [[nodiscard]] virtual std::unique_ptr<Lane> make(const LaneOptions& options) = 0;
};

}  // namespace probatum::node
