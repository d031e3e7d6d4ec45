#include "tools/sim/lanes.h"

#include <algorithm>
#include <chrono>

namespace probatum::sim {

namespace {

constexpr std::size_t kDrain = 256;
/// The lanes of one life: the latest ones.
constexpr std::size_t kLanesOfALife = 5;

/// Rounded up: a lane that is woken a little early would only be woken again.
Micros micros_of(node::Moment moment) {
    const auto since = std::chrono::ceil<std::chrono::microseconds>(moment.time_since_epoch()).count();
    return since > 0 ? static_cast<Micros>(since) : 0;
}

}  // namespace

void LaneCore::start(node::Lane::Beat beat) {
    beat_ = std::move(beat);
    started_ = true;
    wake(host_.scheduler().now() + host_.hesitation());
}

bool LaneCore::try_post(node::Lane::Task&& task) {
    if (ended_ || tasks_.size() >= options_.queue) {
        return false;
    }
    post(std::move(task));
    return true;
}

void LaneCore::post(node::Lane::Task&& task) {
    if (ended_) {
        return;
    }
    tasks_.push_back(std::move(task));
    most_waiting_ = std::max(most_waiting_, tasks_.size());
    if (started_ && !running_) {
        wake(std::max(host_.scheduler().now() + host_.hesitation(), busy_until_));
    }
}

void LaneCore::wake(Micros when) {
    if (when >= wake_at_) {
        return;
    }
    wake_at_ = when;
    host_.scheduler().at(when, [this, when] {
        // An earlier wake took this one's place, or the validator is gone.
        if (ended_ || wake_at_ != when) {
            return;
        }
        wake_at_ = ~Micros{0};
        pump();
    });
}

void LaneCore::pump() {
    const Micros now = host_.scheduler().now();
    if (now < busy_until_) {
        wake(busy_until_);
        return;
    }
    running_ = true;
    const Micros took = host_.run([this] {
        for (std::size_t left = kDrain; left > 0 && !tasks_.empty() && !ended_; --left) {
            const node::Lane::Task task = std::move(tasks_.front());
            tasks_.pop_front();
            task();
        }
        if (!ended_ && beat_.turn && !beat_.turn()) {
            end();
        }
    });
    running_ = false;
    if (ended_) {
        return;
    }
    busy_until_ = now + took;
    Micros next = ~Micros{0};
    if (!tasks_.empty()) {
        next = std::max(busy_until_, now + 1);
    }
    if (beat_.next_wake) {
        next = std::min(next, std::max({micros_of(beat_.next_wake()), busy_until_, now + 1}));
    }
    if (next != ~Micros{0}) {
        wake(next);
    }
}

void LaneCore::drain() {
    while (!ended_ && !tasks_.empty()) {
        const node::Lane::Task task = std::move(tasks_.front());
        tasks_.pop_front();
        task();
    }
}

void LaneCore::end() {
    ended_ = true;
    tasks_.clear();
    if (!running_) {
        beat_ = {};
    }
}

std::size_t SimLanes::most_waiting() const {
    std::size_t most = 0;
    for (const auto& core : cores_) {
        most = std::max(most, core->most_waiting());
    }
    return most;
}

void SimLanes::stall_one(Random& random, Micros time) {
    if (cores_.size() >= kLanesOfALife) {
        cores_[cores_.size() - 1 - random.below(kLanesOfALife)]->stall(time);
    }
}

}  // namespace probatum::sim
