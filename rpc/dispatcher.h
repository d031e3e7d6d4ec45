#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/method.h"

namespace probatum::rpc {

struct DispatcherLimits {
    std::size_t batch = 1000;  ///< Calls of one batch.
    std::size_t depth = 32;    ///< Nested arrays and objects of a request.
    std::size_t response_bytes =
        64U << 20U;  ///< Of one batch: once it is passed, the calls left are answered too_large.
};

/// JSON-RPC 2.0 (https://www.jsonrpc.org/specification): one body in, one body or nothing out. Knows no transport.
///
/// Codes: -32700 parse error, -32600 invalid request, -32601 method not found, -32602 invalid params, -32603 internal
/// error; every other refusal has the number of the error registry (100..999) as its code. `data` of every error but
/// -32601 and a plain -32600 holds {number, name, field, message_en, message_zh, remedy_en, remedy_zh, detail,
/// retry_after_ms?}. Threads: handle() from any number at once.
class Dispatcher {
public:
    Dispatcher(std::vector<Method> methods, DispatcherLimits limits);

    /// Calls `done` once, from this thread or another: with the answer, or with nothing where the body held
    /// notifications alone.
    void handle(std::string_view body, std::function<void(std::optional<std::string>)> done) const;

    [[nodiscard]] const std::vector<Method>& methods() const { return methods_; }

private:
    struct Batch;
    void call(const Json& request, std::function<void(std::optional<std::string>)> done) const;

    std::vector<Method> methods_;
    std::map<std::string, const Method*, std::less<>> by_name_;
    DispatcherLimits limits_;
};

/// The `data` of an application error; also what receipts show of a refusal.
[[nodiscard]] Json error_data(const Error& error);

}  // namespace probatum::rpc
