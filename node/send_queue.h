#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

#include "base/bytes.h"
#include "node/protocol.h"

namespace probatum::node {

/// Urgent: proposals, votes, certificates, answers. A peer that lets them pile up is disconnected.
/// Bulk: transactions. What does not fit is dropped; it is gossiped again while it waits.
enum class Priority : std::uint8_t { urgent, bulk };

/// Frames on their way to one peer, urgent ones first. Bounded in bytes for each priority.
/// Threads: any; fill() from the one that writes.
class SendQueue {
public:
    struct Limits {
        std::size_t urgent_bytes{0};
        std::size_t bulk_bytes{0};
    };
    enum class Push : std::uint8_t {
        full,    ///< Not taken.
        queued,  ///< The writer is awake and will come to it.
        wake,    ///< The writer sleeps: wake it.
    };

    explicit SendQueue(Limits limits) : limits_{limits} {}

    /// Other limits from here on; what is queued already stays.
    void limit(Limits limits) {
        const std::lock_guard lock{mutex_};
        limits_ = limits;
    }

    [[nodiscard]] Push push(const Frame& frame, Priority priority) {
        const std::lock_guard lock{mutex_};
        const bool urgent = priority == Priority::urgent;
        Lane& lane = urgent ? urgent_ : bulk_;
        if (lane.bytes + frame->size() > (urgent ? limits_.urgent_bytes : limits_.bulk_bytes)) {
            return Push::full;
        }
        lane.bytes += frame->size();
        lane.frames.push_back(frame);
        if (awake_) {
            return Push::queued;
        }
        awake_ = true;
        return Push::wake;
    }

    /// Appends frames to `out` until it holds at least `enough_bytes` or nothing is left. With nothing to append the
    /// writer is asleep from here on.
    void fill(Bytes& out, std::size_t enough_bytes) {
        const std::lock_guard lock{mutex_};
        for (Lane* lane : {&urgent_, &bulk_}) {
            while (!lane->frames.empty() && out.size() < enough_bytes) {
                const Frame& frame = lane->frames.front();
                out.insert(out.end(), frame->begin(), frame->end());
                lane->bytes -= frame->size();
                lane->frames.pop_front();
            }
        }
        awake_ = !out.empty();
    }

private:
    struct Lane {
        std::deque<Frame> frames;
        std::size_t bytes{0};
    };
    std::mutex mutex_;
    Limits limits_;
    Lane urgent_, bulk_;
    bool awake_{false};
};

}  // namespace probatum::node
