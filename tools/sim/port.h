#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/sim/machine.h"

namespace probatum::sim {

/// The network as one machine's process sees it: who is at the other end is told by the hello, and has a number of
/// this process's own, as with the real transport (node/network.h).
class Port final : public node::Network {
public:
    explicit Port(Machine& machine) : machine_{machine} {}

    /// A process begins: it knows the validators of genesis, and nobody is connected.
    void begin();
    /// The number of who said this hello; machines with a higher number dial those with a lower one.
    [[nodiscard]] node::PeerId enter(StationId station, const node::Hello& hello);
    /// Nothing where it was not connected.
    std::optional<node::PeerId> leave(StationId station);
    [[nodiscard]] std::optional<node::PeerId> id_of(StationId station) const { return ids_.at(station); }

    // Network
    bool send(node::PeerId to, const node::Frame& frame, node::Priority priority) override;
    void broadcast(const node::Frame& frame, node::Priority priority) override;
    void inform_observers(const node::Frame& frame) override;
    void know(const std::vector<ledger::Validator>& validators) override;
    void disconnect(node::PeerId peer, std::string why) override;
    [[nodiscard]] std::vector<PeerState> peers() const override;

private:
    [[nodiscard]] std::size_t known(const KeyId& key) const;
    [[nodiscard]] std::optional<StationId> station_of(node::PeerId peer) const;
    bool transmit(StationId to, const node::Frame& frame);
    void tell(const node::Frame& frame, bool observers);

    Machine& machine_;
    std::vector<KeyId> known_;                      ///< By PeerId.
    std::vector<std::optional<node::PeerId>> ids_;  ///< By station; of those that are connected.
    std::vector<std::optional<KeyId>> claimed_;     ///< By station.
    node::PeerId next_observer_{node::kFirstObserver};
    node::PeerId next_source_{node::kFirstSource};
};

}  // namespace probatum::sim
