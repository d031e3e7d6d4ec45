#pragma once

#include <cstddef>
#include <map>
#include <mutex>

#include "node/network.h"

namespace probatum::node {

/// What each peer, and all observers together, may have waiting on a lane that answers questions: so that whoever asks
/// most does not keep the others from being answered. Who asks for more is not told and asks again. Threads: any.
class ServingPlaces {
public:
    struct Limits {
        std::size_t of_validator{4};  ///< And of a source.
        std::size_t of_observer{1};
        std::size_t of_observers{16};  ///< Anybody may be one, and many.
    };

    ServingPlaces() : ServingPlaces{Limits{}} {}
    explicit ServingPlaces(Limits limits) : limits_{limits} {}

    /// False where the question is to be dropped. What is taken is given back when it was answered.
    [[nodiscard]] bool take(PeerId from) {
        const std::lock_guard lock{mutex_};
        const auto found = waiting_.find(from);
        const std::size_t has = found == waiting_.end() ? 0 : found->second;
        const bool observes = is_observer(from);
        if (has >= (observes ? limits_.of_observer : limits_.of_validator) ||
            (observes && observers_ >= limits_.of_observers)) {
            return false;
        }
        ++waiting_[from];
        observers_ += observes ? 1 : 0;
        return true;
    }

    void give_back(PeerId from) {
        const std::lock_guard lock{mutex_};
        const auto found = waiting_.find(from);
        if (--found->second == 0) {
            waiting_.erase(found);
        }
        observers_ -= is_observer(from) ? 1 : 0;
    }

private:
    [[nodiscard]] static bool is_observer(PeerId peer) { return peer >= kFirstObserver && peer < kFirstSource; }

    const Limits limits_;
    std::mutex mutex_;
    std::map<PeerId, std::size_t> waiting_;  ///< Of whom something waits, and of nobody else.
    std::size_t observers_{0};
};

}  // namespace probatum::node
