// The validator, or with mode = "observer" a read-only follower.

#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>

#include "base/text_encoding.h"
#include "node/config.h"
#include "node/logging.h"
#include "node/node.h"
#include "rpc/server.h"

namespace {

using namespace probatum;

constexpr int kExitFailed = 1;   ///< The node had to stop.
constexpr int kExitRefused = 2;  ///< It did not start.

int refuse(const Error& error) {
    const ErrorInfo& text = info(error.code);
    fmt::print(stderr, "probatumd: error {} {}: {}\n  {}\n  {}: {}\n  {} / {}\n", error.number(), text.name,
               text.english, text.chinese, error.field, error.detail, text.remedy_english, text.remedy_chinese);
    return kExitRefused;
}

sigset_t stop_signals() {
    sigset_t out;
    sigemptyset(&out);
    sigaddset(&out, SIGTERM);
    sigaddset(&out, SIGINT);
    sigaddset(&out, SIGUSR1);  // our own: the alarm
    return out;
}

rpc::ServerOptions rpc_options(const node::RpcConfig& config) {
    rpc::ServerOptions out;
    out.address = config.listen.host;
    out.port = config.listen.port;
    out.max_connections = config.max_connections;
    out.max_body_bytes = config.max_body_bytes;
    out.max_batch = config.max_batch;
    out.read_timeout_ms = static_cast<std::uint32_t>(config.request_timeout_ms);
    return out;
}

/// Blocks come and go by the megabyte between threads: without this the allocator returns the memory to the system and
/// faults it in again, a tenth of all the time under load.
void keep_memory() {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 16 << 20);
}

int run(const node::Config& config) {
    // Every thread inherits the mask, so that only the wait below hears of these signals.
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::atomic<bool> alarmed{false};
    const pthread_t main_thread = pthread_self();
    auto opened = node::Node::open(config, [&](const Error&) {
        alarmed = true;
        pthread_kill(main_thread, SIGUSR1);
    });
    if (!opened) {
        return refuse(opened.error());
    }
    node::Node& node = **opened;
    const auto peer_port = node.start();
    if (!peer_port) {
        return refuse(peer_port.error());
    }
    rpc::Server server{node, rpc_options(config.rpc)};
    const auto rpc_port = server.start();
    if (!rpc_port) {
        return refuse(rpc_port.error());
    }

    const node::Status status = node.status();
    fmt::print("probatumd ready: chain {} ({}), height {}, peers on {}:{}, rpc on http://{}:{}\n", status.chain_name,
               to_hex(status.chain_id), status.height.raw(), config.listen.host, *peer_port, config.rpc.listen.host,
               *rpc_port);
    std::fflush(stdout);
    spdlog::info("ready at height {}", status.height.raw());

    int signal = 0;
    sigwait(&signals, &signal);
    spdlog::info("stopping");
    server.stop();
    node.stop();
    spdlog::info("stopped at height {}", node.status().height.raw());
    return alarmed ? kExitFailed : 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Probatum validator and observer\n\nExample: probatumd --config node.toml"};
    std::string file;
    std::string succession;
    bool check = false;
    app.add_option("-c,--config", file, "The node's TOML file")->required();
    app.add_option(
        "--succession", succession,
        "What the recovery authorities signed: go on from the block that it names. Needed once; later starts "
        "remember it");
    app.add_flag("--check", check, "Read and check the configuration, then end");
    app.set_version_flag("--version", "probatumd 0.1.0");
    CLI11_PARSE(app, argc, argv);
    keep_memory();
    try {
        auto config = node::load_config(file);
        if (!config) {
            return refuse(config.error());
        }
        if (!succession.empty()) {
            config->succession_file = std::filesystem::absolute(succession);
        }
        if (check) {
            fmt::print("the configuration is valid\n");
            return 0;
        }
        if (const auto logging = node::start_logging(config->log); !logging) {
            return refuse(logging.error());
        }
        return run(*config);
    } catch (const std::exception& error) {
        return refuse({Errc::preflight_failed, "", error.what()});
    }
}
