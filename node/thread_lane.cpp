#include "node/thread_lane.h"

#include "base/check.h"
#include "node/machine.h"

namespace probatum::node {

namespace {
constexpr std::size_t kDrain = 256;
}  // namespace

void ThreadLane::start(Beat beat) {
    PROBATUM_CHECK(threads_.empty() && (options_.threads == 1 || !beat.turn), "a lane with a beat has one thread");
    beat_ = std::move(beat);
    for (std::size_t i = 0; i < options_.threads; ++i) {
        threads_.emplace_back([this] {
            begin_thread(options_.name, options_.background);
            if (beat_.turn) {
                run_with_beat();
            } else {
                run();
            }
        });
    }
}

void ThreadLane::run() {
    while (std::optional<Task> task = queue_.pop()) {
        (*task)();
    }
}

void ThreadLane::run_with_beat() {
    for (;;) {
        std::optional<Task> task = queue_.pop_until(beat_.next_wake());
        if (!task && queue_.closed()) {
            return;
        }
        // What arrived together is answered together: one turn serves all of it.
        for (std::size_t left = kDrain; task && left > 0; --left) {
            (*task)();
            task = queue_.pop_until(Moment::min());
        }
        if (task) {
            (*task)();
        }
        if (!beat_.turn()) {
            queue_.abandon();
        }
    }
}

void ThreadLane::stop() {
    queue_.close();
    join();
}

void ThreadLane::abandon() {
    queue_.abandon();
    join();
}

void ThreadLane::join() {
    for (std::thread& thread : threads_) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

}  // namespace probatum::node
