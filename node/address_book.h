#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/validator_set.h"
#include "node/network.h"
#include "node/transport.h"

namespace probatum::node {

/// Who is known under which number, where they are to be found, and who dials whom. Threads: one.
class AddressBook {
public:
    using Peer = TransportOptions::Peer;

    AddressBook(std::optional<KeyId> own, std::vector<ledger::Validator> known, std::vector<Peer> peers)
        : own_{std::move(own)}, known_{std::move(known)}, peers_{std::move(peers)}, at_start_{known_.size()} {}

    [[nodiscard]] const std::vector<ledger::Validator>& known() const { return known_; }
    [[nodiscard]] const std::vector<Peer>& peers() const { return peers_; }
    /// More are only ever added at the end.
    void know(std::vector<ledger::Validator> validators) { known_ = std::move(validators); }

    [[nodiscard]] std::optional<PeerId> number_of(const KeyId& key) const;
    /// Everybody known that belongs to an organisation.
    [[nodiscard]] std::vector<PeerId> validators_of(const std::string& organisation) const;
    /// Of two validators of genesis, the first dials; everybody else has to find the others.
    [[nodiscard]] bool dials(const Peer& peer) const;
    /// Where an organisation runs several validators, a connection to one says nothing about the others.
    [[nodiscard]] bool is_alone(const Peer& peer) const;
    /// Before the first connection.
    [[nodiscard]] Network::PeerState first_state(PeerId id) const;

private:
    std::optional<KeyId> own_;
    std::vector<ledger::Validator> known_;
    std::vector<Peer> peers_;
    std::size_t at_start_;
};

}  // namespace probatum::node
