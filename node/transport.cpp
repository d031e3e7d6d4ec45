#include "node/transport.h"

#include <spdlog/spdlog.h>

#include <random>
#include <set>
#include <thread>

#include "node/address_book.h"
#include "node/greeting.h"
#include "node/machine.h"
#include "node/peer_session.h"
#include "node/peer_table.h"
#include "node/quarantine.h"

namespace probatum::node {

namespace {

using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using SessionPtr = std::shared_ptr<PeerSession>;

/// Throws where certificate or key are unusable.
void prepare_tls(asio::ssl::context& tls, const TransportOptions& options) {
    tls.set_options(asio::ssl::context::no_compression | asio::ssl::context::default_workarounds);
    harden(tls.native_handle());
    tls.use_certificate_chain(asio::buffer(options.certificate_pem));
    tls.use_private_key(asio::buffer(options.private_key_pem), asio::ssl::context::pem);
    tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    // Self-signed certificates pass here: the binding in the hello is what identifies a peer.
    tls.set_verify_callback([](bool, asio::ssl::verify_context&) { return true; });
}

}  // namespace

class Transport::Impl {
public:
    Impl(TransportOptions options, PeerHandler& handler)
        : options_{std::move(options)},
          handler_{handler},
          book_{options_.own, options_.known, options_.peers},
          random_{std::random_device{}()} {
        describe(0);
    }
    ~Impl() { stop(); }

    Result<std::uint16_t> start() {
        try {
            prepare_tls(tls_, options_);
        } catch (const std::exception& error) {
            return fail(Errc::preflight_failed, "tls", std::string{"certificate or key unusable: "} + error.what());
        }
        PROBATUM_LET(port, listen());
        asio::co_spawn(io_, accept_loop(), asio::detached);
        for (const auto& peer : book_.peers()) {
            if (book_.dials(peer)) {
                asio::co_spawn(io_, dial_loop(peer), asio::detached);
            }
        }
        asio::co_spawn(io_, watch_loop(), asio::detached);
        thread_ = std::thread{[this] {
            begin_thread("peers");
            io_.run();
        }};
        return port;
    }

    void stop() {
        if (!thread_.joinable()) {
            return;
        }
        asio::post(io_, [this] {
            error_code ignored;
            acceptor_.close(ignored);
            for (const auto& session : all_) {
                session->close();
            }
            io_.stop();
        });
        thread_.join();
    }

    bool send(PeerId to, const Frame& frame, Priority priority) {
        const SessionPtr session = peers_.find(to);
        return session && session->enqueue(frame, priority);
    }

    void broadcast(const Frame& frame, Priority priority, bool observers) {
        for (const SessionPtr& session : peers_.all(observers)) {
            (void)session->enqueue(frame, priority);
        }
    }

    void know(const std::vector<ledger::Validator>& validators) {
        asio::post(io_, [this, validators] {
            const std::size_t before = book_.known().size();
            if (validators.size() <= before) {
                return;
            }
            book_.know(validators);
            describe(before);
            // Who was a stranger says hello again and is known by its number.
            for (const SessionPtr& session : std::vector<SessionPtr>{all_.begin(), all_.end()}) {
                const auto id = session->claimed ? book_.number_of(*session->claimed) : std::nullopt;
                if (id && *id >= before) {
                    session->close("a validator now");
                }
            }
        });
    }

    void disconnect(PeerId peer, std::string why) {
        asio::post(io_, [this, peer, why = std::move(why)] {
            if (const SessionPtr session = peers_.find(peer)) {
                end(session, peer, why);
            }
        });
    }

    std::vector<PeerState> states() const { return peers_.states(); }

private:
    /// Addresses and first problems of the validators from this number on.
    void describe(std::size_t from) {
        for (PeerId id = static_cast<PeerId>(from); id < book_.known().size(); ++id) {
            peers_.add(book_.first_state(id));
        }
    }

