#pragma once

#include <memory>
#include <vector>

#include "node/service.h"
#include "rpc/method.h"
#include "rpc/waiting.h"

namespace probatum::rpc {

struct MethodOptions {
    std::uint32_t max_wait_ms = 60'000;  ///< The longest wait of tx.submit.
};

/// What the handlers stand on. The service outlives every call.
struct Context {
    node::Service& service;
    std::shared_ptr<Waiting> waiting;
    MethodOptions options;
};

/// The one table of methods, rpc.discover included. Handlers may be called from any number of threads.
[[nodiscard]] std::vector<Method> all_methods(const Context& context);

/// Parts of the table, one per subject.
[[nodiscard]] std::vector<Method> transaction_methods(const Context& context);
[[nodiscard]] std::vector<Method> prepare_methods(const Context& context);
[[nodiscard]] std::vector<Method> contract_methods(const Context& context);
[[nodiscard]] std::vector<Method> evidence_methods(const Context& context);
[[nodiscard]] std::vector<Method> chain_methods(const Context& context);
[[nodiscard]] std::vector<Method> governance_methods(const Context& context);
[[nodiscard]] std::vector<Method> finance_methods(const Context& context);
[[nodiscard]] std::vector<Method> identity_methods(const Context& context);
[[nodiscard]] std::vector<Method> published_methods(const Context& context);

/// The values of a state as of one view.
class SourceState final : public ledger::StateView {
public:
    explicit SourceState(const evidence::Source& source) : source_{source} {}
    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override { return source_.state(key); }

private:
    const evidence::Source& source_;
};

/// A handler that answers at once: reads its parameters, then gives a result or an error.
/// `read` returns what `answer` needs; after it every parameter must have been asked for.
template <class Read, class Answer>
[[nodiscard]] auto answering(Read read, Answer answer) {
    return [read = std::move(read), answer = std::move(answer)](Params params, const Reply& reply) {
        const auto wanted = read(params);
        if (auto whole = params.finish(); !whole) {
            return reply(refuse_params(std::move(whole).error()));
        }
        Result<Json> result = answer(wanted);
        if (!result) {
            return reply(refuse(std::move(result).error()));
        }
        reply(*std::move(result));
    };
}

}  // namespace probatum::rpc
