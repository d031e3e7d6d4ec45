// The examples of https://www.jsonrpc.org/specification, section 7, word for word.

#include <gtest/gtest.h>

#include "rpc/dispatcher.h"

namespace probatum::rpc {
namespace {

/// The methods that the examples call.
std::vector<Method> example_methods() {
    std::vector<Method> table;
    const auto add = [&](std::string name, std::vector<std::string> names, std::function<Json(Params&)> run) {
        Method method;
        method.name = std::move(name);
        for (std::string& each : names) {
            method.parameters.push_back({std::move(each), {}, true, {}});
        }
        method.handler = [run = std::move(run)](Params params, const Reply& reply) { reply(run(params)); };
        table.push_back(std::move(method));
    };
    const auto nothing = [](Params&) { return Json{}; };
    add("subtract", {"minuend", "subtrahend"},
        [](Params& p) { return Json(p.integer("minuend", -99, 99) - p.integer("subtrahend", -99, 99)); });
    add("sum", {"a", "b", "c"},
        [](Params& p) { return Json(p.integer("a", 0, 99) + p.integer("b", 0, 99) + p.integer("c", 0, 99)); });
    add("get_data", {}, [](Params&) { return Json::array({"hello", 5}); });
    add("notify_hello", {"greeting"}, nothing);
    add("notify_sum", {"a", "b", "c"}, nothing);
    add("update", {"a", "b", "c", "d", "e"}, nothing);
    return table;
}

std::optional<Json> ask(std::string_view body) {
    static const Dispatcher dispatcher{example_methods(), {}};
    std::optional<std::string> answer;
    int answers = 0;
    dispatcher.handle(body, [&](std::optional<std::string> text) {
        answer = std::move(text);
        ++answers;
    });
    EXPECT_EQ(answers, 1);
    if (!answer) {
        return std::nullopt;
    }
    Json parsed = Json::parse(*answer);
    // Our errors say more in `data`; the examples show code and message.
    const auto strip = [](Json& one) {
        if (one.contains("error")) {
            one["error"].erase("data");
        }
    };
    if (parsed.is_array()) {
        std::ranges::for_each(parsed, strip);
    } else {
        strip(parsed);
    }
    return parsed;
}

#define EXPECT_ANSWER(question, expected) EXPECT_EQ(ask(question), std::optional<Json>(Json::parse(expected)))
#define EXPECT_NOTHING(question) EXPECT_EQ(ask(question), std::nullopt)

TEST(JsonRpcSpecification, CallWithPositionalParameters) {
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1})",
                  R"({"jsonrpc": "2.0", "result": 19, "id": 1})");
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2})",
                  R"({"jsonrpc": "2.0", "result": -19, "id": 2})");
}

TEST(JsonRpcSpecification, CallWithNamedParameters) {
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3})",
                  R"({"jsonrpc": "2.0", "result": 19, "id": 3})");
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4})",
                  R"({"jsonrpc": "2.0", "result": 19, "id": 4})");
}

TEST(JsonRpcSpecification, Notification) {
    EXPECT_NOTHING(R"({"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]})");
    EXPECT_NOTHING(R"({"jsonrpc": "2.0", "method": "foobar"})");
}

TEST(JsonRpcSpecification, CallOfNonExistentMethod) {
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})",
                  R"({"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"})");
}

TEST(JsonRpcSpecification, CallWithInvalidJson) {
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])",
                  R"({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null})");
}

TEST(JsonRpcSpecification, CallWithInvalidRequestObject) {
    EXPECT_ANSWER(R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})",
                  R"({"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null})");
}

TEST(JsonRpcSpecification, BatchWithInvalidJson) {
    EXPECT_ANSWER(R"([
  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
  {"jsonrpc": "2.0", "method"
])",
                  R"({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null})");
}

TEST(JsonRpcSpecification, EmptyArray) {
    EXPECT_ANSWER("[]", R"({"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null})");
}

TEST(JsonRpcSpecification, InvalidBatchThatIsNotEmpty) {
    EXPECT_ANSWER("[1]",
                  R"([{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}])");
}

TEST(JsonRpcSpecification, InvalidBatch) {
    EXPECT_ANSWER("[1,2,3]", R"([
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
])");
}

TEST(JsonRpcSpecification, Batch) {
    EXPECT_ANSWER(R"([
        {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
    ])",
                  R"([
        {"jsonrpc": "2.0", "result": 7, "id": "1"},
        {"jsonrpc": "2.0", "result": 19, "id": "2"},
        {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
        {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
        {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
    ])");
}

TEST(JsonRpcSpecification, BatchOfNotificationsAlone) {
    EXPECT_NOTHING(R"([
        {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
    ])");
}

}  // namespace
}  // namespace probatum::rpc
