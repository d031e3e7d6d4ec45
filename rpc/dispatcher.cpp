#include "rpc/dispatcher.h"

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>

#include "base/check.h"

namespace probatum::rpc {

namespace {

using Done = std::function<void(std::optional<std::string>)>;

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kInternalError = -32603;

/// How long a caller had better wait; nothing where waiting does not help.
std::optional<std::uint32_t> retry_after_ms(Errc code) {
    switch (code) {
        case Errc::not_final_yet:
            return 200;
        case Errc::pool_full:
            return 500;
        case Errc::sender_limit:
            return 1000;
        case Errc::not_ready:
        case Errc::no_quorum:
            return 2000;
        default:
            return std::nullopt;
    }
}

std::string error_text(int code, std::string_view message, const Json& data, std::string_view id) {
    Json error{{"code", code}, {"message", message}};
    if (!data.is_null()) {
        error["data"] = data;
    }
    return R"({"error":)" + to_text(error) + R"(,"id":)" + std::string{id} + R"(,"jsonrpc":"2.0"})";
}

std::string result_text(const Json& result, std::string_view id) {
    return R"({"id":)" + std::string{id} + R"(,"jsonrpc":"2.0","result":)" + to_text(result) + "}";
}

std::string refusal_text(const Refusal& refusal, std::string_view id) {
    const Json data = error_data(refusal.error);
    if (refusal.invalid_params) {
        return error_text(kInvalidParams, "Invalid params", data, id);
    }
    return error_text(refusal.error.number(), info(refusal.error.code).english, data, id);
}

std::string internal_text(std::string_view what, std::string_view id) {
    return error_text(kInternalError, "Internal error", error_data({Errc::internal, {}, std::string{what}}), id);
}

/// The id as JSON text, exactly as it was written if it is a number; nothing if it is no id.
std::optional<std::string> id_text(const Json& id) {
    if (id.is_string() || id.is_null()) {
        return to_text(id);
    }
    if (id.is_number() || is_other_number(id)) {
        return number_text(id);
    }
    return std::nullopt;
}

/// Parameters by name, whichever way they came; or why they do not fit.
Result<Json> by_name(const Method& method, const Json& given) {
    if (!given.is_array()) {
        return given;
    }
    if (given.size() > method.parameters.size()) {
        return fail(Errc::malformed, {}, "at most " + std::to_string(method.parameters.size()) + " parameters");
    }
    Json named = Json::object();
    for (std::size_t i = 0; i < given.size(); ++i) {
        named[method.parameters[i].name] = given[i];
    }
    return named;
}

/// Answers once. A handler that drops its Reply without an answer is our own fault; the caller must not hang for it.
class Once {
public:
    Once(std::string id, bool silent, Done done) : id_{std::move(id)}, silent_{silent}, done_{std::move(done)} {}
    ~Once() {
        if (!answered_.exchange(true)) {
            finish(internal_text("no answer was given", id_));
        }
    }
    Once(const Once&) = delete;
    Once& operator=(const Once&) = delete;

    void answer(const Outcome& outcome) {
        if (answered_.exchange(true)) {
            return;
        }
        if (silent_) {
            return done_(std::nullopt);
        }
        finish(outcome ? result_text(*outcome, id_) : refusal_text(outcome.error(), id_));
    }
    void internal(std::string_view what) {
        if (!answered_.exchange(true)) {
            finish(internal_text(what, id_));
        }
    }

private:
    void finish(std::string text) {
        if (silent_) {
            return done_(std::nullopt);
        }
        done_(std::move(text));
    }

    std::string id_;
    bool silent_;
    Done done_;
    std::atomic<bool> answered_{false};
};

void run(const Method& method, const Json& given, const std::shared_ptr<Once>& once) {
    try {
        auto named = by_name(method, given);
        if (!named) {
            return once->answer(refuse_params(std::move(named).error()));
        }
        method.handler(Params{*std::move(named)}, [once](const Outcome& outcome) {
            try {
                once->answer(outcome);
            } catch (const std::exception& problem) {
                once->internal(problem.what());
            }
        });
    } catch (const std::exception& problem) {
        once->internal(problem.what());
    }
}

}  // namespace

Json error_data(const Error& error) {
    const ErrorInfo& line = info(error.code);
    Json data{{"number", error.number()},
              {"name", line.name},
              {"message_en", line.english},
              {"message_zh", line.chinese},
              {"remedy_en", line.remedy_english},
              {"remedy_zh", line.remedy_chinese},
              {"field", error.field},
              {"detail", error.detail}};
    if (const auto wait = retry_after_ms(error.code)) {
        data["retry_after_ms"] = *wait;
    }
    return data;
}

/// The answers of one batch, in the order of the calls. The last one to come joins them.
struct Dispatcher::Batch {
    Batch(std::size_t count, Done when_done) : answers(count), left{count + 1}, done{std::move(when_done)} {}

