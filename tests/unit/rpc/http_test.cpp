// The HTTP edge over real sockets.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "fake_service.h"
#include "rpc/json.h"
#include "rpc/server.h"

namespace probatum::rpc {
namespace {

using namespace std::chrono_literals;

/// One TCP connection, used byte by byte.
class Wire {
public:
    explicit Wire(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Wire() { close(socket_); }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    bool send(std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    /// The next answer whole: head and body by its Content-Length. Empty when the server closed.
    std::string answer() {
        while (buffer_.find("\r\n\r\n") == std::string::npos) {
            if (!more()) {
                return {};
            }
        }
        const std::size_t head = buffer_.find("\r\n\r\n") + 4;
        std::size_t length = 0;
        if (const auto field = buffer_.find("Content-Length: "); field != std::string::npos && field < head) {
            length = std::stoul(buffer_.substr(field + 16));
        }
        while (buffer_.size() < head + length) {
            if (!more()) {
                return {};
            }
        }
        const std::string out = buffer_.substr(0, head + length);
        buffer_.erase(0, head + length);
        return out;
    }
    /// True once the server has closed, however long that takes (at most a minute).
    bool closed() {
        while (more()) {
            buffer_.clear();
        }
        return ended_;
    }

private:
    bool more() {
        pollfd waiting{socket_, POLLIN, 0};
        if (poll(&waiting, 1, 60'000) != 1) {
            return false;
        }
        char piece[4096];
        const ssize_t count = recv(socket_, piece, sizeof piece, 0);
        if (count <= 0) {
            ended_ = true;
            return false;
        }
        buffer_.append(piece, static_cast<std::size_t>(count));
        return true;
    }
    int socket_;
    bool connected_{false};
    bool ended_{false};
    std::string buffer_;
};

constexpr std::string_view kCall = R"({"jsonrpc":"2.0","id":1,"method":"chain.status"})";

std::string post(std::string_view body, std::string_view extra = "Content-Type: application/json\r\n") {
    return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string{extra} + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string{body};
}

int status_of(const std::string& answer) { return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3)); }
Json body_of(const std::string& answer) { return Json::parse(answer.substr(answer.find("\r\n\r\n") + 4)); }

class HttpTest : public ::testing::Test {
protected:
    test::FakeService service;
    ServerOptions options{.port = 0,
                          .threads = 2,
                          .max_connections = 8,
                          .max_body_bytes = 100'000,
                          .max_header_bytes = 2048,
                          .read_timeout_ms = 400,
                          .idle_timeout_ms = 700,
                          .write_timeout_ms = 2000};
    std::unique_ptr<Server> server;
    std::uint16_t port{0};

