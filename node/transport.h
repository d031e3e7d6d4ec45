#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/validator_set.h"
#include "node/config.h"
#include "node/protocol.h"
#include "node/send_queue.h"

namespace probatum::node {

/// A connected peer: a validator by its index, an observer by a number from kFirstObserver on that is never reused.
using PeerId = std::uint32_t;
inline constexpr PeerId kFirstObserver = 1000;

struct TransportOptions {
    struct Peer {
        ledger::ValidatorIndex index{0};
        Endpoint address;
    };

    Endpoint listen;
    std::string certificate_pem;
    std::string private_key_pem;
    Bytes binding;                                ///< Own statement; empty for an observer.
    std::optional<ledger::ValidatorIndex> own{};  ///< Absent for an observer.
    Digest chain_id;
    ledger::ValidatorSet validators;
    std::vector<Peer> peers;               ///< Never this node.
    std::size_t urgent_bytes{64U << 20U};  ///< Per peer.
    std::size_t bulk_bytes{16U << 20U};    ///< Per peer.
    std::size_t max_strangers{64};         ///< Connections that are not (yet) a validator's.
    std::uint32_t handshake_timeout_ms{5'000};
    std::uint32_t silence_timeout_ms{15'000};  ///< A peer unheard for so long is disconnected.
    std::uint32_t first_retry_ms{100};         ///< Doubles up to max_retry_ms, with jitter.
    std::uint32_t max_retry_ms{2'000};
};

/// Called on the transport's own thread, one at a time; must not block.
class TransportHandler {
public:
    virtual ~TransportHandler() = default;
    /// The height to say hello with.
    virtual Height final_height() = 0;
    virtual void on_connected(PeerId peer, const Hello& hello) = 0;
    virtual void on_disconnected(PeerId peer) = 0;
    /// One message, decoded. An error ends the connection and becomes its problem.
    virtual Result<void> on_message(PeerId from, Message message) = 0;
};

/// Connections to the other validators: TCP, mutual TLS 1.3 with self-signed certificates, and right after the
/// handshake a hello of both sides whose tls-binding ties the certificate to an identity of genesis. Between two
/// validators there is one connection; the one with the lower index dials, so the two never cross. Observers dial
/// everybody they know and are served synchronisation only. Threads: send, broadcast, peers may be called from any
/// thread; start and stop from one.
class Transport {
public:
    Transport(TransportOptions options, TransportHandler& handler);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Listens and begins to dial. Returns the port. preflight_failed: address in use, certificate or key unusable.
    [[nodiscard]] Result<std::uint16_t> start();
    /// Closes every connection and joins the thread. No handler call comes afterwards.
    void stop();

    /// False if the peer is not connected or the frame was dropped.
    bool send(PeerId to, const Frame& frame, Priority priority);
    /// To every connected validator.
    void broadcast(const Frame& frame, Priority priority);
    /// To every connected observer.
    void inform_observers(const Frame& frame);
    /// Ends a connection whose peer proved dishonest or broken.
    void disconnect(PeerId peer, std::string why);

    struct PeerState {
        bool connected{false};
        std::string address;  ///< As configured; empty where it is not.
        std::string problem;  ///< Why not connected.
    };
    /// One per validator, own included (not connected, no problem).
    [[nodiscard]] std::vector<PeerState> peers() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace probatum::node
