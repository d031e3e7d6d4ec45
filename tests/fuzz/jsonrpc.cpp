// Any body gets one answer, or none if it is notifications alone; an answer is JSON-RPC 2.0 and holds as many answers
// as were asked for at most.

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "rpc/actions.h"
#include "rpc/dispatcher.h"

namespace {

using namespace probatum;
using namespace probatum::rpc;

/// The methods read their parameters as the node's do, and answer without a node.
std::vector<Method> table() {
    Method prepare;
    prepare.name = "tx.prepare";
    for (const char* const name : {"action", "body", "contract"}) {
        prepare.parameters.push_back({name, {}, false, {}});
    }
    prepare.handler = [](Params params, const Reply& reply) {
        const std::string action = params.text("action");
        const auto contract = params.optional_digest("contract");
        Json body = params.raw("body");
        if (auto whole = params.finish(); !whole) {
            return reply(refuse_params(std::move(whole).error()));
        }
        auto read = read_action(action, contract, Params{std::move(body), "body"});
        if (!read) {
            return reply(refuse_params(std::move(read).error()));
        }
        reply(view_of(read->body, {}));
    };
    Method echo;
    echo.name = "echo";
    echo.parameters = {{"value", {}, false, {}}};
    echo.handler = [](Params params, const Reply& reply) { reply(params.raw("value")); };
    return {prepare, echo};
}

void check_one(const Json& answer) {
    PROBATUM_CHECK(answer.is_object() && answer.value("jsonrpc", "") == "2.0" && answer.contains("id"),
                   "an answer is JSON-RPC 2.0");
    PROBATUM_CHECK(answer.contains("result") != answer.contains("error"), "a result or an error");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Dispatcher dispatcher{table(), {.batch = 16, .depth = 12, .response_bytes = 1U << 20U}};
    int answers = 0;
    dispatcher.handle(as_text({data, size}), [&](const std::optional<std::string>& text) {
        ++answers;
        if (!text) {
            return;
        }
        const Json answer = Json::parse(*text);
        if (!answer.is_array()) {
            return check_one(answer);
        }
        PROBATUM_CHECK(!answer.empty() && answer.size() <= 16, "as many answers as calls");
        for (const Json& one : answer) {
            check_one(one);
        }
    });
    PROBATUM_CHECK(answers == 1, "one body, one answer");
    return 0;
}
