#include "rpc/dispatcher.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace probatum::rpc {
namespace {

Method method(std::string name, std::function<void(Params, Reply)> handler) {
    Method out;
    out.name = std::move(name);
    out.parameters = {{"first", {}, false, {}}, {"second", {}, false, {}}};
    out.handler = std::move(handler);
    return out;
}

class DispatcherTest : public ::testing::Test {
protected:
    std::vector<Reply> later;
    Dispatcher dispatcher{
        {method("echo", [](Params params, const Reply& reply) { reply(params.raw("first")); }),
         method("refuse", [](Params, const Reply& reply) { reply(refuse({Errc::pool_full, "pool", "4096 waiting"})); }),
         method("wrong",
                [](Params, const Reply& reply) {
                    reply(refuse_params({Errc::malformed, "terms.rows[2].principal", "no"}));
                }),
         method("throw", [](Params, const Reply&) { throw std::runtime_error{"boom"}; }),
         method("drop", [](Params, const Reply&) {}),
         method("twice",
                [](Params, const Reply& reply) {
                    reply(Json(1));
                    reply(Json(2));
                }),
         method("large", [](Params, const Reply& reply) { reply(Json(std::string(2000, 'x'))); }),
         method("later", [this](Params, Reply reply) { later.push_back(std::move(reply)); })},
        {.batch = 4, .depth = 9, .response_bytes = 3000}};
    int answers = 0;
    std::optional<std::string> last;

    void send(std::string_view body) {
        dispatcher.handle(body, [this](std::optional<std::string> text) {
            ++answers;
            last = std::move(text);
        });
    }
    Json ask(std::string_view body) {
        answers = 0;
        send(body);
        EXPECT_EQ(answers, 1);
        return last ? Json::parse(*last) : Json{};
    }
    int code_of(std::string_view body) { return ask(body)["error"]["code"]; }
};

TEST_F(DispatcherTest, IdsComeBackAsTheyWereWritten) {
    for (const std::string id : {"0", "-7", "18446744073709551615", "123456789012345678901234567890", "1.50", "1e3",
                                 R"("a\"b")", R"("")", "null"}) {
        ask(R"({"jsonrpc":"2.0","method":"echo","id":)" + id + "}");
        EXPECT_NE(last->find(R"("id":)" + id + ","), std::string::npos) << *last;
    }
}

TEST_F(DispatcherTest, AnIdOfAnotherKindIsAnInvalidRequest) {
    for (const std::string id : {"true", "[]", "{}"}) {
        const Json answer = ask(R"({"jsonrpc":"2.0","method":"echo","id":)" + id + "}");
        EXPECT_EQ(answer["error"]["code"], -32600);
        EXPECT_TRUE(answer["id"].is_null());
    }
}

TEST_F(DispatcherTest, TheIdOfAnInvalidRequestComesBackIfItIsOne) {
    const Json answer = ask(R"({"jsonrpc":"1.0","method":"echo","id":4})");
    EXPECT_EQ(answer["error"]["code"], -32600);
    EXPECT_EQ(answer["id"], 4);
}

TEST_F(DispatcherTest, VersionMethodAndParamsMustHaveTheirShape) {
    EXPECT_EQ(code_of(R"({"method":"echo","id":1})"), -32600);
    EXPECT_EQ(code_of(R"({"jsonrpc":2.0,"method":"echo","id":1})"), -32600);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","id":1})"), -32600);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","method":"echo","params":null,"id":1})"), -32600);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","method":"echo","params":"a","id":1})"), -32600);
    EXPECT_EQ(code_of(R"("echo")"), -32600);
    EXPECT_EQ(code_of(""), -32700);
}

TEST_F(DispatcherTest, PositionsFollowTheTableAndMoreThanItAreRefused) {
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"echo","params":["x","y"],"id":1})")["result"], "x");
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","method":"echo","params":[1,2,3],"id":1})"), -32602);
}

