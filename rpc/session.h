#pragma once

#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "rpc/dispatcher.h"
#include "rpc/http_answers.h"
#include "rpc/server.h"

/// The inside of server.cpp, and of nothing else: Beast is heavy.
namespace probatum::rpc {

class Session;

/// What a connection needs of its server.
class SessionHost {
public:
    virtual ~SessionHost() = default;
    [[nodiscard]] virtual const ServerOptions& options() const = 0;
    [[nodiscard]] virtual const Dispatcher& dispatcher() const = 0;
    [[nodiscard]] virtual node::Service& service() = 0;
    [[nodiscard]] virtual bool stopping() const = 0;
    virtual void forget(const std::shared_ptr<Session>& session) = 0;
};

/// One connection: reads a request, answers it, reads the next. Everything of it runs on one strand.
class Session : public std::enable_shared_from_this<Session> {
public:
    static constexpr std::uint32_t kLingerMs = 1000;
    static constexpr std::size_t kLingerBytes = 8U << 20U;

    Session(asio::ip::tcp::socket socket, std::shared_ptr<SessionHost> server)
        : stream_{std::move(socket)}, server_{std::move(server)} {}

    asio::any_io_executor executor() { return stream_.get_executor(); }

    asio::awaitable<void> run() {
        try {
            while (co_await serve_one()) {
            }
        } catch (const std::exception& problem) {
            spdlog::debug("rpc: connection ended: {}", problem.what());
        }
        co_await linger();
        stream_.close();
        server_->forget(shared_from_this());
    }

    asio::awaitable<void> refuse_busy() {
        co_await write(plain(nullptr, http::status::service_unavailable, "too many connections"));
        co_await linger();
        stream_.close();
    }

    /// No further requests: one that is being answered is finished, one that is awaited is not.
    void drain() {
        asio::post(executor(), [self = shared_from_this()] {
            if (self->idle_) {
                self->stream_.close();
            }
        });
    }
    void close() {
        asio::post(executor(), [self = shared_from_this()] { self->stream_.close(); });
    }

private:
    /// Takes what the client still sends, for a moment: closing with bytes unread would reset the connection and the
    /// last answer with it.
    asio::awaitable<void> linger() {
        beast::error_code problem;
        stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, problem);
        if (problem) {
            co_return;
        }
        expire_in(std::min<std::uint32_t>(server_->options().read_timeout_ms, kLingerMs));
        std::array<char, 4096> unread{};
        for (std::size_t taken = 0; !problem && taken < kLingerBytes && !server_->stopping();) {
            taken += co_await stream_.async_read_some(asio::buffer(unread),
                                                      asio::redirect_error(asio::use_awaitable, problem));
        }
    }

    void expire_in(std::uint32_t milliseconds) { stream_.expires_after(std::chrono::milliseconds{milliseconds}); }

    /// Waits for the first byte under the idle limit, then reads the rest under the read limit: sending slowly never
    /// renews it.
    asio::awaitable<beast::error_code> read_header(http::request_parser<http::string_body>& parser) {
        const ServerOptions& options = server_->options();
        beast::error_code problem;
        if (buffer_.size() == 0) {
            idle_ = true;
            expire_in(options.idle_timeout_ms);
            if (server_->stopping()) {
                co_return beast::error::timeout;
            }
            const std::size_t count = co_await stream_.async_read_some(
                buffer_.prepare(4096), asio::redirect_error(asio::use_awaitable, problem));
            buffer_.commit(count);
            idle_ = false;
            if (problem) {
                co_return problem;
            }
        }
        expire_in(options.read_timeout_ms);
        co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, problem));
        co_return problem;
    }

    asio::awaitable<bool> serve_one() {
        http::request_parser<http::string_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(server_->options().max_header_bytes));
        parser.body_limit(server_->options().max_body_bytes);
        const beast::error_code header_problem = co_await read_header(parser);
        if (header_problem == http::error::end_of_stream || header_problem == beast::error::timeout) {
            co_return false;
        }
        if (header_problem && header_problem.category() != make_error_code(http::error::bad_method).category()) {
            co_return false;
        }
        if (header_problem) {
            co_await write(plain(nullptr, status_of(header_problem), header_problem.message()));
            co_return false;
        }
        if (auto refused = refuse_header(parser.get())) {
            co_await write(*std::move(refused));
            co_return false;
        }
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            http::response<http::empty_body> go_on{http::status::continue_, 11};
            co_await http::async_write(stream_, go_on, asio::use_awaitable);
        }
        beast::error_code problem;
        co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, problem));
        if (problem == http::error::body_limit) {
            co_await write(plain(nullptr, http::status::payload_too_large, "the body is too large"));
            co_return false;
        }
        if (problem) {
            co_return false;
        }
        co_return co_await answer(parser.release());
    }

    asio::awaitable<bool> answer(Request request) {
        stream_.expires_never();  // the node's own time-outs rule while it works
        if (request.target() == "/health") {
            co_return co_await write(health(request, server_->service().status(), server_->stopping()));
        }
        std::optional<std::string> body = co_await dispatch(request.body());
        request.body().clear();
        if (!body) {
            co_return co_await write(respond(&request, http::status::no_content, {}, {}));
        }
        co_return co_await write(respond(&request, http::status::ok, *std::move(body), kJson));
    }

    /// Answers may come from any thread; the channel brings them back to this connection's strand.
    asio::awaitable<std::optional<std::string>> dispatch(const std::string& body) {
        using Channel = asio::experimental::channel<void(beast::error_code, std::optional<std::string>)>;
        const auto channel = std::make_shared<Channel>(executor(), 1);
        server_->dispatcher().handle(body, [channel](std::optional<std::string> text) {
            asio::post(channel->get_executor(), [channel, text = std::move(text)]() mutable {
                channel->try_send(beast::error_code{}, std::move(text));
            });
        });
        co_return co_await channel->async_receive(asio::use_awaitable);
    }

    asio::awaitable<bool> write(Response response) {
        if (server_->stopping()) {
            response.keep_alive(false);
        }
        expire_in(server_->options().write_timeout_ms);
        beast::error_code problem;
        co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, problem));
        co_return !problem && response.keep_alive();
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::shared_ptr<SessionHost> server_;
    bool idle_{true};
};

}  // namespace probatum::rpc
