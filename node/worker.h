#pragma once

#include <functional>
#include <thread>

#include "node/bounded_queue.h"
#include "node/machine.h"

namespace probatum::node {

/// One named thread that runs tasks in the order they were given.
/// Threads: post from any; stop from the owner.
class Worker {
public:
    using Task = std::function<void()>;

    Worker(const char* name, std::size_t queue)
        : queue_{queue}, thread_{[this, name] {
              begin_thread(name);
              while (std::optional<Task> task = queue_.pop()) {
                  (*task)();
              }
          }} {}
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// False when full or stopped.
    [[nodiscard]] bool try_post(Task task) { return queue_.try_push(std::move(task)); }
    /// For tasks whose number is bounded by whoever posts them.
    void post(Task task) { (void)queue_.push_always(std::move(task)); }
    /// Runs what waits, then ends the thread.
    void stop() {
        queue_.close();
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    /// Ends the thread after the task that runs.
    void abandon() {
        queue_.abandon();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

private:
    BoundedQueue<Task> queue_;
    std::thread thread_;
};

}  // namespace probatum::node
