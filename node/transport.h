#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/validator_set.h"
#include "node/config.h"
#include "node/network.h"

namespace probatum::node {

struct TransportOptions {
    /// Dialled is an address; whose key answers there may change with the epochs, its organisation does not.
    struct Peer {
        PeerId id{0};  ///< At the start.
        std::string organisation;
        Endpoint address;
    };

    Endpoint listen;
    std::string certificate_pem;
    std::string private_key_pem;
    Bytes binding;               ///< Own statement; empty for an observer.
    std::optional<KeyId> own{};  ///< Absent for an observer.
    Digest chain_id;
    std::vector<ledger::Validator> known;      ///< By PeerId; those of genesis first.
    std::vector<Peer> peers;                   ///< Never this node.
    std::size_t urgent_bytes{64U << 20U};      ///< Per peer.
    std::size_t bulk_bytes{16U << 20U};        ///< Per peer.
    std::size_t max_strangers{64};             ///< Connections that have not said yet who they are,
    std::size_t max_strangers_of_address{16};  ///< and those of one address: beyond it the oldest gives way.
    std::size_t max_observers{32};             ///< Anybody may be one, so they have places of their own.
    std::size_t observer_bytes{28U << 20U};    ///< On their way to one observer: one range of blocks and a little more.
    std::uint32_t handshake_timeout_ms{5'000};
    std::uint32_t silence_timeout_ms{15'000};  ///< A peer unheard for so long is disconnected.
    std::uint32_t first_retry_ms{100};         ///< Doubles up to max_retry_ms, with jitter.
    std::uint32_t max_retry_ms{2'000};
};

/// The network as it really is. Connections to the other validators: TCP, mutual TLS 1.3 with self-signed certificates,
/// and right after the handshake a hello of both sides whose tls-binding ties the certificate to an identity. Between
/// two validators there is one connection: of two that know each other from the start the one with the lower PeerId
/// dials; otherwise each dials where it has an address and no connection, and if they cross, the one that the smaller
/// key dialled stays. Observers dial everybody they know and are served synchronisation only. Threads: send, broadcast,
/// peers may be called from any thread; start and stop from one.
class Transport final : public Network {
public:
    Transport(TransportOptions options, PeerHandler& handler);
    ~Transport() override;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Listens and begins to dial. Returns the port. preflight_failed: address in use, certificate or key unusable.
    [[nodiscard]] Result<std::uint16_t> start();
    /// Closes every connection and joins the thread. No handler call comes afterwards.
    void stop();

    bool send(PeerId to, const Frame& frame, Priority priority) override;
    void broadcast(const Frame& frame, Priority priority) override;
    void inform_observers(const Frame& frame) override;
    void know(const std::vector<ledger::Validator>& validators) override;
    void disconnect(PeerId peer, std::string why) override;
    [[nodiscard]] std::vector<PeerState> peers() const override;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace probatum::node
