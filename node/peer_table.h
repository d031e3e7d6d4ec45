#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "node/network.h"

namespace probatum::node {

/// Who is connected, through which session, and why the others are not. Threads: any.
template <class Session>
class PeerTable {
public:
    using SessionPtr = std::shared_ptr<Session>;

    /// One more validator, not connected yet.
    void add(Network::PeerState state) {
        const std::lock_guard lock{mutex_};
        states_.push_back(std::move(state));
    }
    void set_problem(PeerId id, std::string why) {
        const std::lock_guard lock{mutex_};
        if (id < states_.size() && !states_[id].connected) {
            states_[id].problem = std::move(why);
        }
    }

    /// Returns the older session of the same peer, which this one replaces.
    [[nodiscard]] SessionPtr enter(PeerId id, const SessionPtr& session) {
        const std::lock_guard lock{mutex_};
        if (id < states_.size()) {
            states_[id].connected = true;
            states_[id].problem.clear();
        }
        return std::exchange(connected_[id], session);
    }
    /// False where another session has replaced this one.
    [[nodiscard]] bool leave(PeerId id, const SessionPtr& session) {
        const std::lock_guard lock{mutex_};
        const auto found = connected_.find(id);
        if (found == connected_.end() || found->second != session) {
            return false;
        }
        connected_.erase(found);
        if (id < states_.size()) {
            states_[id].connected = false;
        }
        return true;
    }

    [[nodiscard]] SessionPtr find(PeerId id) const {
        const std::lock_guard lock{mutex_};
        const auto found = connected_.find(id);
        return found == connected_.end() ? nullptr : found->second;
    }
    /// The connected observers, or the connected validators.
    [[nodiscard]] std::vector<SessionPtr> all(bool observers) const {
        std::vector<SessionPtr> out;
        const std::lock_guard lock{mutex_};
        for (const auto& [id, session] : connected_) {
            if ((id >= kFirstObserver) == observers && id < kFirstSource) {
                out.push_back(session);
            }
        }
        return out;
    }
    [[nodiscard]] bool is_connected(const std::vector<PeerId>& any_of) const {
        const std::lock_guard lock{mutex_};
        return std::ranges::any_of(any_of, [this](PeerId id) { return connected_.contains(id); });
    }
    [[nodiscard]] std::vector<Network::PeerState> states() const {
        const std::lock_guard lock{mutex_};
        return states_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<Network::PeerState> states_;
    std::map<PeerId, SessionPtr> connected_;
};

}  // namespace probatum::node
