#include "tools/testnet_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/client.h"

namespace probatum::tools {

namespace {

constexpr std::chrono::milliseconds kPause{50};

std::filesystem::path pid_file(const std::filesystem::path& validator) { return validator / "node.pid"; }

/// When a process started, in clock ticks since boot (proc(5), field 22 of stat); nothing where it does not run.
std::optional<std::uint64_t> start_time(int process) {
    std::ifstream file{fmt::format("/proc/{}/stat", process)};
    std::string line;
    if (!std::getline(file, line)) {
        return std::nullopt;
    }
    // The name stands in brackets and may hold blanks and brackets itself; after the last one come the plain fields.
    const auto bracket = line.rfind(')');
    if (bracket == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields{line.substr(bracket + 1)};
    std::string field;
    for (int number = 3; fields >> field; ++number) {
        if (number == 3 && field == "Z") {
            return std::nullopt;
        }
        if (number == 22) {
            return std::stoull(field);
        }
    }
    return std::nullopt;
}

std::string last_words(const std::filesystem::path& file) {
    std::ifstream stream{file};
    std::string out;
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    const std::size_t first = lines.size() > 12 ? lines.size() - 12 : 0;
    for (std::size_t i = first; i < lines.size(); ++i) {
        out += "\n    " + lines[i];
    }
    return out;
}

struct SpawnActions {
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
    explicit SpawnActions(const std::string& log) {
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        posix_spawn_file_actions_adddup2(&files, 1, 2);
        posix_spawnattr_init(&attributes);
        // A session of its own: the terminal's Ctrl-C is for us, and we stop the validators in order.
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
    }
    ~SpawnActions() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
};

bool is_free(const node::Endpoint& endpoint) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    // As the node binds: connections of an earlier run that still linger do not matter.
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(socket);
    return free;
}

}  // namespace

std::optional<int> running_process(const std::filesystem::path& validator) {
    std::ifstream file{pid_file(validator)};
    int process = 0;
    std::uint64_t started = 0;
    if (!(file >> process >> started) || process <= 1) {
        return std::nullopt;
    }
    // If it is a child of ours that ended, this takes it off the table; for anybody else's it does nothing.
    (void)waitpid(process, nullptr, WNOHANG);
    return start_time(process) == started ? std::optional{process} : std::nullopt;
}

Result<void> check_ports(const TestNet::Validator& validator) {
    for (const node::Endpoint& endpoint : {validator.config.listen, validator.config.rpc.listen}) {
        if (!is_free(endpoint)) {
            return fail(Errc::preflight_failed, (validator.folder / "node.toml").string(),
                        "somebody else listens on " + endpoint.to_string());
        }
    }
    return {};
}

Result<rpc::Json> ask_status(const TestNet& net, const TestNet::Validator& validator) {
    PROBATUM_LET(client, rpc::Client::make(validator.url(), {.connect_timeout_ms = 500, .answer_timeout_ms = 2000}));
    PROBATUM_LET(status, client.call("chain.status"));
    if (status.value("chain_id", "") != to_hex(net.genesis_digest)) {
        return fail(Errc::wrong_genesis, validator.url(), "another network answers at this address");
    }
    return status;
}

Result<std::filesystem::path> find_probatumd() {
    std::error_code problem;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", problem);
    const std::filesystem::path beside = own.parent_path() / "probatumd";
    if (problem || access(beside.c_str(), X_OK) != 0) {
        return fail(Errc::preflight_failed, beside.string(), "the validator program is not beside this one");
    }
    return beside;
}

Result<int> start_process(const std::filesystem::path& probatumd, const TestNet::Validator& validator) {
    const std::string program = probatumd.string();
    const std::string config = std::filesystem::absolute(validator.folder / "node.toml").string();
    const SpawnActions actions{(validator.folder / "out.log").string()};
    std::string name = "probatumd";
    std::string option = "--config";
    std::string value = config;
    char* const arguments[] = {name.data(), option.data(), value.data(), nullptr};
    pid_t process = 0;
    const int problem = posix_spawn(&process, program.c_str(), &actions.files, &actions.attributes, arguments, environ);
    if (problem != 0) {
        return fail(Errc::preflight_failed, program, std::generic_category().message(problem));
    }
    const auto started = start_time(process);
    const std::string line = fmt::format("{} {}\n", process, started.value_or(0));
    PROBATUM_TRY(node::write_file(pid_file(validator.folder), as_bytes(line)));
    return process;
}

Result<void> await_ready(const TestNet& net, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const auto refused = [](const TestNet::Validator& validator, const char* why, const char* log) {
        return fail(Errc::preflight_failed, validator.folder.string(), why + last_words(validator.folder / log));
    };
    for (;;) {
        std::vector<rpc::Json> ready;
        const TestNet::Validator* late = nullptr;
        for (const TestNet::Validator& validator : net.validators) {
            if (!running_process(validator.folder)) {
                return refused(validator, "probatumd ended:", "out.log");
            }
            auto status = ask_status(net, validator);
            if (status && status->value("ready", false)) {
                ready.push_back(*std::move(status));
            } else {
                late = &validator;
                break;
            }
        }
        const auto votes = [](const rpc::Json& status) { return status.value("mode", "") == "validator"; };
        const auto voters = static_cast<std::size_t>(std::ranges::count_if(ready, votes));
        for (std::size_t i = 0; i < ready.size() && late == nullptr; ++i) {
            if (votes(ready[i]) && ready[i].value("reachable", std::size_t{0}) < voters) {
                late = &net.validators[i];
            }
        }
        if (late == nullptr) {
            return {};
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return refused(*late, "not ready in time:", "node.log");
        }
        std::this_thread::sleep_for(kPause);
    }
}

Result<bool> stop_process(const std::filesystem::path& validator, std::chrono::milliseconds patience) {
    const auto process = running_process(validator);
    std::error_code ignored;
    if (!process) {
        std::filesystem::remove(pid_file(validator), ignored);
        return false;
    }
    if (kill(*process, SIGTERM) != 0) {
        return fail(Errc::preflight_failed, validator.string(),
                    fmt::format("process {} may not be signalled", *process));
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (running_process(validator)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return fail(Errc::preflight_failed, validator.string(),
                        fmt::format("process {} was asked to stop and still runs", *process));
        }
        std::this_thread::sleep_for(kPause);
    }
    std::filesystem::remove(pid_file(validator), ignored);
    return true;
}

}  // namespace probatum::tools
