#include "rpc/server.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "rpc/dispatcher.h"
#include "rpc/methods.h"

namespace probatum::rpc {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::string_view kJson = "application/json";
constexpr std::uint32_t kLingerMs = 1000;
constexpr std::size_t kLingerBytes = 8U << 20U;

Response respond(const http::request_header<>* request, http::status status, std::string body, std::string_view type) {
    Response out{status, 11};
    out.set(http::field::server, "probatum");
    if (!type.empty()) {
        out.set(http::field::content_type, type);
    }
    // Only a request that was read whole leaves the connection in a known state.
    bool keep_alive = false;
    if (request != nullptr) {
        out.version(request->version());
        keep_alive =
            http::token_list{(*request)[http::field::connection]}.exists("close") ? false : request->version() >= 11;
    }
    out.keep_alive(keep_alive);
    out.body() = std::move(body);
    out.prepare_payload();
    if (status == http::status::no_content) {
        out.erase(http::field::content_length);
    }  // RFC 9110 section 8.6
    return out;
}

Response plain(const http::request_header<>* request, http::status status, std::string_view words) {
    return respond(request, status, std::string{words} + "\n", "text/plain; charset=utf-8");
}

bool is_json(std::string_view content_type) {
    const std::string_view media = content_type.substr(0, content_type.find(';'));
    const auto last = media.find_last_not_of(" \t");
    return last != std::string_view::npos && beast::iequals(media.substr(0, last + 1), kJson);
}

http::status status_of(const beast::error_code& problem) {
    if (problem == http::error::body_limit) {
        return http::status::payload_too_large;
    }
    if (problem == http::error::header_limit || problem == http::error::buffer_overflow) {
        return http::status::request_header_fields_too_large;
    }
    if (problem == http::error::bad_version) {
        return http::status::http_version_not_supported;
    }
    return http::status::bad_request;
}

}  // namespace

class Session;

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
public:
    Impl(node::Service& service, ServerOptions options)
        : service_{service},
          options_{std::move(options)},
          waiting_{std::make_shared<Waiting>()},
          dispatcher_{all_methods({service, waiting_, {.max_wait_ms = options_.max_wait_ms}}),
                      {.batch = options_.max_batch, .depth = options_.max_depth}},
          acceptor_{asio::make_strand(pool_)} {}

    Result<std::uint16_t> start();
    void stop();

    [[nodiscard]] const ServerOptions& options() const { return options_; }
    [[nodiscard]] const Dispatcher& dispatcher() const { return dispatcher_; }
    [[nodiscard]] node::Service& service() { return service_; }
    [[nodiscard]] bool stopping() const { return stopping_; }
    void forget(const std::shared_ptr<Session>& session);

private:
    asio::awaitable<void> accept();
    Result<void> bind();

    node::Service& service_;
    ServerOptions options_;
    std::shared_ptr<Waiting> waiting_;
    Dispatcher dispatcher_;
    asio::io_context pool_;
    tcp::acceptor acceptor_;
    std::vector<std::thread> threads_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::condition_variable all_closed_;
    std::set<std::shared_ptr<Session>> sessions_;
    bool started_{false};
};

/// One connection: reads a request, answers it, reads the next. Everything of it runs on one strand.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, std::shared_ptr<Server::Impl> server)
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
        stream_.socket().shutdown(tcp::socket::shutdown_send, problem);
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

    /// What can be told from the header alone, before a byte of the body is read.
    std::optional<Response> refuse_header(const http::request_header<>& header) const {
        if (header.target() == "/health") {
            if (header.method() == http::verb::get || header.method() == http::verb::head) {
                return std::nullopt;
            }
            Response out = plain(nullptr, http::status::method_not_allowed, "GET");
            out.set(http::field::allow, "GET, HEAD");
            return out;
        }
        if (header.target() != "/") {
            return plain(nullptr, http::status::not_found, "POST / or GET /health");
        }
        if (header.method() != http::verb::post) {
            Response out = plain(nullptr, http::status::method_not_allowed, "POST");
            out.set(http::field::allow, "POST");
            return out;
        }
        if (!is_json(header[http::field::content_type])) {
            return plain(nullptr, http::status::unsupported_media_type, "application/json");
        }
        if (!header[http::field::content_encoding].empty()) {
            return plain(nullptr, http::status::unsupported_media_type, "no content encoding");
        }
        return std::nullopt;
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
            co_return co_await write(health(request));
        }
        std::optional<std::string> body = co_await dispatch(request.body());
        request.body().clear();
        if (!body) {
            co_return co_await write(respond(&request, http::status::no_content, {}, {}));
        }
        co_return co_await write(respond(&request, http::status::ok, *std::move(body), kJson));
    }

    Response health(const Request& request) {
        const node::Status status = server_->service().status();
        const bool well = status.ready && status.alarm.empty() && !server_->stopping();
        const Json body{{"ready", status.ready},
                        {"read_only", status.read_only},
                        {"alarm", status.alarm},
                        {"height", status.height.raw()}};
        Response out =
            respond(&request, well ? http::status::ok : http::status::service_unavailable, to_text(body), kJson);
        if (request.method() == http::verb::head) {
            out.body().clear();
        }
        return out;
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
    std::shared_ptr<Server::Impl> server_;
    bool idle_{true};
};

