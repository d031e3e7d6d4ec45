#include "node/transport.h"

#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <random>
#include <set>
#include <thread>

#include "node/greeting.h"
#include "node/inbox.h"
#include "node/machine.h"
#include "node/peer_table.h"

namespace probatum::node {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr auto kTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kWriteBytes = 256U << 10U;

struct Session : std::enable_shared_from_this<Session> {
    Session(asio::io_context& io, asio::ssl::context& tls, SendQueue::Limits limits) : stream{io, tls}, queue{limits} {}

    void close() {
        error_code ignored;
        stream.lowest_layer().close(ignored);
    }

    asio::ssl::stream<tcp::socket> stream;
    // The transport's thread alone.
    Clock::time_point deadline;
    std::string problem;           ///< Set by whoever ends the session on purpose.
    std::optional<KeyId> claimed;  ///< The identity that its hello named.
    bool dialled{false};
    Inbox inbox;
    Bytes outbox;
    bool writing{false};
    SendQueue queue;  // any thread
};
using SessionPtr = std::shared_ptr<Session>;

std::string tls_problem(const error_code& error) {
    return error.category() == asio::error::get_ssl_category() ? "TLS refused: " + error.message() : error.message();
}

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

/// The next message's bytes; they stay in the inbox until the next call. The session outlives the coroutine.
asio::awaitable<Result<ByteView>> read_frame(Session& session, std::size_t limit) {
    for (;;) {
        auto frame = session.inbox.next(limit);
        if (!frame) {
            co_return fail(std::move(frame).error());
        }
        if (*frame) {
            co_return **frame;
        }
        const auto space = session.inbox.space();
        const auto [error, got] =
            co_await session.stream.async_read_some(asio::buffer(space.data(), space.size()), kTuple);
        if (error) {
            co_return fail(Errc::connection_failed, "peer", tls_problem(error));
        }
        session.inbox.filled(got);
    }
}

}  // namespace

class Transport::Impl {
public:
    Impl(TransportOptions options, PeerHandler& handler)
        : options_{std::move(options)},
          handler_{handler},
          peers_{options_.known.size()},
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
        for (const auto& peer : options_.peers) {
            if (dials(peer)) {
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
        return session && enqueue(session, frame, priority);
    }

    void broadcast(const Frame& frame, Priority priority, bool observers) {
        for (const SessionPtr& session : peers_.all(observers)) {
            (void)enqueue(session, frame, priority);
        }
    }

    void know(const std::vector<ledger::Validator>& validators) {
        asio::post(io_, [this, validators] {
            const std::size_t before = options_.known.size();
            if (validators.size() <= before) {
                return;
            }
            options_.known = validators;
            describe(before);
            // Who was a stranger says hello again and is known by its number.
            for (const SessionPtr& session : std::vector<SessionPtr>{all_.begin(), all_.end()}) {
                if (session->claimed && known(*session->claimed) >= before &&
                    known(*session->claimed) < validators.size()) {
                    session->problem = "a validator now";
                    session->close();
                }
            }
        });
    }

    void disconnect(PeerId peer, std::string why) {
        asio::post(io_, [this, peer, why = std::move(why)] {
            if (const SessionPtr session = peers_.find(peer)) {
                session->problem = why;
                session->close();
            }
        });
    }

    std::vector<PeerState> states() const { return peers_.states(); }

private:
    /// Position of a key among those known; their number where it is not.
    std::size_t known(const KeyId& key) const {
        return static_cast<std::size_t>(
            std::ranges::find_if(options_.known, [&](const auto& one) { return one.key.id() == key; }) -
            options_.known.begin());
    }

    /// Addresses and first problems of the validators from this number on.
    void describe(std::size_t from) {
        peers_.grow(options_.known.size(), "no address configured");
        for (PeerId id = static_cast<PeerId>(from); id < options_.known.size(); ++id) {
            std::string problem = "no address configured";
            if (options_.own == options_.known[id].key.id()) {
                problem.clear();
            }
            for (const auto& peer : options_.peers) {
                if (peer.id == id || (from != 0 && peer.organisation == options_.known[id].organisation)) {
                    peers_.set_address(id, peer.address.to_string());
                    problem = "not connected yet";
                }
            }
            peers_.set_problem(id, problem);
        }
    }

    /// Of two validators of genesis, the first dials; everybody else has to find the others.
    bool dials(const TransportOptions::Peer& peer) const {
        const std::size_t own = options_.own ? known(*options_.own) : options_.known.size();
        return own == options_.known.size() || own < peer.id;
    }

    /// Where an organisation runs several validators, a connection to one says nothing about the others.
    bool shares_no_organisation(const TransportOptions::Peer& peer) const {
        return std::ranges::count(options_.peers, peer.organisation, &TransportOptions::Peer::organisation) == 1;
    }

    bool is_connected_to(const std::string& organisation) const {
        std::vector<PeerId> ids;
        for (PeerId id = 0; id < options_.known.size(); ++id) {
            if (options_.known[id].organisation == organisation) {
                ids.push_back(id);
            }
        }
        return peers_.is_connected(ids);
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
            const auto [error] = co_await acceptor_.async_accept(session->stream.lowest_layer(), kTuple);
            if (error) {  // out of descriptors, or closing
                co_await pause(milliseconds{100});
            } else if (strangers() < options_.max_strangers) {
                asio::co_spawn(io_, run(session, nullptr), asio::detached);
            }
        }
    }

