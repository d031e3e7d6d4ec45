#pragma once

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "node/service.h"
#include "rpc/json.h"

/// What is answered over HTTP and with which status. The inside of server.cpp, and of nothing else: Beast is heavy.
namespace probatum::rpc {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

inline constexpr std::string_view kJson = "application/json";

inline Response respond(const http::request_header<>* request, http::status status, std::string body,
                        std::string_view type) {
    Response out{status, 11};
    out.set(http::field::server, "probatum");
    if (!type.empty()) {
        out.set(http::field::content_type, type);
    }
    // Only a request that was read whole leaves the connection in a known state.
    bool keep_alive = false;
    if (request != nullptr) {
        out.version(request->version());
        keep_alive =
            http::token_list{(*request)[http::field::connection]}.exists("close") ? false : request->version() >= 11;
    }
    out.keep_alive(keep_alive);
    out.body() = std::move(body);
    out.prepare_payload();
    if (status == http::status::no_content) {
        out.erase(http::field::content_length);
    }  // RFC 9110 section 8.6
    return out;
}

inline Response plain(const http::request_header<>* request, http::status status, std::string_view words) {
    return respond(request, status, std::string{words} + "\n", "text/plain; charset=utf-8");
}

inline bool is_json(std::string_view content_type) {
    const std::string_view media = content_type.substr(0, content_type.find(';'));
    const auto last = media.find_last_not_of(" \t");
    return last != std::string_view::npos && beast::iequals(media.substr(0, last + 1), kJson);
}

inline http::status status_of(const beast::error_code& problem) {
    if (problem == http::error::body_limit) {
        return http::status::payload_too_large;
    }
    if (problem == http::error::header_limit || problem == http::error::buffer_overflow) {
        return http::status::request_header_fields_too_large;
    }
    if (problem == http::error::bad_version) {
        return http::status::http_version_not_supported;
    }
    return http::status::bad_request;
}

/// What can be told from the header alone, before a byte of the body is read.
inline std::optional<Response> refuse_header(const http::request_header<>& header) {
    if (header.target() == "/health") {
        if (header.method() == http::verb::get || header.method() == http::verb::head) {
            return std::nullopt;
        }
        Response out = plain(nullptr, http::status::method_not_allowed, "GET");
        out.set(http::field::allow, "GET, HEAD");
        return out;
    }
    if (header.target() != "/") {
        return plain(nullptr, http::status::not_found, "POST / or GET /health");
    }
    if (header.method() != http::verb::post) {
        Response out = plain(nullptr, http::status::method_not_allowed, "POST");
        out.set(http::field::allow, "POST");
        return out;
    }
    if (!is_json(header[http::field::content_type])) {
        return plain(nullptr, http::status::unsupported_media_type, "application/json");
    }
    if (!header[http::field::content_encoding].empty()) {
        return plain(nullptr, http::status::unsupported_media_type, "no content encoding");
    }
    return std::nullopt;
}

inline Response health(const Request& request, const node::Status& status, bool stopping) {
    const bool well = status.ready && status.alarm.empty() && !stopping;
    const Json body{{"ready", status.ready},
                    {"read_only", status.read_only},
                    {"alarm", status.alarm},
                    {"height", status.height.raw()}};
    Response out = respond(&request, well ? http::status::ok : http::status::service_unavailable, to_text(body), kJson);
    if (request.method() == http::verb::head) {
        out.body().clear();
    }
    return out;
}

}  // namespace probatum::rpc
