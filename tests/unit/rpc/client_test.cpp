#include "rpc/client.h"

#include <gtest/gtest.h>

#include "fake_service.h"
#include "rpc/server.h"

namespace probatum::rpc {
namespace {

class ClientTest : public ::testing::Test {
protected:
    test::FakeService service;
    ServerOptions options{.port = 0, .idle_timeout_ms = 200};
    std::unique_ptr<Server> server{std::make_unique<Server>(service, options)};
    std::uint16_t port{*server->start()};
    Client client{*Client::make("http://127.0.0.1:" + std::to_string(port))};
};

TEST_F(ClientTest, CallsAndGetsResultsAndRefusals) {
    service.answered.height = Height{3};
    const auto status = client.call("chain.status");
    ASSERT_TRUE(status) << status.error().to_string();
    EXPECT_EQ((*status)["height"], 3);
    const auto missing = client.call("tx.get", {{"id", std::string(64, '0')}});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::not_found);
    const auto wrong = client.call("tx.get", {{"id", "x"}});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().field, "id");
}

TEST_F(ClientTest, ABatchComesBackInItsOrder) {
    const auto answers = client.batch({{.method = "chain.status"}, {.method = "no.such"}, {.method = "chain.genesis"}});
    ASSERT_TRUE(answers);
    ASSERT_EQ(answers->size(), 3U);
    EXPECT_TRUE((*answers)[0]);
    EXPECT_FALSE((*answers)[1]);
    EXPECT_TRUE((*answers)[2]->contains("cbor"));
}

TEST_F(ClientTest, PipelinesBodies) {
    const std::string body = request_text("chain.status", Json::object(), 5);
    const auto answers = client.post_all({body, body, body});
    ASSERT_TRUE(answers) << answers.error().to_string();
    EXPECT_EQ(answers->size(), 3U);
    EXPECT_EQ(Json::parse(answers->back())["id"], 5);
}

TEST_F(ClientTest, ConnectsAgainAfterTheServerClosed) {
    ASSERT_TRUE(client.call("chain.status"));
    server.reset();
    ServerOptions same = options;
    same.port = port;
    server = std::make_unique<Server>(service, same);
    ASSERT_TRUE(server->start());
    EXPECT_TRUE(client.call("chain.status"));
}

TEST_F(ClientTest, NobodyThereIsAConnectionThatFailed) {
    server.reset();
    const auto answer = client.call("chain.status");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::connection_failed);
}

TEST(ClientAddress, OnlyPlainHttpWithAPort) {
    EXPECT_TRUE(Client::make("http://127.0.0.1"));
    EXPECT_TRUE(Client::make("http://[::1]:8100/"));
    for (const char* const url : {"", "127.0.0.1:8100", "https://x", "http://", "http://x:0", "http://x:99999",
                                  "http://x:8100/path", "http://u@x", "http://[::1"}) {
        const auto made = Client::make(url);
        ASSERT_FALSE(made) << url;
        EXPECT_EQ(made.error().code, Errc::usage) << url;
    }
}

}  // namespace
}  // namespace probatum::rpc
