#pragma once

#include <thread>
#include <vector>

#include "node/bounded_queue.h"
#include "node/lane.h"

namespace probatum::node {

/// A lane of threads of its own.
class ThreadLane final : public Lane {
public:
    explicit ThreadLane(const LaneOptions& options) : options_{options}, queue_{options.queue} {}
    ~ThreadLane() override { stop(); }
    ThreadLane(const ThreadLane&) = delete;
    ThreadLane& operator=(const ThreadLane&) = delete;

    using Lane::start;
    void start(Beat beat) override;
    [[nodiscard]] bool try_post(Task task) override { return queue_.try_push(std::move(task)); }
    void post(Task task) override { (void)queue_.push_always(std::move(task)); }
    [[nodiscard]] std::size_t waiting() const override { return queue_.size(); }
    void stop() override;
    void abandon() override;

private:
    void run();
    void run_with_beat();
    void join();

    LaneOptions options_;
    Beat beat_;
    BoundedQueue<Task> queue_;
    std::vector<std::thread> threads_;
};

class ThreadLanes final : public Lanes {
public:
    [[nodiscard]] std::unique_ptr<Lane> make(const LaneOptions& options) override {
        return std::make_unique<ThreadLane>(options);
    }
};

}  // namespace probatum::node