    /// Whoever proved dishonest or broken is not let in again at once.
    void end(const SessionPtr& session, PeerId id, const std::string& why) {
        if (!session->problem.empty()) {
            return;  // several complaints about one burst are one offence
        }
        std::string problem = why;
        if (id < kFirstObserver) {
            const milliseconds pause = quarantine_.offend(id, SteadyClock::now(), why);
            problem += "; kept away for " + std::to_string(pause.count()) + " ms";
        }
        spdlog::warn("peer {}: {}", id, problem);
        session->close(std::move(problem));
    }

    Result<std::uint16_t> listen() {
        error_code error;
        tcp::resolver resolver{io_};
        const auto found = resolver.resolve(options_.listen.host, std::to_string(options_.listen.port), error);
        const std::string name = options_.listen.to_string();
        if (error || found.empty()) {
            return fail(Errc::preflight_failed, "listen", name + ": " + error.message());
        }
        const tcp::endpoint endpoint = found.begin()->endpoint();
        acceptor_.open(endpoint.protocol(), error);
        if (!error) {
            acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
        }
        if (!error) {
            acceptor_.bind(endpoint, error);
        }
        if (!error) {
            acceptor_.listen(tcp::acceptor::max_listen_connections, error);
        }
        if (error) {
            return fail(Errc::preflight_failed, "listen", name + ": " + error.message());
        }
        return acceptor_.local_endpoint().port();
    }

    asio::awaitable<void> accept_loop() {
        while (acceptor_.is_open()) {
            const SessionPtr session = make_session();
            const auto [error] = co_await acceptor_.async_accept(session->socket(), kTuple);
            if (error) {  // out of descriptors, or closing
                co_await pause(milliseconds{100});
            } else {
                make_room_for(session);
                asio::co_spawn(io_, run(session, nullptr), asio::detached);
            }
        }
    }

    asio::awaitable<void> dial_loop(TransportOptions::Peer peer) {
        std::uint32_t retry_ms = options_.first_retry_ms;
        const bool alone = book_.is_alone(peer);
        for (;;) {
            // Its validator may have dialled this node, under a key that the configuration does not know.
            if (alone && peers_.is_connected(book_.validators_of(peer.organisation))) {
                co_await pause(milliseconds{options_.max_retry_ms});
                continue;
            }
            // Whoever is kept away is not dialled either: it would greet a connection that ends at once.
            if (const auto kept_away = quarantine_.remaining(peer.id, SteadyClock::now())) {
                co_await pause(*kept_away);
                continue;
            }
            const SessionPtr session = make_session();
            session->dialled = true;
            all_.insert(session);
            session->deadline = SteadyClock::now() + milliseconds{options_.handshake_timeout_ms};
            tcp::resolver resolver{io_};
            auto [error, found] =
                co_await resolver.async_resolve(peer.address.host, std::to_string(peer.address.port), kTuple);
            if (!error) {
                error = std::get<0>(co_await asio::async_connect(session->socket(), found, kTuple));
            }
            all_.erase(session);
            if (error) {
                peers_.set_problem(peer.id, session->problem.empty() ? error.message() : session->problem);
            } else if (co_await run(session, &peer)) {
                retry_ms = options_.first_retry_ms;
            }
            co_await pause(milliseconds{retry_ms / 2 + random_() % (retry_ms / 2 + 1)});
            retry_ms = std::min(retry_ms * 2, options_.max_retry_ms);
        }
    }

    /// Closes whoever is past its deadline.
    asio::awaitable<void> watch_loop() {
        for (;;) {
            co_await pause(milliseconds{200});
            for (const SessionPtr& session : std::vector<SessionPtr>{all_.begin(), all_.end()}) {
                if (session->deadline < SteadyClock::now()) {
                    session->close("no answer in time");
                }
            }
        }
    }

    asio::awaitable<void> pause(milliseconds time) {
        asio::steady_timer timer{io_, time};
        co_await timer.async_wait(kTuple);
    }

