#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rpc/json.h"
#include "rpc/params.h"

namespace probatum::rpc {

/// Why a call has no result. `invalid_params` makes it -32602; otherwise the code is the registry's number.
struct Refusal {
    Error error;
    bool invalid_params{false};
};
using Outcome = tl::expected<Json, Refusal>;

/// Called exactly once, from any thread.
using Reply = std::function<void(Outcome)>;

[[nodiscard]] inline tl::unexpected<Refusal> refuse(Error error) {
    return tl::unexpected<Refusal>{{std::move(error), false}};
}
[[nodiscard]] inline tl::unexpected<Refusal> refuse_params(Error error) {
    return tl::unexpected<Refusal>{{std::move(error), true}};
}

struct Parameter {
    std::string name;
    std::string description;
    bool required{true};
    Json schema;  ///< JSON Schema draft 7, as OpenRPC asks.
};

/// One line of the table from which calls are dispatched, rpc.discover answers and docs/openrpc.json is written.
struct Method {
    std::string name;  ///< "tx.submit"
    std::string summary_en;
    std::string summary_zh;
    std::vector<Parameter> parameters;  ///< In the order of a call by position.
    std::string result_name;
    Json result_schema;
    std::vector<Errc> errors;  ///< Beside those that every method can answer.
    std::function<void(Params, Reply)> handler;
};

}  // namespace probatum::rpc
