#pragma once

#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/key.h"
#include "node/inbox.h"
#include "node/send_queue.h"

/// The inside of transport.cpp, and of nothing else: Asio and TLS are heavy.
namespace probatum::node {

namespace asio = boost::asio;

constexpr auto kTuple = asio::experimental::as_tuple(asio::use_awaitable);

inline std::string tls_problem(const boost::system::error_code& error) {
    return error.category() == asio::error::get_ssl_category() ? "TLS refused: " + error.message() : error.message();
}

/// One connection: cuts what arrives into messages, writes what is queued. Threads: enqueue() from any, the rest from
/// the transport's.
class PeerSession : public std::enable_shared_from_this<PeerSession> {
public:
    using Stream = asio::ssl::stream<asio::ip::tcp::socket>;
    using Moment = std::chrono::steady_clock::time_point;

    PeerSession(asio::io_context& io, asio::ssl::context& tls, SendQueue::Limits limits)
        : io_{io}, stream_{io, tls}, queue_{limits} {}

    [[nodiscard]] Stream& stream() { return stream_; }
    [[nodiscard]] Stream::lowest_layer_type& socket() { return stream_.lowest_layer(); }

    void close() {
        boost::system::error_code ignored;
        socket().close(ignored);
    }
    /// On purpose; the first reason stands.
    void close(std::string why) {
        if (problem.empty()) {
            problem = std::move(why);
        }
        close();
    }

    /// The next message's bytes; they stay in the inbox until the next call. The session outlives the coroutine.
    asio::awaitable<Result<ByteView>> read_frame(std::size_t limit) {
        const Moment latest = std::chrono::steady_clock::now() + kLongestFrame;
        for (;;) {
            auto frame = inbox_.next(limit);
            if (!frame) {
                co_return fail(std::move(frame).error());
            }
            if (*frame) {
                co_return **frame;
            }
            const auto space = inbox_.space();
            const auto [error, got] =
                co_await stream_.async_read_some(asio::buffer(space.data(), space.size()), kTuple);
            if (error) {
                co_return fail(Errc::connection_failed, "peer", tls_problem(error));
            }
            inbox_.filled(got);
            if (silence) {
                deadline = std::max(deadline, std::min(std::chrono::steady_clock::now() + *silence, latest));
            }
        }
    }

    /// False where the frame was dropped. A peer that lets urgent frames pile up is disconnected.
    bool enqueue(const Frame& frame, Priority priority) {
        const SendQueue::Push pushed = queue_.push(frame, priority);
        if (pushed == SendQueue::Push::wake) {
            asio::post(io_, [self = shared_from_this()] { self->pump(); });
        } else if (pushed == SendQueue::Push::full && priority == Priority::urgent) {
            asio::post(io_, [self = shared_from_this()] { self->close("does not take what it is sent"); });
        }
        return pushed != SendQueue::Push::full;
    }
    void limit(SendQueue::Limits limits) { queue_.limit(limits); }

    Moment deadline;  ///< Closed when it has passed.
    /// Every byte of this peer puts the deadline off by so much: a large message on a slow line is no silence.
    std::optional<std::chrono::milliseconds> silence{};
    std::string problem;           ///< Why it was closed on purpose.
    std::optional<KeyId> claimed;  ///< The identity that its hello named.
    bool dialled{false};
    asio::ip::address address{};  ///< Of who dialled this node.
    bool entered{false};          ///< Its peer is known.

private:
    static constexpr auto kLongestFrame = std::chrono::seconds{120};
    static constexpr std::size_t kWriteBytes = 256U << 10U;

    /// Several frames to one write.
    void pump() {
        if (writing_) {
            return;
        }
        outbox_.clear();
        queue_.fill(outbox_, kWriteBytes);
        if (outbox_.empty()) {
            return;
        }
        writing_ = true;
        asio::async_write(stream_, asio::buffer(outbox_),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                              self->writing_ = false;
                              if (error) {
                                  self->close();
                              } else {
                                  self->pump();
                              }
                          });
    }

    asio::io_context& io_;
    Stream stream_;
    Inbox inbox_;
    Bytes outbox_;
    bool writing_{false};
    SendQueue queue_;
};

}  // namespace probatum::node
