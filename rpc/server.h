#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "node/service.h"

namespace probatum::rpc {

/// Every limit of the HTTP edge. The defaults suit a loopback address.
struct ServerOptions {
    std::string address{
        "127.0.0.1"};          ///< A numeric IPv4 or IPv6 address. Anything but loopback is the operator's decision.
    std::uint16_t port{8100};  ///< 0 takes a free one; start() tells which.
    std::size_t threads{1};    ///< The pool that serves all connections; 1..64.
    std::size_t max_connections{256};          ///< One more is answered 503 and closed.
    std::size_t max_body_bytes{4U << 20U};     ///< 413 above it.
    std::size_t max_header_bytes{16U << 10U};  ///< 431 above it.
    std::size_t max_batch{1000};               ///< Calls of one batch; -32600 above it.
    std::size_t max_depth{32};                 ///< Nested arrays and objects of a request; -32700 above it.
    std::uint32_t read_timeout_ms{10'000};  ///< From the first byte of a request to its last: a slow sender is cut off.
    std::uint32_t idle_timeout_ms{60'000};  ///< Between the requests of one connection.
    std::uint32_t write_timeout_ms{10'000};  ///< For one answer: a slow reader is cut off.
    std::uint32_t max_wait_ms{60'000};       ///< The longest that tx.submit waits for finality, whatever is asked for.
};

/// JSON-RPC 2.0 over HTTP/1.1: POST / takes a request or a batch, GET /health answers 200 when the node is ready and
/// 503 while it is not. Methods are in docs/rpc.md and rpc.discover.
///
/// Threads: start() and stop() from one thread. Calls to the service come from the pool's threads, several at once.
class Server {
public:
    /// The service outlives the server. Its callbacks may come after stop(); they find nobody and do nothing.
    Server(node::Service& service, ServerOptions options);
    /// Stops, if nobody did.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds, listens and serves. Returns the port. preflight_failed where the address cannot be had (names it).
    [[nodiscard]] Result<std::uint16_t> start();

    /// Takes no new connections and no new requests, answers the calls that wait for the node with not_final_yet, lets
    /// the answers under way be written for at most the write time-out, closes the rest and joins the pool.
    void stop();

    class Impl;

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace probatum::rpc
