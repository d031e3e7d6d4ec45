#include "tools/tsa_client.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/http.h>

#include <array>
#include <memory>

namespace probatum::tools {

namespace {

constexpr int kTimeoutSeconds = 30;
constexpr std::size_t kMaxResponseBytes = 256U * 1024U;

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeText {
    void operator()(char* text) const { OPENSSL_free(text); }
};
using Text = std::unique_ptr<char, FreeText>;

struct Address {
    Text host, port, path;
};

Result<Address> parse(const std::string& url) {
    int tls = 0;
    int port_number = 0;
    char* host = nullptr;
    char* port = nullptr;
    char* path = nullptr;
    if (OSSL_HTTP_parse_url(url.c_str(), &tls, nullptr, &host, &port, &port_number, &path, nullptr, nullptr) != 1) {
        ERR_clear_error();
        return fail(Errc::usage, "--tsa", "an address is http://tsa.example.org/tsr");
    }
    Address out{Text{host}, Text{port}, Text{path}};
    if (tls != 0) {
        return fail(Errc::usage, "--tsa", "time-stamps are signed: ask over http://, or take --query-out and --reply");
    }
    return out;
}

}  // namespace

Result<Bytes> ask_time_stamp(const std::string& url, ByteView request) {
    PROBATUM_LET(address, parse(url));
    const Bio body{BIO_new_mem_buf(request.data(), static_cast<int>(request.size()))};
    const Bio answer{OSSL_HTTP_transfer(nullptr, address.host.get(), address.port.get(), address.path.get(), 0, nullptr,
                                        nullptr, nullptr, nullptr, nullptr, nullptr, 0, nullptr,
                                        "application/timestamp-query", body.get(), "application/timestamp-reply", 1,
                                        kMaxResponseBytes, kTimeoutSeconds, 0)};
    if (!answer) {
        const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
        std::string detail = reason == nullptr ? "no answer" : reason;
        ERR_clear_error();
        return fail(Errc::connection_failed, url, std::move(detail));
    }
    Bytes out;
    std::array<unsigned char, 4096> piece{};
    for (int got = 0; (got = BIO_read(answer.get(), piece.data(), static_cast<int>(piece.size()))) > 0;) {
        out.insert(out.end(), piece.begin(), piece.begin() + got);
    }
    return out;
}

}  // namespace probatum::tools
