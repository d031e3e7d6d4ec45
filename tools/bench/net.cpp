#include "tools/bench/net.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "node/machine.h"
#include "rpc/client.h"
#include "tools/testnet_process.h"

namespace probatum::bench {

namespace {

namespace fs = std::filesystem;
using rpc::Json;
constexpr const char* kOrganisation = "bench";
constexpr std::uint64_t kValidMs = 60ULL * 60 * 1000;

/// Fields of a process after its name, which may hold anything (proc(5)).
std::vector<double> process_figures(int process) {
    std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
    std::string line;
    std::getline(file, line);
    std::istringstream fields{line.substr(line.rfind(')') + 4)};
    std::vector<double> out;
    for (double value = 0; fields >> value;) {
        out.push_back(value);
    }
    return out;
}
constexpr std::size_t kUserTicks = 10;
constexpr std::size_t kSystemTicks = 11;
constexpr std::size_t kResidentPages = 20;

Json view_of(const Percentiles& times) {
    return {{"p50_ms", times.p50_ms}, {"p90_ms", times.p90_ms}, {"p99_ms", times.p99_ms}, {"max_ms", times.maximum_ms}};
}

}  // namespace

Net::Net(const NetOptions& options, const std::vector<Sender>& senders)
    : directory_{(options.directory.empty() ? fs::temp_directory_path() : options.directory) /
                 ("probatum-bench-" + std::to_string(::getpid()) + "-" + std::to_string(options.validators))},
      keep_{options.keep} {
    tools::Consortium consortium = tools::make_consortium(options.validators, node::wall_clock());
    consortium.genesis.organisations.insert(
        std::ranges::lower_bound(consortium.genesis.organisations, kOrganisation, {}, &contracts::Organisation::id),
        {kOrganisation, "Bench", ""});
    for (const Sender& sender : senders) {
        consortium.genesis.members.push_back(sender.member);
    }
    demand(tools::write_test_net(directory_, consortium), "test net");
    net_ = demand(tools::load_test_net(directory_), "test net");
    const fs::path program = demand(tools::find_probatumd(), "probatumd");
    const auto begun = std::chrono::steady_clock::now();
    for (const auto& validator : net_.validators) {
        demand(tools::start_process(program, validator), "validator");
    }
    demand(tools::await_ready(net_, std::chrono::seconds{60 + 5 * options.validators}), "validators");
    start_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

Net::~Net() {
    // All at once, then each in turn: many of them take long one after another.
    for (const auto& validator : net_.validators) {
        if (const auto process = tools::running_process(validator.folder)) {
            ::kill(*process, SIGTERM);
        }
    }
    for (const auto& validator : net_.validators) {
        (void)tools::stop_process(validator.folder, std::chrono::seconds{30});
    }
    std::error_code ignored;
    if (!keep_) {
        fs::remove_all(directory_, ignored);
    }
}

Target Net::target() const {
    Target out;
    for (const auto& validator : net_.validators) {
        out.urls.push_back(validator.url());
    }
    return out;
}

Target Net::others() const {
    Target out = target();
    out.urls.pop_back();
    return out;
}

void Net::stop_last(bool kill) const {
    const fs::path& folder = net_.validators.back().folder;
    const auto process = tools::running_process(folder);
    if (kill && process) {
        ::kill(*process, SIGKILL);
        return;
    }
    (void)demand(tools::stop_process(folder, std::chrono::seconds{20}), "stop");
}

Json Net::status(std::size_t validator) const {
    auto client = demand(rpc::Client::make(net_.validators.at(validator).url()), "client");
    return demand(client.call("chain.status"), "chain.status");
}

std::vector<Json> Net::statuses() const {
    std::vector<Json> out;
    for (std::size_t i = 0; i < net_.validators.size(); ++i) {
        out.push_back(status(i));
    }
    return out;
}

std::uint64_t Net::bytes_on_disk() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator{net_.validators.front().folder / "data"}) {
        if (entry.is_regular_file() && entry.path().string().find("/state/") != std::string::npos) {
            bytes += entry.file_size();
        }
    }
    return bytes;
}

double Net::cpu_seconds() const {
    double ticks = 0;
    for (const auto& validator : net_.validators) {
        if (const auto process = tools::running_process(validator.folder)) {
            const auto figures = process_figures(*process);
            ticks += figures.at(kUserTicks) + figures.at(kSystemTicks);
        }
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double Net::resident_mib() const {
    double pages = 0;
    for (const auto& validator : net_.validators) {
        if (const auto process = tools::running_process(validator.folder)) {
            pages += process_figures(*process).at(kResidentPages);
        }
    }
    return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20) / static_cast<double>(net_.validators.size());
}

std::vector<Bytes> Deposits::make(std::size_t count) {
    auto out = make_deposits(senders_, chain_id_, count, next_, UnixMs{node::wall_clock().raw() + kValidMs});
    next_ += count;
    return out;
}

Json view_of(const LoadResult& load, unsigned cores) {
    return {{"sent", load.sent},
            {"final", load.final},
            {"refused", load.refused},
            {"not_final_in_time", load.unanswered},
            {"seconds", load.seconds},
            {"committed_per_second", static_cast<double>(load.final) / load.seconds},
            {"finality", view_of(load.finality)},
            {"client_cpu_share_of_machine", load.client_cpu_seconds / (load.seconds * cores)},
            {"first_error", load.first_error}};
}

}  // namespace probatum::bench
