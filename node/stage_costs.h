#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>

namespace probatum::node {

/// The stages whose cost per transaction docs/spec/performance.md lists.
enum class Stage : std::uint8_t { decode, check, pool, execute, tree, disk, vote };
inline constexpr std::size_t kStages = 7;
inline constexpr std::array<const char*, kStages> kStageNames{"decode", "check", "pool", "execute",
                                                              "tree",   "disk",  "vote"};

/// How often each stage was measured (transactions; votes for `vote`) and what it cost in CPU time of its thread,
/// nanoseconds. Waiting for the disk or for another thread is not counted. What is done for one transaction at a time
/// (decode, check, pool) is measured for one in sixteen: reading a thread's clock costs as much as a small stage.
/// Threads: any; relaxed counters.
class StageCosts {
public:
    struct Cost {
        std::uint64_t count{0};
        std::uint64_t nanoseconds{0};
    };

    /// @param measured  false: nothing is counted and no clock is read.
    explicit StageCosts(bool measured = true) : measured_{measured} {}

    [[nodiscard]] bool measured() const { return measured_; }
    void add(Stage stage, std::uint64_t count, std::uint64_t nanoseconds) {
        auto& slot = slots_[static_cast<std::size_t>(stage)];
        slot.count.fetch_add(count, std::memory_order_relaxed);
        slot.nanoseconds.fetch_add(nanoseconds, std::memory_order_relaxed);
    }
    [[nodiscard]] Cost read(Stage stage) const {
        const auto& slot = slots_[static_cast<std::size_t>(stage)];
        return {slot.count.load(std::memory_order_relaxed), slot.nanoseconds.load(std::memory_order_relaxed)};
    }

private:
    struct Slot {
        std::atomic<std::uint64_t> count{0};
        std::atomic<std::uint64_t> nanoseconds{0};
    };
    const bool measured_;
    std::array<Slot, kStages> slots_{};
};

/// CPU time of the calling thread.
[[nodiscard]] inline std::uint64_t thread_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

/// Counts the CPU time of its own life for `count` items.
class StageTimer {
public:
    StageTimer(StageCosts& costs, Stage stage, std::uint64_t count, bool measured = true)
        : costs_{costs},
          stage_{stage},
          measured_{measured && costs.measured()},
          count_{count},
          begin_{measured_ ? thread_nanoseconds() : 0} {}
    ~StageTimer() {
        if (measured_) {
            costs_.add(stage_, count_, thread_nanoseconds() - begin_);
        }
    }
    /// True for one call in sixteen of a thread.
    [[nodiscard]] static bool sample() {
        thread_local unsigned calls = 0;
        return calls++ % 16 == 0;
    }
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;

private:
    StageCosts& costs_;
    Stage stage_;
    bool measured_;
    std::uint64_t count_;
    std::uint64_t begin_;
};

}  // namespace probatum::node
