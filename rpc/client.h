#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rpc/json.h"

namespace probatum::rpc {

struct ClientOptions {
    std::uint32_t connect_timeout_ms{3'000};
    std::uint32_t answer_timeout_ms{90'000};  ///< From the request's first byte to the answer's last.
    std::size_t max_answer_bytes{512U << 20U};
};

/// One call of a batch.
struct Call {
    std::string method;
    Json params = Json::object();
};

/// A blocking JSON-RPC client over one HTTP connection that is kept alive; it connects again when the server closed it.
/// Errors: connection_failed (detail says why); the node's own refusals come back as they are, with their number, field
/// and detail; malformed where the answer is not JSON-RPC. Threads: one at a time; a load generator takes one client
/// per thread.
class Client {
public:
    /// usage unless the address is "http://host[:port][/]". The port is 8100 if none is given. Does not connect yet.
    [[nodiscard]] static Result<Client> make(std::string_view url, ClientOptions options = {});

    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    ~Client();

    /// One call; the result, or the error that the node gave.
    [[nodiscard]] Result<Json> call(std::string_view method, Json params = Json::object());

    /// One batch; the answers in the order of the calls. An error of the whole (no connection) is the outer one.
    [[nodiscard]] Result<std::vector<Result<Json>>> batch(const std::vector<Call>& calls);

    /// A body as it is, for callers that made it beforehand; the answer's body, empty for notifications alone.
    [[nodiscard]] Result<std::string> post(std::string_view body);
    /// Several bodies written one after another before the first answer is read (HTTP pipelining); answers in order.
    [[nodiscard]] Result<std::vector<std::string>> post_all(const std::vector<std::string>& bodies);

    [[nodiscard]] const std::string& url() const;

private:
    class Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The text of one request; `id` is any number of the caller's.
[[nodiscard]] std::string request_text(std::string_view method, const Json& params, std::uint64_t id);
/// The result in one answer, or the error in it.
[[nodiscard]] Result<Json> read_answer(const Json& answer);

}  // namespace probatum::rpc
