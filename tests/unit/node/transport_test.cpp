#include "node/transport.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <mutex>

#include "cluster.h"

/// Two ends of a real connection. docs/spec/node.md, Peers.
namespace probatum::test {
namespace {

using namespace std::chrono_literals;

class Handler final : public node::PeerHandler {
public:
    Height final_height() override { return Height{0}; }
    void on_connected(node::PeerId peer, const node::Hello&) override {
        const std::lock_guard lock{mutex_};
        last_ = peer;
        ++connected_;
    }
    void on_disconnected(node::PeerId) override {}
    Result<void> on_message(node::PeerId, node::Message message) override {
        const std::lock_guard lock{mutex_};
        bytes_ += node::size_of(message);
        return {};
    }
    int times_connected() const {
        const std::lock_guard lock{mutex_};
        return connected_;
    }
    std::size_t bytes() const {
        const std::lock_guard lock{mutex_};
        return bytes_;
    }
    node::PeerId last() const {
        const std::lock_guard lock{mutex_};
        return last_;
    }

private:
    mutable std::mutex mutex_;
    int connected_{0};
    std::size_t bytes_{0};
    node::PeerId last_{0};
};

/// One validator's end, with a certificate and a binding of its own.
struct End {
    End(const std::string& organisation, std::vector<ledger::Validator> known) {
        const SecretKey key = key_of(organisation);
        const UnixMs now = node::wall_clock();
        const node::Validity validity{UnixMs{now.raw() - 1'000}, UnixMs{now.raw() + 86'400'000}};
        const auto tls = node::make_tls_identity(organisation, validity);
        EXPECT_TRUE(tls.has_value());
        options.listen = {"127.0.0.1", free_port()};
        options.certificate_pem = tls->certificate_pem;
        options.private_key_pem = tls->private_key_pem;
        options.binding = node::make_tls_binding(key, {kChain, organisation}, {tls->key_digest, validity});
        options.own = key.public_key().id();
        options.chain_id = kChain;
        options.known = std::move(known);
    }
    void start() {
        transport.emplace(options, handler);
        ASSERT_TRUE(transport->start().has_value());
    }

    static inline const Digest kChain = sha256(as_bytes("chain"));
    node::TransportOptions options;
    Handler handler;
    std::optional<node::Transport> transport;
};

ledger::Validator validator(const std::string& organisation) {
    return {organisation, key_of(organisation).public_key()};
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
}

int raw_connection(std::uint16_t port) {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    EXPECT_EQ(::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return file;
}

/// Passes on what one dialler and one listener say; what the listener says takes its time.
class SlowLine {
public:
    explicit SlowLine(std::uint16_t to) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(port_);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_, 1), 0);
        threads_.emplace_back([this, to] {
            near_ = ::accept(listener_, nullptr, nullptr);
            far_ = raw_connection(to);
            threads_.emplace_back([this] { pass_on(near_, far_, 0ms); });
            pass_on(far_, near_, 50ms);
        });
    }
    ~SlowLine() {
        stopped_ = true;
        for (const int file : {listener_, near_.load(), far_.load()}) {
            ::shutdown(file, SHUT_RDWR);
        }
        threads_.front().join();
        for (std::size_t i = 1; i < threads_.size(); ++i) {
            threads_[i].join();
        }
        for (const int file : {listener_, near_.load(), far_.load()}) {
            ::close(file);
        }
    }
    SlowLine(const SlowLine&) = delete;
    SlowLine& operator=(const SlowLine&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    void pass_on(int from, int to, std::chrono::milliseconds pause) const {
        std::array<char, 64U << 10U> bytes{};
        while (!stopped_) {
            const ssize_t got = ::recv(from, bytes.data(), bytes.size(), 0);
            if (got <= 0 || ::send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) < 0) {
                return;
            }
            std::this_thread::sleep_for(pause);
        }
    }

