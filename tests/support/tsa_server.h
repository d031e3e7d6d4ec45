#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "openssl_authority.h"

/// A time-stamping authority on a loopback port that answers one request and is gone.
namespace probatum::test {

class TsaServer {
public:
    explicit TsaServer(const OpensslAuthority& authority) : authority_{authority} {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        listen(listener_, 1);
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread{[this] { answer(); }};
    }
    ~TsaServer() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    TsaServer(const TsaServer&) = delete;
    TsaServer& operator=(const TsaServer&) = delete;
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/tsr"; }

private:
    void answer() {
        const int peer = accept(listener_, nullptr, nullptr);
        if (peer < 0) {
            return;
        }
        std::string got;
        char piece[4096];
        std::size_t body = std::string::npos;
        std::size_t length = 0;
        while (body == std::string::npos || got.size() < body + length) {
            const ssize_t count = read(peer, piece, sizeof piece);
            if (count <= 0) {
                break;
            }
            got.append(piece, static_cast<std::size_t>(count));
            if (const auto end = got.find("\r\n\r\n"); end != std::string::npos && body == std::string::npos) {
                body = end + 4;
                const auto field = got.find("Content-Length: ");
                length = field == std::string::npos ? 0 : std::stoul(got.substr(field + 16));
            }
        }
        const Bytes reply = authority_.reply(as_bytes(got.substr(body)));
        const std::string head = "HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: " +
                                 std::to_string(reply.size()) + "\r\n\r\n";
        const std::string whole = head + std::string{as_text(reply)};
        [[maybe_unused]] const ssize_t sent = write(peer, whole.data(), whole.size());
        close(peer);
    }

    const OpensslAuthority& authority_;
    int listener_{-1};
    unsigned port_{0};
    std::thread thread_;
};

}  // namespace probatum::test