    /// Lives as long as the connection. True if the peer was who it should be.
    asio::awaitable<bool> run(SessionPtr session, const TransportOptions::Peer* dialled) {
        all_.insert(session);
        session->deadline = SteadyClock::now() + milliseconds{options_.handshake_timeout_ms};
        error_code ignored;
        session->socket().set_option(tcp::no_delay{true}, ignored);
        const auto side = dialled != nullptr ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
        const auto [error] = co_await session->stream().async_handshake(side, kTuple);
        std::string problem;
        std::optional<PeerId> id;
        if (error) {
            problem = tls_problem(error);
        } else {
            send_hello(session);
            if (auto greeted = co_await greet(session, dialled)) {
                id = *greeted;
                problem = co_await listen_to(session, *id);
                leave(session, *id);
            } else {
                problem = greeted.error().to_string();
            }
        }
        if (!session->problem.empty()) {
            problem = session->problem;
        }
        if (id || dialled != nullptr) {
            peers_.set_problem(id && *id < kFirstObserver ? *id : dialled != nullptr ? dialled->id : *id, problem);
        }
        session->close();
        all_.erase(session);
        co_return id.has_value();
    }

    void send_hello(const SessionPtr& session) {
        const Hello hello{kProtocolVersion,        options_.chain_id, options_.own,
                          handler_.final_height(), wall_clock(),      options_.binding};
        (void)session->enqueue(make_frame(hello), Priority::urgent);
    }

    asio::awaitable<Result<PeerId>> greet(SessionPtr session, const TransportOptions::Peer* dialled) {
        auto frame = co_await session->read_frame(kMaxHelloBytes);
        if (!frame) {
            co_return fail(std::move(frame).error());
        }
        auto message = decode_message(*frame);
        if (!message) {
            co_return fail(std::move(message).error());
        }
        const Hello* hello = std::get_if<Hello>(&*message);
        if (hello == nullptr) {
            co_return fail(Errc::malformed, "hello", "the first message is not a hello");
        }
        auto id = identify(*hello, session->stream().native_handle(), dialled);
        if (!id) {
            co_return id;
        }
        if (*id >= kFirstObserver && *id < kFirstSource) {
            if (peers_.all(true).size() >= options_.max_observers) {
                co_return fail(Errc::connection_failed, "peer", "as many observers as this node serves");
            }
            session->limit({options_.observer_bytes, 0});
        }
        if (const auto pause = quarantine_.remaining(*id, SteadyClock::now())) {
            co_return fail(Errc::connection_failed, "peer",
                           quarantine_.why(*id) + "; kept away for " + std::to_string(pause->count()) + " ms");
        }
        session->claimed = hello->identity;
        if (!is_wanted(session, *id)) {
            co_return fail(Errc::connection_failed, "peer", "connected already");
        }
        enter(session, *id, *hello);
        co_return id;
    }

    Result<PeerId> identify(const Hello& hello, SSL* ssl, const TransportOptions::Peer* dialled) {
        const HelloExpectation expected{options_.chain_id, book_.known(), options_.own,
                                        dialled != nullptr ? std::optional{dialled->organisation} : std::nullopt};
        PROBATUM_LET(validator, identify_peer(hello, expected, ssl, wall_clock()));
        if (validator) {
            return *validator;
        }
        return dialled != nullptr ? next_source_++ : next_observer_++;
    }

    /// Where two connections of the same pair have crossed, both sides keep the one that the smaller key dialled; a
    /// newer one from the same side replaces the older.
    bool is_wanted(const SessionPtr& session, PeerId id) const {
        const SessionPtr before = peers_.find(id);
        if (!before || before->dialled == session->dialled || !options_.own || !session->claimed) {
            return true;
        }
        return session->dialled == (*options_.own < *session->claimed);
    }

    void enter(const SessionPtr& session, PeerId id, const Hello& hello) {
        if (const SessionPtr before = peers_.enter(id, session)) {
            before->close("replaced by a newer connection");
        }
        touch(session);
        session->entered = true;
        if (id < kFirstObserver || id >= kFirstSource) {
            session->silence = milliseconds{options_.silence_timeout_ms};
        }
        handler_.on_connected(id, hello);
    }