    std::uint16_t port_{free_port()};
    int listener_{-1};
    std::atomic<int> near_{-1};
    std::atomic<int> far_{-1};
    std::atomic<bool> stopped_{false};
    std::deque<std::thread> threads_;
};

TEST(Transport, WhoIsDisconnectedForDishonestyIsKeptAwayForAWhileAndComesBack) {
    End a{"a", {validator("a"), validator("b")}};
    End b{"b", {validator("a"), validator("b")}};
    a.options.peers = {{1, "b", b.options.listen}};
    b.start();
    a.start();
    ASSERT_TRUE(Cluster::eventually([&] { return a.transport->peers()[1].connected; }));
    const auto begun = std::chrono::steady_clock::now();
    // A burst of complaints is one offence.
    for (int i = 0; i < 10; ++i) {
        a.transport->disconnect(1, "lied");
    }
    ASSERT_TRUE(Cluster::eventually([&] { return !a.transport->peers()[1].connected; }));
    EXPECT_NE(a.transport->peers()[1].problem.find("lied; kept away for"), std::string::npos)
        << a.transport->peers()[1].problem;
    ASSERT_TRUE(Cluster::eventually([&] { return a.transport->peers()[1].connected; }));
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 2s);
    EXPECT_EQ(a.handler.times_connected(), 2);
    // The other side may have taken a greeting for good that was refused here.
    EXPECT_TRUE(Cluster::eventually([&] { return b.handler.times_connected() >= 2; }));
}

TEST(Transport, ASourceWhoseKeyIsNotKnownHereAnswersWithMoreThanAnObserverMayAsk) {
    End a{"a", {validator("a"), validator("b")}};
    End b{"b", {validator("b")}};
    b.options.peers = {{1, "a", a.options.listen}};
    a.start();
    b.start();
    ASSERT_TRUE(Cluster::eventually([&] { return b.handler.times_connected() == 1; }));
    EXPECT_GE(b.handler.last(), node::kFirstSource);
    ASSERT_TRUE(Cluster::eventually([&] { return a.transport->peers()[1].connected; }));
    const node::Frame answer = node::make_frame(node::BlockMessage{Bytes(100'000)});
    EXPECT_TRUE(a.transport->send(1, answer, node::Priority::urgent));
    EXPECT_TRUE(Cluster::eventually([&] { return b.handler.bytes() >= 100'000; }));
    EXPECT_EQ(b.handler.times_connected(), 1);
}

/// Whoever only holds places gives way; in the meantime a validator says hello.
TEST(Transport, SilentConnectionsKeepNobodyOut) {
    End a{"a", {validator("a"), validator("b")}};
    End b{"b", {validator("a"), validator("b")}};
    a.options.peers = {{1, "b", b.options.listen}};
    b.options.handshake_timeout_ms = 120'000;
    b.start();
    std::vector<int> silent;
    for (std::size_t i = 0; i < b.options.max_strangers; ++i) {
        silent.push_back(raw_connection(b.options.listen.port));
    }
    a.start();
    EXPECT_TRUE(Cluster::eventually([&] { return a.transport->peers()[1].connected; }));
    for (const int file : silent) {
        ::close(file);
    }
}

TEST(Transport, ALargeMessageOnASlowLineIsNoSilence) {
    constexpr std::size_t kBytes = 6U << 20U;
    End a{"a", {validator("a"), validator("b")}};
    End b{"b", {validator("a"), validator("b")}};
    b.options.silence_timeout_ms = 60'000;
    b.start();
    SlowLine line{b.options.listen.port};
    a.options.peers = {{1, "b", {"127.0.0.1", line.port()}}};
    a.options.silence_timeout_ms = 2'000;
    a.start();
    ASSERT_TRUE(Cluster::eventually([&] { return b.transport->peers()[0].connected; }));
    EXPECT_TRUE(b.transport->send(0, node::make_frame(node::BlockMessage{Bytes(kBytes)}), node::Priority::urgent));
    EXPECT_TRUE(Cluster::eventually([&] { return a.handler.bytes() >= kBytes; }));
}

}  // namespace
}  // namespace probatum::test
