#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "node/lane.h"
#include "tools/sim/scheduler.h"

namespace probatum::sim {

/// What the lanes of one machine run in.
class LaneHost {
public:
    virtual ~LaneHost() = default;
    [[nodiscard]] virtual Scheduler& scheduler() = 0;
    /// Runs a piece of a validator: what it takes in virtual time is returned, and what ends the process is caught.
    virtual Micros run(const std::function<void()>& piece) = 0;
    /// From being woken to running; threads do not start at once.
    [[nodiscard]] virtual Micros hesitation() = 0;
};

/// A queue that the scheduler drains. It outlives the validator that it served, as an empty shell, because events may
/// still name it.
class LaneCore {
public:
    LaneCore(LaneHost& host, const node::LaneOptions& options) : host_{host}, options_{options} {}

    void start(node::Lane::Beat beat);
    [[nodiscard]] bool try_post(node::Lane::Task&& task);
    void post(node::Lane::Task&& task);
    [[nodiscard]] std::size_t waiting() const { return tasks_.size(); }
    [[nodiscard]] std::size_t most_waiting() const { return most_waiting_; }
    /// Runs what waits, now.
    void drain();
    void end();
    /// The thread does not run for a while.
    void stall(Micros time) { busy_until_ = std::max(busy_until_, host_.scheduler().now() + time); }

private:
    void wake(Micros when);
    void pump();

    LaneHost& host_;
    node::LaneOptions options_;
    node::Lane::Beat beat_;
    std::deque<node::Lane::Task> tasks_;
    std::size_t most_waiting_{0};
    bool started_{false};
    bool ended_{false};
    bool running_{false};
    Micros busy_until_{0};
    Micros wake_at_{~Micros{0}};
};

class SimLane final : public node::Lane {
public:
    explicit SimLane(LaneCore& core) : core_{core} {}
    ~SimLane() override { core_.end(); }
    SimLane(const SimLane&) = delete;
    SimLane& operator=(const SimLane&) = delete;

    using node::Lane::start;
    void start(Beat beat) override { core_.start(std::move(beat)); }
    [[nodiscard]] bool try_post(Task task) override { return core_.try_post(std::move(task)); }
    void post(Task task) override { core_.post(std::move(task)); }
    [[nodiscard]] std::size_t waiting() const override { return core_.waiting(); }
    void stop() override {
        core_.drain();
        core_.end();
    }
    void abandon() override { core_.end(); }

private:
    LaneCore& core_;
};

class SimLanes final : public node::Lanes {
public:
    explicit SimLanes(LaneHost& host) : host_{host} {}
    [[nodiscard]] std::unique_ptr<node::Lane> make(const node::LaneOptions& options) override {
        cores_.push_back(std::make_unique<LaneCore>(host_, options));
        return std::make_unique<SimLane>(*cores_.back());
    }
    [[nodiscard]] std::size_t most_waiting() const;
    void stall_one(Random& random, Micros time);

private:
    LaneHost& host_;
    std::vector<std::unique_ptr<LaneCore>> cores_;
};

}  // namespace probatum::sim
