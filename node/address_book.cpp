#include "node/address_book.h"

#include <algorithm>

namespace probatum::node {

std::optional<PeerId> AddressBook::number_of(const KeyId& key) const {
    const auto found = std::ranges::find_if(known_, [&](const auto& one) { return one.key.id() == key; });
    return found == known_.end() ? std::nullopt : std::optional{static_cast<PeerId>(found - known_.begin())};
}

std::vector<PeerId> AddressBook::validators_of(const std::string& organisation) const {
    std::vector<PeerId> out;
    for (PeerId id = 0; id < known_.size(); ++id) {
        if (known_[id].organisation == organisation) {
            out.push_back(id);
        }
    }
    return out;
}

bool AddressBook::dials(const Peer& peer) const {
    const auto own = own_ ? number_of(*own_) : std::nullopt;
    return !own || *own < peer.id;
}

bool AddressBook::is_alone(const Peer& peer) const {
    return std::ranges::count(peers_, peer.organisation, &Peer::organisation) == 1;
}

Network::PeerState AddressBook::first_state(PeerId id) const {
    Network::PeerState out{false, {}, "no address configured"};
    if (own_ == known_.at(id).key.id()) {
        out.problem.clear();
    }
    for (const Peer& peer : peers_) {
        if (peer.id == id || (id >= at_start_ && peer.organisation == known_[id].organisation)) {
            out.address = peer.address.to_string();
            out.problem = "not connected yet";
        }
    }
    return out;
}

}  // namespace probatum::node
