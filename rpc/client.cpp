#include "rpc/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>

namespace probatum::rpc {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::string_view kScheme = "http://";
constexpr std::string_view kDefaultPort = "8100";

struct Address {
    std::string host;
    std::string port;
};

Result<Address> parse_url(std::string_view url) {
    const auto refused = [&](std::string_view why) {
        return fail(Errc::usage, "node", std::string{why} + ": " + std::string{url.substr(0, 256)});
    };
    if (!url.starts_with(kScheme)) {
        return refused("an address is http://host:port");
    }
    std::string_view rest = url.substr(kScheme.size());
    if (rest.ends_with('/')) {
        rest.remove_suffix(1);
    }
    if (rest.find_first_of("/?#@") != std::string_view::npos) {
        return refused("an address has no path and no user");
    }
    Address out{.host = std::string{rest}, .port = std::string{kDefaultPort}};
    const auto bracket = rest.starts_with('[') ? rest.find(']') : 0;
    if (bracket == std::string_view::npos) {
        return refused("a bracket is open");
    }
    if (const auto colon = rest.find(':', bracket); colon != std::string_view::npos) {
        out.host = rest.substr(0, colon);
        out.port = rest.substr(colon + 1);
    }
    if (out.host.starts_with('[')) {
        out.host = out.host.substr(1, out.host.size() - 2);
    }
    std::uint16_t port = 0;
    const char* const end = out.port.data() + out.port.size();
    const auto [stop, problem] = std::from_chars(out.port.data(), end, port);
    if (out.host.empty() || stop != end || problem != std::errc{} || port == 0) {
        return refused("an address is http://host:port");
    }
    return out;
}

/// The registry's line of a number that a node gave; a number that this version does not know keeps its text.
Error error_of(const Json& error) {
    const Json data = error.value("data", Json::object());
    const auto text_of = [](const Json& object, const char* name) {
        return object.is_object() && object.contains(name) && object[name].is_string() ? object[name].get<std::string>()
                                                                                       : std::string{};
    };
    const bool numbered = data.is_object() && data.contains("number") && data["number"].is_number_unsigned() &&
                          data["number"] <= UINT16_MAX;
    const ErrorInfo* const line = numbered ? find_error(data["number"].get<std::uint16_t>()) : nullptr;
    const std::string message = text_of(error, "message");
    Error out{Errc::malformed, text_of(data, "field"), text_of(data, "detail")};
    if (line != nullptr) {
        out.code = line->code;
    }
    if (line == nullptr || out.detail.empty()) {
        out.detail = line == nullptr ? message + " " + out.detail : out.detail;
    }
    return out;
}

}  // namespace

std::string request_text(std::string_view method, const Json& params, std::uint64_t id) {
    return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
}

Result<Json> read_answer(const Json& answer) {
    if (answer.is_object() && answer.value("jsonrpc", Json{}) == "2.0") {
        if (answer.contains("result")) {
            return answer["result"];
        }
        if (answer.contains("error") && answer["error"].is_object()) {
            return fail(error_of(answer["error"]));
        }
    }
    return fail(Errc::malformed, {}, "the answer is not JSON-RPC 2.0");
}

class Client::Impl {
public:
    Impl(std::string url, Address address, ClientOptions options)
        : url_{std::move(url)}, address_{std::move(address)}, options_{options} {}

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] std::uint64_t next_id() { return ++last_id_; }

    Result<std::vector<std::string>> exchange(const std::vector<std::string_view>& bodies) {
        // A kept connection may have been closed since; that shows only on use, before any answer, and is tried once
        // more. Repeating is safe: the same transaction sent twice is recorded once.
        const bool fresh = !stream_;
        auto answers = try_exchange(bodies);
        if (!answers && !fresh && !timed_out_) {
            answers = try_exchange(bodies);
        }
        return answers;
    }

