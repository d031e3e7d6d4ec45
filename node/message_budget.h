#pragma once

#include <cstddef>
#include <map>
#include <mutex>

#include "node/network.h"

namespace probatum::node {

/// What of the peers' messages may wait for the consensus lane, in number and in bytes, for each peer: so that neither
/// a flood of small messages nor a few great ones of one peer take the memory or the places of the others. A message
/// that finds nothing else of its peer waiting is always taken: its own size is bounded by the wire. Threads: any.
class MessageBudget {
public:
    struct Limits {
        std::size_t messages{2'048};
        std::size_t bytes{12U << 20U};  ///< A greatest block and more.
    };

    explicit MessageBudget(Limits limits) : limits_{limits} {}

    /// False where the message is to be dropped. What is taken is given back when it was handled.
    [[nodiscard]] bool take(PeerId from, std::size_t bytes) {
        const std::lock_guard lock{mutex_};
        const auto [place, fresh] = waiting_.try_emplace(from);
        Waiting& waiting = place->second;
        if (!fresh && (waiting.messages >= limits_.messages || waiting.bytes + bytes > limits_.bytes)) {
            return false;
        }
        ++waiting.messages;
        waiting.bytes += bytes;
        return true;
    }

    void give_back(PeerId from, std::size_t bytes) {
        const std::lock_guard lock{mutex_};
        const auto place = waiting_.find(from);
        place->second.bytes -= bytes;
        if (--place->second.messages == 0) {
            waiting_.erase(place);
        }
    }

private:
    struct Waiting {
        std::size_t messages{0};
        std::size_t bytes{0};
    };
    const Limits limits_;
    std::mutex mutex_;
    std::map<PeerId, Waiting> waiting_;  ///< Of whom something waits, and of nobody else.
};

}  // namespace probatum::node
