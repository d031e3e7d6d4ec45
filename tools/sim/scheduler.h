#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "node/clock.h"

namespace probatum::sim {

/// Virtual time since the beginning, microseconds.
using Micros = std::uint64_t;
inline constexpr Micros kMillisecond = 1'000;
inline constexpr Micros kSecond = 1'000'000;

/// Numbers that follow from a seed alone, the same on every machine (splitmix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed} {}
    [[nodiscard]] std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// Below `limit`, which is above zero.
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    /// Both ends included.
    [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
    [[nodiscard]] bool percent(std::uint64_t chance) { return below(100) < chance; }
    [[nodiscard]] bool permille(std::uint64_t chance) { return below(1000) < chance; }
    /// A seed for somebody else, so that what he draws changes nothing here.
    [[nodiscard]] Random split() { return Random{next()}; }

private:
    std::uint64_t state_;
};

/// What happened, in one number: two runs of one seed give the same.
class Trace {
public:
    void note(std::uint64_t word) {
        digest_ = (digest_ ^ word) * 0x9fb21c651e98df25U;
        digest_ ^= digest_ >> 29U;
    }
    [[nodiscard]] std::uint64_t digest() const { return digest_; }

private:
    std::uint64_t digest_{0x243f6a8885a308d3U};
};

/// The one thread: what is to happen, in the order of time and then of asking.
class Scheduler {
public:
    using Task = std::function<void()>;

    [[nodiscard]] Micros now() const { return now_; }
    void at(Micros when, Task task) { queue_.push({std::max(when, now_), order_++, std::move(task)}); }
    void after(Micros delay, Task task) { at(now_ + delay, std::move(task)); }
    /// Runs everything up to and with this moment.
    void run_until(Micros end) {
        while (!queue_.empty() && queue_.top().when <= end) {
            // The queue gives no way to move out of it; the task is not looked at again.
            Task task = std::move(const_cast<Entry&>(queue_.top()).task);
            now_ = queue_.top().when;
            queue_.pop();
            ++events_;
            task();
        }
        now_ = std::max(now_, end);
    }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    [[nodiscard]] std::uint64_t events() const { return events_; }

private:
    struct Entry {
        Micros when;
        std::uint64_t order;
        Task task;
        friend bool operator<(const Entry& a, const Entry& b) {
            return a.when != b.when ? a.when > b.when : a.order > b.order;
        }
    };
    std::priority_queue<Entry> queue_;
    Micros now_{0};
    std::uint64_t order_{0};
    std::uint64_t events_{0};
};

}  // namespace probatum::sim