TEST_F(DispatcherTest, ARefusalCarriesTheRegistrysLineInBothLanguages) {
    const Json error = ask(R"({"jsonrpc":"2.0","method":"refuse","id":1})")["error"];
    EXPECT_EQ(error["code"], 400);
    EXPECT_EQ(error["message"], "The transaction pool is full");
    EXPECT_EQ(error["data"]["number"], 400);
    EXPECT_EQ(error["data"]["name"], "pool_full");
    EXPECT_EQ(error["data"]["message_zh"], "交易池已满");
    EXPECT_EQ(error["data"]["field"], "pool");
    EXPECT_EQ(error["data"]["detail"], "4096 waiting");
    EXPECT_EQ(error["data"]["retry_after_ms"], 500);
}

TEST_F(DispatcherTest, InvalidParamsNameTheField) {
    const Json error = ask(R"({"jsonrpc":"2.0","method":"wrong","id":1})")["error"];
    EXPECT_EQ(error["code"], -32602);
    EXPECT_EQ(error["data"]["field"], "terms.rows[2].principal");
}

TEST_F(DispatcherTest, OurOwnFaultIsAnInternalErrorAndNeverSilence) {
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","method":"throw","id":1})"), -32603);
    EXPECT_EQ(code_of(R"({"jsonrpc":"2.0","method":"drop","id":1})"), -32603);
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"twice","id":1})")["result"], 1);
}

TEST_F(DispatcherTest, NotificationsAreSilentWhateverHappens) {
    for (const std::string name : {"echo", "refuse", "wrong", "throw", "drop", "unknown"}) {
        EXPECT_TRUE(ask(R"({"jsonrpc":"2.0","method":")" + name + "\"}").is_null());
    }
    EXPECT_TRUE(ask(R"({"jsonrpc":"2.0","method":"echo","params":[1,2,3]})").is_null());
}

TEST_F(DispatcherTest, ABatchIsAnsweredInItsOrderWhenTheLastAnswerComes) {
    send(R"([{"jsonrpc":"2.0","method":"later","id":1},{"jsonrpc":"2.0","method":"echo","params":[7],"id":2},)"
         R"({"jsonrpc":"2.0","method":"later","id":3}])");
    ASSERT_EQ(answers, 0);
    ASSERT_EQ(later.size(), 2U);
    later[1](Json("third"));
    ASSERT_EQ(answers, 0);
    std::thread{[this] { later[0](Json("first")); }}.join();
    ASSERT_EQ(answers, 1);
    const Json answer = Json::parse(*last);
    EXPECT_EQ(answer[0]["result"], "first");
    EXPECT_EQ(answer[1]["result"], 7);
    EXPECT_EQ(answer[2]["result"], "third");
}

TEST_F(DispatcherTest, ABatchAboveTheLimitIsRefusedWhole) {
    EXPECT_EQ(code_of(R"([1,2,3,4,5])"), -32600);
    EXPECT_EQ(ask("[1,2,3,4]").size(), 4U);
}

TEST_F(DispatcherTest, ABatchWhoseAnswerIsFullRefusesTheRest) {
    const std::string call = R"({"jsonrpc":"2.0","method":"large","id":1})";
    const Json answer = ask("[" + call + "," + call + "," + call + R"(,{"jsonrpc":"2.0","method":"large"}])");
    ASSERT_EQ(answer.size(), 3U);
    EXPECT_TRUE(answer[1].contains("result"));
    EXPECT_EQ(answer[2]["error"]["code"], 102);
}

TEST_F(DispatcherTest, DepthIsLimited) {
    EXPECT_TRUE(ask(R"({"jsonrpc":"2.0","method":"echo","params":[[[[[[[[1]]]]]]]],"id":1})").contains("result"));
    const Json answer = ask(R"({"jsonrpc":"2.0","method":"echo","params":[[[[[[[[[1]]]]]]]]],"id":1})");
    EXPECT_EQ(answer["error"]["code"], -32700);
    EXPECT_EQ(answer["error"]["data"]["name"], "too_deep");
    EXPECT_EQ(code_of(std::string(1'000'000, '[')), -32700);
}

TEST_F(DispatcherTest, ADoubledNameIsRefused) {
    const Json error = ask(R"({"jsonrpc":"2.0","method":"echo","method":"refuse","id":1})")["error"];
    EXPECT_EQ(error["code"], -32700);
    EXPECT_EQ(error["data"]["field"], "method");
}

}  // namespace
}  // namespace probatum::rpc