    void put(std::size_t position, std::optional<std::string> answer) {
        if (answer) {
            bytes += answer->size();
        }
        answers[position] = std::move(answer);
        release();
    }
    void release() {
        if (left.fetch_sub(1) != 1) {
            return;
        }
        std::string joined;
        for (const auto& answer : answers) {
            if (!answer) {
                continue;
            }
            joined += joined.empty() ? '[' : ',';
            joined += *answer;
        }
        if (joined.empty()) {
            return done(std::nullopt);
        }
        done(joined + "]");
    }

    std::vector<std::optional<std::string>> answers;
    std::atomic<std::size_t> bytes{0};
    std::atomic<std::size_t> left;
    Done done;
};

Dispatcher::Dispatcher(std::vector<Method> methods, DispatcherLimits limits)
    : methods_{std::move(methods)}, limits_{limits} {
    for (const Method& method : methods_) {
        PROBATUM_CHECK(by_name_.emplace(method.name, &method).second, "a method stands in the table once");
    }
}

void Dispatcher::call(const Json& request, Done done) const {
    const auto invalid = [&](std::string_view id, std::string_view detail) {
        done(
            error_text(kInvalidRequest, "Invalid Request", error_data({Errc::malformed, {}, std::string{detail}}), id));
    };
    if (!request.is_object()) {
        return invalid("null", "a request is an object");
    }
    const auto id_member = request.find("id");
    const bool notification = id_member == request.end();
    const auto id = notification ? std::optional<std::string>{"null"} : id_text(*id_member);
    if (!id) {
        return invalid("null", "an id is a text, a number or null");
    }
    const auto version = request.find("jsonrpc");
    if (version == request.end() || *version != "2.0") {
        return invalid(*id, R"("jsonrpc" must be "2.0")");
    }
    const auto name = request.find("method");
    if (name == request.end() || !name->is_string()) {
        return invalid(*id, R"("method" must be a text)");
    }
    const auto params = request.find("params");
    const bool with_params = params != request.end();
    if (with_params && !params->is_structured()) {
        return invalid(*id, R"("params" must be an object or an array)");
    }

    const auto method = by_name_.find(name->get_ref<const std::string&>());
    if (method == by_name_.end()) {
        if (notification) {
            return done(std::nullopt);
        }
        return done(error_text(kMethodNotFound, "Method not found", nullptr, *id));
    }
    run(*method->second, with_params ? *params : Json::object(),
        std::make_shared<Once>(*id, notification, std::move(done)));
}

void Dispatcher::handle(std::string_view body, Done done) const {
    const auto parsed = parse_json(body, {.depth = limits_.depth});
    if (!parsed) {
        return done(error_text(kParseError, "Parse error", error_data(parsed.error()), "null"));
    }
    if (!parsed->is_array()) {
        return call(*parsed, std::move(done));
    }
    if (parsed->empty() || parsed->size() > limits_.batch) {
        const Error why{parsed->empty() ? Errc::malformed : Errc::too_large,
                        {},
                        "a batch holds 1 to " + std::to_string(limits_.batch) + " calls"};
        return done(error_text(kInvalidRequest, "Invalid Request", error_data(why), "null"));
    }
    const auto batch = std::make_shared<Batch>(parsed->size(), std::move(done));
    for (std::size_t i = 0; i < parsed->size(); ++i) {
        const Json& request = (*parsed)[i];
        if (batch->bytes > limits_.response_bytes) {
            const auto id = request.is_object() && request.contains("id") ? id_text(request["id"]) : std::nullopt;
            batch->put(i, id ? std::optional{refusal_text(
                                   {{Errc::too_large, {}, "the answer to this batch is full"}, false}, *id)}
                             : std::nullopt);
            continue;
        }
        call(request, [batch, i](std::optional<std::string> answer) { batch->put(i, std::move(answer)); });
    }
    batch->release();
}

}  // namespace probatum::rpc