    void leave(const SessionPtr& session, PeerId id) {
        if (peers_.leave(id, session)) {
            handler_.on_disconnected(id);
        }
    }

    asio::awaitable<std::string> listen_to(SessionPtr session, PeerId id) {
        // An observer only asks, and its questions are short; a source of blocks answers.
        const bool observer = id >= kFirstObserver && id < kFirstSource;
        const std::size_t limit = observer ? kMaxHelloBytes : kMaxMessageBytes;
        for (;;) {
            auto frame = co_await session->read_frame(limit);
            if (!frame) {
                if (frame.error().code != Errc::connection_failed) {
                    end(session, id, frame.error().to_string());
                }
                co_return frame.error().detail;
            }
            touch(session);
            auto message = decode_message(*frame);
            auto handled = message ? handler_.on_message(id, *std::move(message)) : fail(std::move(message).error());
            if (!handled) {
                end(session, id, handled.error().to_string());
                co_return session->problem;
            }
        }
    }

    void touch(const SessionPtr& session) {
        session->deadline = SteadyClock::now() + milliseconds{options_.silence_timeout_ms};
    }

    SessionPtr make_session() {
        return std::make_shared<PeerSession>(io_, tls_, SendQueue::Limits{options_.urgent_bytes, options_.bulk_bytes});
    }

    /// The oldest stranger gives way, not the newcomer: who is honest has said hello within a moment. One address has
    /// few places, so that it takes many to push others out.
    void make_room_for(const SessionPtr& newcomer) {
        error_code ignored;
        newcomer->address = newcomer->socket().remote_endpoint(ignored).address();
        const auto is_stranger = [](const SessionPtr& one) {
            return !one->dialled && !one->entered && one->socket().is_open();
        };
        const auto close_oldest = [this](auto&& which, std::size_t places) {
            SessionPtr oldest;
            std::size_t count = 0;
            for (const SessionPtr& one : all_) {
                if (which(one)) {
                    ++count;
                    oldest = !oldest || one->deadline < oldest->deadline ? one : oldest;
                }
            }
            if (count >= places && oldest) {
                oldest->close("made room for another");
            }
        };
        close_oldest([&](const SessionPtr& one) { return is_stranger(one) && one->address == newcomer->address; },
                     options_.max_strangers_of_address);
        close_oldest(is_stranger, options_.max_strangers);
    }

    asio::io_context io_{1};  // outlives every session
    TransportOptions options_;
    PeerHandler& handler_;
    AddressBook book_;
    Quarantine quarantine_;
    PeerTable<PeerSession> peers_;
    std::mt19937 random_;
    PeerId next_observer_{kFirstObserver};
    PeerId next_source_{kFirstSource};
    asio::ssl::context tls_{asio::ssl::context::tls};
    tcp::acceptor acceptor_{io_};
    std::set<SessionPtr> all_;
    std::thread thread_;
};

Transport::Transport(TransportOptions options, PeerHandler& handler)
    : impl_{std::make_unique<Impl>(std::move(options), handler)} {}
Transport::~Transport() = default;
Result<std::uint16_t> Transport::start() { return impl_->start(); }
void Transport::stop() { impl_->stop(); }
bool Transport::send(PeerId to, const Frame& frame, Priority priority) { return impl_->send(to, frame, priority); }
void Transport::broadcast(const Frame& frame, Priority priority) { impl_->broadcast(frame, priority, false); }
void Transport::inform_observers(const Frame& frame) { impl_->broadcast(frame, Priority::urgent, true); }
void Transport::know(const std::vector<ledger::Validator>& validators) { impl_->know(validators); }
void Transport::disconnect(PeerId peer, std::string why) { impl_->disconnect(peer, std::move(why)); }
std::vector<Network::PeerState> Transport::peers() const { return impl_->states(); }

}  // namespace probatum::node