private:
    Result<std::vector<std::string>> try_exchange(const std::vector<std::string_view>& bodies) {
        timed_out_ = false;
        if (!stream_) {
            PROBATUM_TRY(connect());
        }
        std::string wire;
        for (const std::string_view body : bodies) {
            append_request(wire, body);
        }
        stream_->expires_after(std::chrono::milliseconds{options_.answer_timeout_ms});
        PROBATUM_TRY(step("send", [&](auto done) {
            asio::async_write(*stream_, asio::buffer(wire),
                              [done](beast::error_code problem, std::size_t) { done(problem); });
        }));
        std::vector<std::string> answers;
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            PROBATUM_LET(answer, read_one());
            answers.push_back(std::move(answer));
        }
        return answers;
    }

    void append_request(std::string& wire, std::string_view body) const {
        const bool v6 = address_.host.find(':') != std::string::npos;
        wire += "POST / HTTP/1.1\r\nHost: ";
        wire += (v6 ? "[" + address_.host + "]" : address_.host) + ":" + address_.port;
        wire += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
        wire += body;
    }

    Result<std::string> read_one() {
        http::response_parser<http::string_body> parser;
        parser.body_limit(options_.max_answer_bytes);
        PROBATUM_TRY(step("receive", [&](auto done) {
            http::async_read(*stream_, buffer_, parser,
                             [done](beast::error_code problem, std::size_t) { done(problem); });
        }));
        auto response = parser.release();
        if (!response.keep_alive()) {
            stream_.reset();
        }
        if (response.result() != http::status::ok && response.result() != http::status::no_content) {
            stream_.reset();
            return fail(Errc::connection_failed, "node",
                        url_ + " answered HTTP " + std::to_string(response.result_int()) + ": " +
                            response.body().substr(0, 200));
        }
        return std::move(response.body());
    }

    Result<void> connect() {
        buffer_.clear();
        beast::error_code problem;
        tcp::resolver resolver{context_};
        const auto endpoints = resolver.resolve(address_.host, address_.port, problem);
        if (problem) {
            return fail(Errc::connection_failed, "node", url_ + ": " + problem.message());
        }
        stream_.emplace(context_);
        stream_->expires_after(std::chrono::milliseconds{options_.connect_timeout_ms});
        PROBATUM_TRY(step("connect", [&](auto done) {
            stream_->async_connect(endpoints,
                                   [done](beast::error_code refused, const tcp::endpoint&) { done(refused); });
        }));
        stream_->socket().set_option(tcp::no_delay{true}, problem);
        return {};
    }

    /// Runs one asynchronous step to its end: time-outs exist for asynchronous calls alone.
    template <class Start>
    Result<void> step(std::string_view what, Start start) {
        beast::error_code outcome = asio::error::would_block;
        start([&outcome](beast::error_code problem) { outcome = problem; });
        context_.restart();
        context_.run();
        if (!outcome) {
            return {};
        }
        timed_out_ = outcome == beast::error::timeout;
        stream_.reset();
        return fail(Errc::connection_failed, "node", std::string{what} + " " + url_ + ": " + outcome.message());
    }

    std::string url_;
    Address address_;
    ClientOptions options_;
    asio::io_context context_{1};
    std::optional<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_;
    std::uint64_t last_id_{0};
    bool timed_out_{false};
};

Result<Client> Client::make(std::string_view url, ClientOptions options) {
    PROBATUM_LET(address, parse_url(url));
    return Client{std::make_unique<Impl>(std::string{url}, std::move(address), options)};
}

Client::Client(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

const std::string& Client::url() const { return impl_->url(); }

Result<std::string> Client::post(std::string_view body) {
    PROBATUM_LET(answers, impl_->exchange({body}));
    return std::move(answers.front());
}

Result<std::vector<std::string>> Client::post_all(const std::vector<std::string>& bodies) {
    return impl_->exchange({bodies.begin(), bodies.end()});
}

Result<Json> Client::call(std::string_view method, Json params) {
    const std::uint64_t id = impl_->next_id();
    PROBATUM_LET(text, post(request_text(method, params, id)));
    PROBATUM_LET(answer, parse_json(text, {.depth = 128}));
    return read_answer(answer);
}

Result<std::vector<Result<Json>>> Client::batch(const std::vector<Call>& calls) {
    std::string body;
    const std::uint64_t first = impl_->next_id();
    for (std::size_t i = 0; i < calls.size(); ++i) {
        body += body.empty() ? '[' : ',';
        body += request_text(calls[i].method, calls[i].params, first + i);
    }
    PROBATUM_LET(text, post(body + "]"));
    PROBATUM_LET(answers, parse_json(text, {.depth = 128}));
    if (!answers.is_array()) {
        PROBATUM_TRY(read_answer(answers));
        return fail(Errc::malformed, {}, "a batch was not answered with a list");
    }
    std::vector<Result<Json>> out(calls.size(), fail(Errc::malformed, {}, "this call of the batch was not answered"));
    for (const Json& answer : answers) {
        const Json id = answer.is_object() ? answer.value("id", Json{}) : Json{};
        if (!id.is_number_unsigned() || id < first || id.get<std::uint64_t>() - first >= calls.size()) {
            continue;
        }
        out[id.get<std::uint64_t>() - first] = read_answer(answer);
    }
    return out;
}

}  // namespace probatum::rpc
