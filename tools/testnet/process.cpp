#include "tools/testnet/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "node/machine.h"
#include "rpc/client.h"

namespace probatum::testnet {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr auto kPause = std::chrono::milliseconds{20};

/// A child that ended stays in the table until somebody asks.
void reap(pid_t pid) { ::waitpid(pid, nullptr, WNOHANG); }

bool is_ours(pid_t pid, const Node& node) {
    std::ifstream file{"/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary};
    std::ostringstream words;
    words << file.rdbuf();
    const std::string line = words.str();
    return line.find("probatumd") != std::string::npos && line.find(node.config.string()) != std::string::npos;
}

bool ends_within(const Node& node, int timeout_ms) {
    const auto end = Clock::now() + std::chrono::milliseconds{timeout_ms};
    while (running(node)) {
        if (Clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(kPause);
    }
    return true;
}

std::string last_lines(const fs::path& log) {
    std::ifstream file{log};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    std::string out;
    for (std::size_t i = lines.size() > 5 ? lines.size() - 5 : 0; i < lines.size(); ++i) {
        out += "\n  " + lines[i];
    }
    return out;
}

[[noreturn]] void become(const Node& node, const fs::path& program, int log) {
    ::setsid();
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execl(program.c_str(), program.c_str(), "--config", node.config.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
}

bool is_ready(const Node& node) {
    auto client = rpc::Client::make(node.url(), {.connect_timeout_ms = 500, .answer_timeout_ms = 2'000});
    const auto status = client ? client->call("chain.status") : fail(client.error());
    return status && status->value("ready", false);
}

}  // namespace

std::optional<pid_t> running(const Node& node) {
    std::ifstream file{node.pid_file()};
    pid_t pid = 0;
    if (!(file >> pid) || pid <= 0) {
        return std::nullopt;
    }
    reap(pid);
    if (::kill(pid, 0) != 0 || !is_ours(pid, node)) {
        return std::nullopt;
    }
    return pid;
}

Result<pid_t> start(const Node& node, const fs::path& program) {
    if (::access(program.c_str(), X_OK) != 0) {
        return fail(Errc::preflight_failed, program.string(), "the validator's program is not there");
    }
    const int log = ::open(node.log().c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0640);
    if (log < 0) {
        return fail(Errc::preflight_failed, node.log().string(), "cannot write the log");
    }
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(node, program, log);
    }
    ::close(log);
    if (pid < 0) {
        return fail(Errc::preflight_failed, "process", "no more processes can be started");
    }
    PROBATUM_TRY(node::write_file(node.pid_file(), as_bytes(std::to_string(pid) + "\n")));
    return pid;
}

Result<void> wait_ready(const Node& node, int timeout_ms) {
    const auto end = Clock::now() + std::chrono::milliseconds{timeout_ms};
    // Between fork and exec the process does not look like ours yet.
    const auto grace = Clock::now() + std::chrono::seconds{2};
    while (!is_ready(node)) {
        const std::string name = "validator-" + std::to_string(node.number);
        if (Clock::now() > grace && !running(node)) {
            return fail(Errc::preflight_failed, name, "ended instead of starting; the end of its log:" + last_lines(node.log()));
        }
        if (Clock::now() > end) {
            return fail(Errc::preflight_failed, name, "not ready in time; the end of its log:" + last_lines(node.log()));
        }
        std::this_thread::sleep_for(kPause * 2);
    }
    return {};
}

bool stop(const Node& node, int timeout_ms) {
    const auto pid = running(node);
    if (!pid) {
        return true;
    }
    ::kill(*pid, SIGTERM);
    const bool orderly = ends_within(node, timeout_ms);
    if (!orderly) {
        kill_now(node);
    }
    return orderly;
}

void kill_now(const Node& node) {
    if (const auto pid = running(node)) {
        ::kill(*pid, SIGKILL);
        ends_within(node, 10'000);
    }
}

fs::path daemon_program() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored).parent_path() / "probatumd";
}

Result<void> up(const Testnet& net, int timeout_ms) {
    std::vector<const Node*> started;
    const auto undo = [&](Error why) {
        for (const Node* node : started) {
            stop(*node, 3'000);
        }
        return fail(std::move(why));
    };
    for (const Node& node : net.nodes) {
        if (running(node)) {
            continue;
        }
        if (const auto pid = start(node, daemon_program()); !pid) {
            return undo(pid.error());
        }
        started.push_back(&node);
    }
    for (const Node& node : net.nodes) {
        if (const auto ready = wait_ready(node, timeout_ms); !ready) {
            return undo(ready.error());
        }
    }
    return {};
}

bool down(const Testnet& net) {
    for (const Node& node : net.nodes) {
        if (const auto pid = running(node)) {
            ::kill(*pid, SIGTERM);
        }
    }
    bool orderly = true;
    for (const Node& node : net.nodes) {
        orderly = stop(node) && orderly;
    }
    return orderly;
}

}  // namespace probatum::testnet
