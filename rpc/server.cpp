#include "rpc/server.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "rpc/methods.h"
#include "rpc/session.h"

namespace probatum::rpc {

using tcp = asio::ip::tcp;

class Server::Impl final : public SessionHost, public std::enable_shared_from_this<Server::Impl> {
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

    [[nodiscard]] const ServerOptions& options() const override { return options_; }
    [[nodiscard]] const Dispatcher& dispatcher() const override { return dispatcher_; }
    [[nodiscard]] node::Service& service() override { return service_; }
    [[nodiscard]] bool stopping() const override { return stopping_; }
    void forget(const std::shared_ptr<Session>& session) override;

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
