#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/protocol.h"
#include "node/send_queue.h"

namespace probatum::node {

/// A connected peer: a validator of any epoch by its number in this node's PeerDirectory (those of genesis by their
/// position there), an observer by a number from kFirstObserver on that is never reused. From kFirstSource on: a node
/// that was dialled as a validator and whose key is not known here, for which this node may be too far behind; it is
/// good for synchronisation, which trusts nobody.
using PeerId = std::uint32_t;
inline constexpr PeerId kFirstObserver = 1'000'000;
inline constexpr PeerId kFirstSource = 2'000'000'000;

/// What a network tells of peers. Called one at a time, on whatever thread the network has; must not block.
class PeerHandler {
public:
    virtual ~PeerHandler() = default;
    /// The height to say hello with.
    virtual Height final_height() = 0;
    virtual void on_connected(PeerId peer, const Hello& hello) = 0;
    virtual void on_disconnected(PeerId peer) = 0;
    /// One message, decoded. An error ends the connection and becomes its problem.
    virtual Result<void> on_message(PeerId from, Message message) = 0;
};

/// The other validators as a port: authenticated, otherwise unreliable. Really TLS connections (transport.h).
/// Threads: any.
class Network {
public:
    virtual ~Network() = default;
    /// False if the peer is not connected or the frame was dropped.
    virtual bool send(PeerId to, const Frame& frame, Priority priority) = 0;
    /// To every connected validator.
    virtual void broadcast(const Frame& frame, Priority priority) = 0;
    /// To every connected observer.
    virtual void inform_observers(const Frame& frame) = 0;
    /// Everybody who is or was a validator, by PeerId; more are only ever added at the end.
    virtual void know(const std::vector<ledger::Validator>& validators) { (void)validators; }
    /// Ends a connection whose peer proved dishonest or broken. A validator is kept away for a while, longer each time.
    virtual void disconnect(PeerId peer, std::string why) = 0;

    struct PeerState {
        bool connected{false};
        std::string address;  ///< As configured; empty where it is not.
        std::string problem;  ///< Why not connected.
    };
    /// By PeerId, one per validator that is known, own included (not connected, no problem).
    [[nodiscard]] virtual std::vector<PeerState> peers() const = 0;
};

}  // namespace probatum::node
