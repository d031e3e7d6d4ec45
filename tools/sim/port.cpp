#include "tools/sim/port.h"

#include <algorithm>

namespace probatum::sim {

using node::kFirstObserver;
using node::kFirstSource;
using node::PeerId;

void Port::begin() {
    const ledger::ValidatorSet& set = machine_.around().world.set();
    known_.clear();
    for (ledger::ValidatorIndex i = 0; i < set.size(); ++i) {
        known_.push_back(set.key_id(i));
    }
    ids_.assign(machine_.around().hub.size(), std::nullopt);
    claimed_.assign(ids_.size(), std::nullopt);
}

std::size_t Port::known(const KeyId& key) const {
    return static_cast<std::size_t>(std::ranges::find(known_, key) - known_.begin());
}

PeerId Port::enter(StationId station, const node::Hello& hello) {
    const std::size_t position = hello.identity ? known(*hello.identity) : known_.size();
    claimed_.at(station) = hello.identity;
    const PeerId id = position < known_.size()     ? static_cast<PeerId>(position)
                      : machine_.index() > station ? next_source_++
                                                   : next_observer_++;
    ids_.at(station) = id;
    return id;
}

std::optional<PeerId> Port::leave(StationId station) { return std::exchange(ids_.at(station), std::nullopt); }

std::optional<StationId> Port::station_of(PeerId peer) const {
    const auto found = std::ranges::find(ids_, std::optional{peer});
    return found == ids_.end() ? std::nullopt : std::optional{static_cast<StationId>(found - ids_.begin())};
}

bool Port::transmit(StationId to, const node::Frame& frame) {
    if (Tongue* tongue = machine_.tongue()) {
        tongue->say(to, frame);
        return true;
    }
    return machine_.around().hub.send(machine_.index(), to, frame);
}

bool Port::send(PeerId to, const node::Frame& frame, node::Priority) {
    const auto station = station_of(to);
    if (!station) {
        return false;
    }
    if (!machine_.is_liar()) {
        machine_.around().watcher.said(machine_, frame);
    }
    return transmit(*station, frame);
}

void Port::tell(const node::Frame& frame, bool observers) {
    for (StationId station = 0; station < ids_.size(); ++station) {
        const auto& id = ids_[station];
        if (id && *id < kFirstSource && (*id >= kFirstObserver) == observers) {
            (void)transmit(station, frame);
        }
    }
}

void Port::broadcast(const node::Frame& frame, node::Priority) {
    if (!machine_.is_liar()) {
        machine_.around().watcher.said(machine_, frame);
    }
    tell(frame, false);
}

void Port::inform_observers(const node::Frame& frame) { tell(frame, true); }

void Port::know(const std::vector<ledger::Validator>& validators) {
    const std::size_t before = known_.size();
    for (std::size_t i = before; i < validators.size(); ++i) {
        known_.push_back(validators[i].key.id());
    }
    // Who was a stranger says hello again and is known by its number.
    for (StationId station = 0; station < ids_.size(); ++station) {
        if (ids_[station] && claimed_[station]) {
            const std::size_t position = known(*claimed_[station]);
            if (position >= before && position < known_.size()) {
                machine_.around().hub.hang_up(machine_.index(), station);
            }
        }
    }
}

void Port::disconnect(PeerId peer, std::string why) {
    if (const auto station = station_of(peer)) {
        machine_.around().watcher.accused(machine_.index(), *station, why);
        machine_.around().hub.hang_up(machine_.index(), *station);
    }
}

std::vector<node::Network::PeerState> Port::peers() const {
    std::vector<PeerState> out(known_.size());
    for (const auto& id : ids_) {
        if (id && *id < out.size()) {
            out[*id].connected = true;
        }
    }
    return out;
}

}  // namespace probatum::sim