    asio::awaitable<void> dial_loop(TransportOptions::Peer peer) {
        std::uint32_t retry_ms = options_.first_retry_ms;
        const bool alone = shares_no_organisation(peer);
        for (;;) {
            // Its validator may have dialled this node, under a key that the configuration does not know.
            if (alone && is_connected_to(peer.organisation)) {
                co_await pause(milliseconds{options_.max_retry_ms});
                continue;
            }
            const SessionPtr session = make_session();
            session->dialled = true;
            all_.insert(session);
            session->deadline = Clock::now() + milliseconds{options_.handshake_timeout_ms};
            tcp::resolver resolver{io_};
            auto [error, found] =
                co_await resolver.async_resolve(peer.address.host, std::to_string(peer.address.port), kTuple);
            if (!error) {
                error = std::get<0>(co_await asio::async_connect(session->stream.lowest_layer(), found, kTuple));
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
                if (session->deadline < Clock::now()) {
                    session->problem = "no answer in time";
                    session->close();
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
        session->deadline = Clock::now() + milliseconds{options_.handshake_timeout_ms};
        error_code ignored;
        session->stream.lowest_layer().set_option(tcp::no_delay{true}, ignored);
        const auto side = dialled != nullptr ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
        const auto [error] = co_await session->stream.async_handshake(side, kTuple);
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
        (void)enqueue(session, make_frame(hello), Priority::urgent);
    }

    asio::awaitable<Result<PeerId>> greet(SessionPtr session, const TransportOptions::Peer* dialled) {
        auto frame = co_await read_frame(*session, kMaxHelloBytes);
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
        auto id = identify(*hello, session->stream.native_handle(), dialled);
        if (!id) {
            co_return id;
        }
        if (*id >= kFirstObserver && *id < kFirstSource) {
            if (peers_.all(true).size() >= options_.max_observers) {
                co_return fail(Errc::connection_failed, "peer", "as many observers as this node serves");
            }
            session->queue.limit({options_.observer_bytes, 0});
        }
        session->claimed = hello->identity;
        if (!is_wanted(session, *id)) {
            co_return fail(Errc::connection_failed, "peer", "connected already");
        }
        enter(session, *id, *hello);
        co_return id;
    }

    Result<PeerId> identify(const Hello& hello, SSL* ssl, const TransportOptions::Peer* dialled) {
        const HelloExpectation expected{options_.chain_id, options_.known, options_.own,
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
            before->problem = "replaced by a newer connection";
            before->close();
        }
        touch(session);
        handler_.on_connected(id, hello);
    }

    void leave(const SessionPtr& session, PeerId id) {
        if (peers_.leave(id, session)) {
            handler_.on_disconnected(id);
        }
    }

    asio::awaitable<std::string> listen_to(SessionPtr session, PeerId id) {
        // An observer only asks, and its questions are short.
        const std::size_t limit = id >= kFirstObserver ? kMaxHelloBytes : kMaxMessageBytes;
        for (;;) {
            auto frame = co_await read_frame(*session, limit);
            if (!frame) {
                co_return frame.error().detail;
            }
            touch(session);
            auto message = decode_message(*frame);
            if (!message) {
                co_return message.error().to_string();
            }
            if (auto handled = handler_.on_message(id, *std::move(message)); !handled) {
                co_return handled.error().to_string();
            }
        }
    }

    void touch(const SessionPtr& session) {
        session->deadline = Clock::now() + milliseconds{options_.silence_timeout_ms};
    }

    bool enqueue(const SessionPtr& session, const Frame& frame, Priority priority) {
        const SendQueue::Push pushed = session->queue.push(frame, priority);
        if (pushed == SendQueue::Push::wake) {
            asio::post(io_, [this, session] { pump(session); });
        } else if (pushed == SendQueue::Push::full && priority == Priority::urgent) {
            asio::post(io_, [session] {
                session->problem = "does not take what it is sent";
                session->close();
            });
        }
        return pushed != SendQueue::Push::full;
    }

    /// Several frames to one write.
    void pump(const SessionPtr& session) {
        if (session->writing) {
            return;
        }
        session->outbox.clear();
        session->queue.fill(session->outbox, kWriteBytes);
        if (session->outbox.empty()) {
            return;
        }
        session->writing = true;
        asio::async_write(session->stream, asio::buffer(session->outbox),
                          [this, session](const error_code& error, std::size_t) {
                              session->writing = false;
                              if (error) {
                                  session->close();
                              } else {
                                  pump(session);
                              }
                          });
    }

    SessionPtr make_session() {
        return std::make_shared<Session>(io_, tls_, SendQueue::Limits{options_.urgent_bytes, options_.bulk_bytes});
    }

    std::size_t strangers() const {
        return all_.size() - std::min(all_.size(), peers_.all(false).size() + peers_.all(true).size());
    }

    TransportOptions options_;
    PeerHandler& handler_;
    PeerTable<Session> peers_;
    std::mt19937 random_;
    PeerId next_observer_{kFirstObserver};
    PeerId next_source_{kFirstSource};
    asio::io_context io_{1};
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
