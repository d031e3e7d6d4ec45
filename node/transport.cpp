#include "node/transport.h"

#include <openssl/x509.h>

#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/ssl.hpp>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "base/hash.h"
#include "node/machine.h"
#include "node/tls_binding.h"

namespace probatum::node {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr auto kTuple = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 64U << 10U;
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
    std::string problem;  ///< Set by whoever ends the session on purpose.
    Bytes inbox;
    std::size_t begin{0}, end{0};
    Bytes outbox;
    bool writing{false};
    SendQueue queue;  // any thread
};
using SessionPtr = std::shared_ptr<Session>;

std::string tls_problem(const error_code& error) {
    return error.category() == asio::error::get_ssl_category() ? "TLS refused: " + error.message() : error.message();
}

/// Of the certificate that the peer proved to hold; TLS 1.3 has no handshake without that proof.
Result<Digest> peer_key_digest(SSL* ssl) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(ssl), &X509_free};
    if (!certificate) {
        return fail(Errc::malformed, "certificate", "the peer showed no certificate");
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    if (size <= 0) {
        return fail(Errc::malformed, "certificate");
    }
    const Digest digest = sha256({der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest;
}

}  // namespace

class Transport::Impl {
public:
    Impl(TransportOptions options, TransportHandler& handler)
        : options_{std::move(options)},
          handler_{handler},
          states_(options_.validators.size()),
          random_{std::random_device{}()} {
        for (const auto& peer : options_.peers) {
            states_.at(peer.index).address = peer.address.to_string();
        }
        for (std::size_t i = 0; i < states_.size(); ++i) {
            if (i != options_.own) {
                states_[i].problem = states_[i].address.empty() ? "no address configured" : "not connected yet";
            }
        }
    }
    ~Impl() { stop(); }

    Result<std::uint16_t> start() {
        try {
            prepare_tls();
        } catch (const std::exception& error) {
            return fail(Errc::preflight_failed, "tls", std::string{"certificate or key unusable: "} + error.what());
        }
        PROBATUM_LET(port, listen());
        asio::co_spawn(io_, accept_loop(), asio::detached);
        for (const auto& peer : options_.peers) {
            const bool dials = !options_.own || *options_.own < peer.index;
            if (dials) {
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
        SessionPtr session;
        {
            const std::lock_guard lock{mutex_};
            const auto found = connected_.find(to);
            if (found == connected_.end()) {
                return false;
            }
            session = found->second;
        }
        return enqueue(session, frame, priority);
    }

    void broadcast(const Frame& frame, Priority priority, bool observers) {
        std::vector<SessionPtr> targets;
        {
            const std::lock_guard lock{mutex_};
            for (const auto& [id, session] : connected_) {
                if ((id >= kFirstObserver) == observers) {
                    targets.push_back(session);
                }
            }
        }
        for (const SessionPtr& session : targets) {
            (void)enqueue(session, frame, priority);
        }
    }

    void disconnect(PeerId peer, std::string why) {
        asio::post(io_, [this, peer, why = std::move(why)] {
            const std::lock_guard lock{mutex_};
            if (const auto found = connected_.find(peer); found != connected_.end()) {
                found->second->problem = why;
                found->second->close();
            }
        });
    }

    std::vector<PeerState> states() const {
        const std::lock_guard lock{mutex_};
        return states_;
    }

private:
    void prepare_tls() {
        tls_.set_options(asio::ssl::context::no_compression | asio::ssl::context::default_workarounds);
        SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_3_VERSION);
        SSL_CTX_set_session_cache_mode(tls_.native_handle(), SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(tls_.native_handle(), 0);  // every connection proves the key anew
        // AES-128 costs least where the processor has it, and every side here is ours.
        SSL_CTX_set_ciphersuites(tls_.native_handle(), "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256");
        tls_.use_certificate_chain(asio::buffer(options_.certificate_pem));
        tls_.use_private_key(asio::buffer(options_.private_key_pem), asio::ssl::context::pem);
        tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
        // Self-signed certificates pass here: the binding in the hello is what identifies a peer.
        tls_.set_verify_callback([](bool, asio::ssl::verify_context&) { return true; });
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
            auto session =
                std::make_shared<Session>(io_, tls_, SendQueue::Limits{options_.urgent_bytes, options_.bulk_bytes});
            const auto [error] = co_await acceptor_.async_accept(session->stream.lowest_layer(), kTuple);
            if (error) {  // out of descriptors, or closing
                co_await pause(milliseconds{100});
            } else if (strangers() < options_.max_strangers) {
                asio::co_spawn(io_, run(session, std::nullopt), asio::detached);
            }
        }
    }

    asio::awaitable<void> dial_loop(TransportOptions::Peer peer) {
        std::uint32_t retry_ms = options_.first_retry_ms;
        for (;;) {
            auto session =
                std::make_shared<Session>(io_, tls_, SendQueue::Limits{options_.urgent_bytes, options_.bulk_bytes});
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
                note_problem(peer.index, session->problem.empty() ? error.message() : session->problem);
            } else if (co_await run(session, peer.index)) {
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
    asio::awaitable<bool> run(SessionPtr session, std::optional<ledger::ValidatorIndex> dialled) {
        all_.insert(session);
        session->deadline = Clock::now() + milliseconds{options_.handshake_timeout_ms};
        error_code ignored;
        session->stream.lowest_layer().set_option(tcp::no_delay{true}, ignored);
        const auto side = dialled ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
        const auto [error] = co_await session->stream.async_handshake(side, kTuple);
        std::string problem;
        std::optional<PeerId> id;
        if (error) {
            problem = tls_problem(error);
        } else {
            send_hello(session);
            auto greeted = co_await greet(session, dialled);
            if (greeted) {
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
        if (id) {
            note_problem(*id, problem);
        } else if (dialled) {
            note_problem(*dialled, problem);
        }
        session->close();
        all_.erase(session);
        co_return id.has_value();
    }

    void send_hello(const SessionPtr& session) {
        Hello hello;
        hello.chain_id = options_.chain_id;
        hello.validator = options_.own;
        hello.height = handler_.final_height();
        hello.clock = wall_clock();
        hello.binding = options_.binding;
        (void)enqueue(session, make_frame(hello), Priority::urgent);
    }

    asio::awaitable<Result<PeerId>> greet(SessionPtr session, std::optional<ledger::ValidatorIndex> dialled) {
        auto frame = co_await read_frame(session, kMaxHelloBytes);
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
            co_return fail(std::move(id).error());
        }
        enter(session, *id, *hello);
        co_return *id;
    }

    Result<PeerId> identify(const Hello& hello, SSL* ssl, std::optional<ledger::ValidatorIndex> dialled) {
        if (hello.chain_id != options_.chain_id) {
            return fail(Errc::foreign_chain, "hello", "the peer belongs to another chain");
        }
        if (hello.version != kProtocolVersion) {
            return fail(Errc::malformed, "hello", "the peer speaks another protocol version");
        }
        if (!hello.validator) {
            if (dialled) {
                return fail(Errc::unknown_key, "hello", "an observer answered at a validator's address");
            }
            return next_observer_++;
        }
        const ledger::ValidatorIndex index = *hello.validator;
        if (index >= options_.validators.size() || index == options_.own) {
            return fail(Errc::unknown_key, "hello", "no such validator");
        }
        if (dialled && index != *dialled) {
            return fail(Errc::unknown_key, "hello", "another validator answered at this address");
        }
        if (!dialled && options_.own && index > *options_.own) {
            return fail(Errc::malformed, "hello", "the lower index dials");
        }
        PROBATUM_LET(key_digest, peer_key_digest(ssl));
        const BindingExpectation expected{options_.chain_id, options_.validators.at(index).key, key_digest,
                                          wall_clock()};
        PROBATUM_TRY(check_tls_binding(hello.binding, expected));
        return index;
    }

    void enter(const SessionPtr& session, PeerId id, const Hello& hello) {
        SessionPtr before;
        {
            const std::lock_guard lock{mutex_};
            auto& slot = connected_[id];
            before = std::exchange(slot, session);
            if (id < states_.size()) {
                states_[id].connected = true;
                states_[id].problem.clear();
            }
        }
        if (before) {
            before->problem = "replaced by a newer connection";
            before->close();
        }
        touch(session);
        handler_.on_connected(id, hello);
    }

    void leave(const SessionPtr& session, PeerId id) {
        {
            const std::lock_guard lock{mutex_};
            const auto found = connected_.find(id);
            if (found == connected_.end() || found->second != session) {
                return;
            }
            connected_.erase(found);
            if (id < states_.size()) {
                states_[id].connected = false;
            }
        }
        handler_.on_disconnected(id);
    }

    void note_problem(PeerId id, std::string why) {
        const std::lock_guard lock{mutex_};
        if (id < states_.size() && !states_[id].connected) {
            states_[id].problem = std::move(why);
        }
    }

    asio::awaitable<std::string> listen_to(SessionPtr session, PeerId id) {
        for (;;) {
            auto frame = co_await read_frame(session, kMaxMessageBytes);
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

    /// The next message's bytes; they stay in the inbox until the next call.
    asio::awaitable<Result<ByteView>> read_frame(SessionPtr session, std::size_t limit) {
        Session& s = *session;
        for (;;) {
            const std::size_t have = s.end - s.begin;
            std::size_t want = 4;
            if (have >= 4) {
                const std::uint8_t* head = s.inbox.data() + s.begin;
                const std::size_t size =
                    std::size_t{head[0]} << 24U | std::size_t{head[1]} << 16U | std::size_t{head[2]} << 8U | head[3];
                if (size > limit) {
                    co_return fail(Errc::too_large, "message", "a message above the limit");
                }
                want += size;
                if (have >= want) {
                    const ByteView out{head + 4, size};
                    s.begin += want;
                    co_return out;
                }
            }
            make_room(s, want);
            const auto [error, got] =
                co_await s.stream.async_read_some(asio::buffer(s.inbox.data() + s.end, s.inbox.size() - s.end), kTuple);
            if (error) {
                co_return fail(Errc::connection_failed, "peer", tls_problem(error));
            }
            s.end += got;
        }
    }

    static void make_room(Session& s, std::size_t want) {
        if (s.begin > 0) {
            std::memmove(s.inbox.data(), s.inbox.data() + s.begin, s.end - s.begin);
            s.end -= s.begin;
            s.begin = 0;
        }
        // Grows with what arrived, so that an announced length alone takes no memory.
        const std::size_t size = std::max(kReadBytes, std::min(want, 2 * s.end + kReadBytes));
        if (s.inbox.size() < size) {
            s.inbox.resize(size);
        }
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

    std::size_t strangers() const {
        const std::lock_guard lock{mutex_};
        std::size_t validators = 0;
        for (const auto& [id, session] : connected_) {
            validators += id < kFirstObserver ? 1 : 0;
        }
        return all_.size() - std::min(all_.size(), validators);
    }

    TransportOptions options_;
    TransportHandler& handler_;
    mutable std::mutex mutex_;
    std::vector<PeerState> states_;
    std::mt19937 random_;
    PeerId next_observer_{kFirstObserver};
    asio::io_context io_{1};
    asio::ssl::context tls_{asio::ssl::context::tls};
    tcp::acceptor acceptor_{io_};
    std::set<SessionPtr> all_;
    std::map<PeerId, SessionPtr> connected_;
    std::thread thread_;
};

Transport::Transport(TransportOptions options, TransportHandler& handler)
    : impl_{std::make_unique<Impl>(std::move(options), handler)} {}
Transport::~Transport() = default;
Result<std::uint16_t> Transport::start() { return impl_->start(); }
void Transport::stop() { impl_->stop(); }
bool Transport::send(PeerId to, const Frame& frame, Priority priority) { return impl_->send(to, frame, priority); }
void Transport::broadcast(const Frame& frame, Priority priority) { impl_->broadcast(frame, priority, false); }
void Transport::inform_observers(const Frame& frame) { impl_->broadcast(frame, Priority::urgent, true); }
void Transport::disconnect(PeerId peer, std::string why) { impl_->disconnect(peer, std::move(why)); }
std::vector<Transport::PeerState> Transport::peers() const { return impl_->states(); }

}  // namespace probatum::node
