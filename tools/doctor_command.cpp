#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "node/machine.h"
#include "tools/commands.h"
#include "tools/doctor.h"

namespace probatum::tools {

namespace {

using rpc::Json;

constexpr int kConnectTimeoutMs = 2'000;

/// Whether anybody takes a TCP connection there within two seconds.
bool takes_connections(const node::Endpoint& endpoint) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found) != 0) {
        return false;
    }
    bool connected = false;
    for (const addrinfo* at = found; at != nullptr && !connected; at = at->ai_next) {
        const int socket = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
        if (socket < 0) {
            continue;
        }
        connected = ::connect(socket, at->ai_addr, at->ai_addrlen) == 0;
        pollfd waiting{.fd = socket, .events = POLLOUT, .revents = 0};
        if (!connected && ::poll(&waiting, 1, kConnectTimeoutMs) == 1) {
            int problem = 0;
            socklen_t size = sizeof problem;
            connected = ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0;
        }
        ::close(socket);
    }
    freeaddrinfo(found);
    return connected;
}

Result<int> examine(Session& session, const std::filesystem::path& file) {
    const auto findings = diagnose(node::load_config(file), real_surroundings(session));
    Json checks = Json::array();
    std::string text;
    for (const Finding& finding : findings) {
        const std::string& detail = session.language == Language::chinese ? finding.chinese : finding.english;
        checks.push_back({{"check", finding.check},
                          {"level", name(finding.level)},
                          {"detail_en", finding.english},
                          {"detail_zh", finding.chinese}});
        text += fmt::format("{:8} {:9} {}\n", name(finding.level), finding.check, detail);
    }
    const int code = exit_code(findings);
    session.result({{"checks", std::move(checks)}, {"exit_code", code}}, text);
    return code;
}

}  // namespace

Surroundings real_surroundings(Session& session) {
    return {.now = node::wall_clock(),
            .read = [](const std::filesystem::path& file) { return node::read_file(file); },
            .exists =
                [](const std::filesystem::path& file) {
                    std::error_code ignored;
                    return std::filesystem::exists(file, ignored);
                },
            .free_bytes = [](const std::filesystem::path& folder) -> std::optional<std::uint64_t> {
                std::error_code problem;
                const auto space = std::filesystem::space(folder, problem);
                return problem ? std::nullopt : std::optional<std::uint64_t>{space.available};
            },
            .reachable = takes_connections,
            .status = [&session](const node::Endpoint& endpoint) -> std::optional<Json> {
                auto client = connect({.node = "http://" + endpoint.to_string(), .genesis_digest = {}});
                if (!client) {
                    return std::nullopt;
                }
                auto status = session.call(*client, "chain.status");
                return status ? std::optional{*std::move(status)} : std::nullopt;
            }};
}

void add_doctor_command(CLI::App& app, Commands& commands) {
    const auto file = std::make_shared<std::filesystem::path>();
    CLI::App* const command =
        commands.add(app, "doctor", "Look a validator over: exit code 0 all well, 1 warnings, 2 a problem",
                     "检查验证节点：退出码 0 正常、1 有警告、2 有问题", "probatum doctor --config node.toml");
    command->add_option("--config", *file, commands.say("The node's configuration", "节点配置文件"))->required();
    command->callback(
        [&commands, file] { commands.chosen = [&commands, file] { return examine(commands.session, *file); }; });
}

}  // namespace probatum::tools
