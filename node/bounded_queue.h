#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace probatum::node {

/// Hands work from any number of threads to one or more. Bounded; what happens when it is full is the caller's policy:
/// try_push() refuses, push() waits, push_always() is for the few items whose number is bounded elsewhere.
/// Threads: any.
template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t capacity) : capacity_{capacity} {}

    /// False, and `item` untouched, when full or closed.
    [[nodiscard]] bool try_push(T&& item) {
        const std::lock_guard lock{mutex_};
        if (closed_ || items_.size() >= capacity_) {
            return false;
        }
        items_.push_back(std::move(item));
        filled_.notify_one();
        return true;
    }

    /// Waits for room. False when closed.
    bool push(T&& item) {
        std::unique_lock lock{mutex_};
        drained_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
        if (closed_) {
            return false;
        }
        items_.push_back(std::move(item));
        filled_.notify_one();
        return true;
    }

    /// Ignores the bound. False when closed.
    bool push_always(T&& item) {
        const std::lock_guard lock{mutex_};
        if (closed_) {
            return false;
        }
        items_.push_back(std::move(item));
        filled_.notify_one();
        return true;
    }

    /// Waits for an item; nothing once closed and empty.
    [[nodiscard]] std::optional<T> pop() {
        std::unique_lock lock{mutex_};
        filled_.wait(lock, [&] { return closed_ || !items_.empty(); });
        return take();
    }

    /// The same with a limit; nothing on time-out too (closed() tells them apart).
    [[nodiscard]] std::optional<T> pop_until(std::chrono::steady_clock::time_point deadline) {
        std::unique_lock lock{mutex_};
        filled_.wait_until(lock, deadline, [&] { return closed_ || !items_.empty(); });
        return take();
    }

    /// Wakes everybody; what waits in the queue is still given out.
    void close() {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        filled_.notify_all();
        drained_.notify_all();
    }

    /// Closes and drops what waits.
    void abandon() {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        items_.clear();
        filled_.notify_all();
        drained_.notify_all();
    }

    [[nodiscard]] bool closed() const {
        const std::lock_guard lock{mutex_};
        return closed_;
    }
    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock{mutex_};
        return items_.size();
    }

private:
    std::optional<T> take() {
        if (items_.empty()) {
            return std::nullopt;
        }
        std::optional<T> out{std::move(items_.front())};
        items_.pop_front();
        drained_.notify_one();
        return out;
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable drained_;
    std::deque<T> items_;
    bool closed_{false};
};

}  // namespace probatum::node