    void SetUp() override { start(); }
    void start() {
        server = std::make_unique<Server>(service, options);
        const auto started = server->start();
        ASSERT_TRUE(started) << started.error().to_string();
        port = *started;
    }
    std::string once(std::string_view request) {
        Wire wire{port};
        wire.send(request);
        return wire.answer();
    }
};

TEST_F(HttpTest, AnswersACallAndKeepsTheConnection) {
    Wire wire{port};
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(wire.send(post(kCall)));
        const std::string answer = wire.answer();
        ASSERT_EQ(status_of(answer), 200) << answer;
        EXPECT_TRUE(body_of(answer).contains("result"));
        EXPECT_NE(answer.find("Content-Type: application/json"), std::string::npos);
    }
}

TEST_F(HttpTest, PipelinedRequestsAreAnsweredInOrder) {
    Wire wire{port};
    std::string all;
    for (int i = 0; i < 20; ++i) {
        all += post(R"({"jsonrpc":"2.0","id":)" + std::to_string(i) + R"(,"method":"chain.status"})");
    }
    ASSERT_TRUE(wire.send(all));
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(body_of(wire.answer())["id"], i);
    }
}

TEST_F(HttpTest, NotificationsAloneHaveNoContent) {
    const std::string answer = once(post(R"([{"jsonrpc":"2.0","method":"chain.status"}])"));
    EXPECT_EQ(status_of(answer), 204);
    EXPECT_EQ(answer.find("Content-Length: "), std::string::npos);
}

TEST_F(HttpTest, OtherMethodsTargetsAndTypesAreRefusedProperly) {
    const std::string get = once("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(get), 405);
    EXPECT_NE(get.find("Allow: POST"), std::string::npos);
    EXPECT_EQ(status_of(once("PUT /health HTTP/1.1\r\nHost: x\r\n\r\n")), 405);
    EXPECT_EQ(status_of(once("GET /else HTTP/1.1\r\nHost: x\r\n\r\n")), 404);
    EXPECT_EQ(status_of(once(post(kCall, ""))), 415);
    EXPECT_EQ(status_of(once(post(kCall, "Content-Type: text/plain\r\n"))), 415);
    EXPECT_EQ(status_of(once(post(kCall, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"))), 415);
    EXPECT_EQ(status_of(once(post(kCall, "content-type: Application/JSON; charset=utf-8\r\n"))), 200);
    EXPECT_EQ(status_of(once("rubbish\r\n\r\n")), 400);
}

TEST_F(HttpTest, ABodyAboveTheLimitIsRefusedBeforeItIsRead) {
    const std::string announced =
        once("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100001\r\n\r\n");
    EXPECT_EQ(status_of(announced), 413) << announced;
    Wire wire{port};
    wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string piece(50'000, ' ');
    for (int i = 0; i < 3; ++i) {
        wire.send("c350\r\n" + piece + "\r\n");
    }
    EXPECT_EQ(status_of(wire.answer()), 413);
    EXPECT_EQ(status_of(once(post(kCall))), 200);
}

TEST_F(HttpTest, AHeaderAboveTheLimitIsRefused) {
    EXPECT_EQ(status_of(once("POST / HTTP/1.1\r\nHost: x\r\nX: " + std::string(5000, 'a') + "\r\n\r\n")), 431);
}

TEST_F(HttpTest, TenThousandDeepJsonIsAParseError) {
    const std::string answer = once(post(std::string(10'000, '[') + std::string(10'000, ']')));
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(body_of(answer)["error"]["code"], -32700);
}

TEST_F(HttpTest, ASlowSenderIsCutOffHoweverBusyItLooks) {
    Wire wire{port};
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(wire.send("POST / HTTP/1.1\r\n"));
    // A byte every 50 ms would renew a timer that counts from the last byte.
    while (wire.send("X") && std::chrono::steady_clock::now() - begin < 20s) {
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s);
    EXPECT_TRUE(wire.closed());
}

TEST_F(HttpTest, AnIdleConnectionIsClosed) {
    Wire wire{port};
    ASSERT_TRUE(wire.connected());
    EXPECT_TRUE(wire.closed());
}

TEST_F(HttpTest, OneConnectionTooManyIsToldSo) {
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 8; ++i) {
        wires.push_back(std::make_unique<Wire>(port));
        wires.back()->send(post(kCall));
        ASSERT_EQ(status_of(wires.back()->answer()), 200);
    }
    Wire one_more{port};
    EXPECT_EQ(status_of(one_more.answer()), 503);
    EXPECT_TRUE(one_more.closed());
}

TEST_F(HttpTest, HealthFollowsTheNode) {
    service.answered.ready = true;
    EXPECT_EQ(status_of(once("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")), 200);
    service.answered.alarm = "roots differ";
    const std::string answer = once("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_EQ(body_of(answer)["alarm"], "roots differ");
}

TEST_F(HttpTest, StoppingAnswersWhoWaitsAndClosesWhoIsIdle) {
    service.hold_back = true;
    const auto transaction = service.chain.sign(
        "bank-a/maker-1", {.contract = {},
                           .body = contracts::DepositBody{.digests = contracts::digests_of(as_bytes("x")),
                                                          .size_bytes = 1,
                                                          .media_type = "text/plain"},
                           .side = {}});
    Wire waiting{port};
    Wire idle{port};
    idle.send(post(kCall));
    ASSERT_EQ(status_of(idle.answer()), 200);
    std::string hex;
    for (const std::uint8_t byte : transaction->wire()) {
        constexpr char kDigits[] = "0123456789abcdef";
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 15U];
    }
    waiting.send(post(R"({"jsonrpc":"2.0","id":7,"method":"tx.submit","params":{"wait_ms":60000,"transaction":")" +
                      hex + R"("}})"));
    while (service.waiting() == 0) {
        std::this_thread::yield();
    }
    server->stop();
    const std::string answer = waiting.answer();
    ASSERT_EQ(status_of(answer), 200);
    EXPECT_EQ(body_of(answer)["error"]["code"], 401);
    EXPECT_TRUE(idle.closed());
    EXPECT_FALSE(Wire{port}.connected());
    service.give_up();  // comes too late and finds nobody
}

TEST_F(HttpTest, AnAddressInUseIsNamed) {
    ServerOptions same = options;
    same.port = port;
    Server second{service, same};
    const auto started = second.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Errc::preflight_failed);
    EXPECT_NE(started.error().detail.find(std::to_string(port)), std::string::npos);
}

}  // namespace
}  // namespace probatum::rpc