Result<void> Server::Impl::bind() {
    const auto refused = [&](std::string_view step, const beast::error_code& problem) {
        return fail(Errc::preflight_failed, "rpc.address",
                    std::string{step} + " " + options_.address + ":" + std::to_string(options_.port) + ": " +
                        problem.message());
    };
    beast::error_code problem;
    const auto address = asio::ip::make_address(options_.address, problem);
    if (problem) {
        return refused("not an address:", problem);
    }
    const tcp::endpoint endpoint{address, options_.port};
    acceptor_.open(endpoint.protocol(), problem);
    if (problem) {
        return refused("open", problem);
    }
    acceptor_.set_option(asio::socket_base::reuse_address{true}, problem);
    acceptor_.bind(endpoint, problem);
    if (problem) {
        return refused("bind", problem);
    }
    acceptor_.listen(asio::socket_base::max_listen_connections, problem);
    if (problem) {
        return refused("listen", problem);
    }
    return {};
}

Result<std::uint16_t> Server::Impl::start() {
    PROBATUM_TRY(bind());
    const std::uint16_t port = acceptor_.local_endpoint().port();
    asio::co_spawn(acceptor_.get_executor(), [self = shared_from_this()] { return self->accept(); }, asio::detached);
    const std::size_t threads = std::clamp<std::size_t>(options_.threads, 1, 64);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { pool_.run(); });
    }
    started_ = true;
    return port;
}

asio::awaitable<void> Server::Impl::accept() {
    while (!stopping_) {
        beast::error_code problem;
        tcp::socket socket = co_await acceptor_.async_accept(asio::make_strand(pool_),
                                                             asio::redirect_error(asio::use_awaitable, problem));
        if (stopping_ || problem == asio::error::operation_aborted) {
            co_return;
        }
        if (problem) {
            // Out of descriptors: waiting a little frees some; spinning would not.
            spdlog::warn("rpc: a connection was not accepted: {}", problem.message());
            asio::steady_timer pause{acceptor_.get_executor(), std::chrono::milliseconds{100}};
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, problem));
            continue;
        }
        socket.set_option(tcp::no_delay{true}, problem);
        const auto session = std::make_shared<Session>(std::move(socket), shared_from_this());
        const std::lock_guard guard{mutex_};
        if (sessions_.size() >= options_.max_connections) {
            asio::co_spawn(session->executor(), [session] { return session->refuse_busy(); }, asio::detached);
            continue;
        }
        sessions_.insert(session);
        asio::co_spawn(session->executor(), [session] { return session->run(); }, asio::detached);
    }
}

void Server::Impl::forget(const std::shared_ptr<Session>& session) {
    const std::lock_guard guard{mutex_};
    sessions_.erase(session);
    if (sessions_.empty()) {
        all_closed_.notify_all();
    }
}

void Server::Impl::stop() {
    if (!started_ || stopping_.exchange(true)) {
        return;
    }
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
        beast::error_code ignored;
        self->acceptor_.close(ignored);
    });
    waiting_->release(refuse({Errc::not_final_yet, {}, "this node stops; ask for the transaction again later"}));
    const auto open_sessions = [this] {
        const std::lock_guard guard{mutex_};
        return std::vector<std::shared_ptr<Session>>(sessions_.begin(), sessions_.end());
    };
    for (const auto& session : open_sessions()) {
        session->drain();
    }
    {
        std::unique_lock guard{mutex_};
        all_closed_.wait_for(guard, std::chrono::milliseconds{options_.write_timeout_ms},
                             [this] { return sessions_.empty(); });
    }
    // With every wait answered and every socket closed nothing is left to run, so the pool's threads come home by
    // themselves.
    for (const auto& session : open_sessions()) {
        session->close();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

Server::Server(node::Service& service, ServerOptions options)
    : impl_{std::make_shared<Impl>(service, std::move(options))} {}
Server::~Server() { impl_->stop(); }
Result<std::uint16_t> Server::start() { return impl_->start(); }
void Server::stop() { impl_->stop(); }

}  // namespace probatum::rpc
