#include "tools/bench/chain.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/client.h"
#include "tools/bench/limits.h"
#include "tools/bench/load.h"
#include "tools/bench/workload.h"
#include "tools/testnet_layout.h"
#include "tools/testnet_process.h"

namespace probatum::bench {

namespace {

namespace fs = std::filesystem;
using rpc::Json;
constexpr const char* kOrganisation = "bench";
constexpr std::uint64_t kValidMs = 60ULL * 60 * 1000;

template <class T>
T demand(Result<T> result, const char* what) {
    if (!result) {
        throw std::runtime_error{std::string{what} + ": " + result.error().to_string()};
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// A test net with the senders in its genesis; stopped and removed when it goes out of scope.
class Net {
public:
    Net(const ChainOptions& options, const std::vector<Sender>& senders)
        : directory_{(options.directory.empty() ? fs::temp_directory_path() : options.directory) /
                     ("probatum-bench-" + std::to_string(::getpid()))},
          keep_{options.keep} {
        tools::Consortium consortium = tools::make_consortium(options.validators, node::wall_clock());
        consortium.genesis.organisations.push_back({kOrganisation, "Bench", ""});
        for (const Sender& sender : senders) {
            consortium.genesis.members.push_back(sender.member);
        }
        demand(tools::write_test_net(directory_, consortium), "test net");
        net_ = demand(tools::load_test_net(directory_), "test net");
        const fs::path program = demand(tools::find_probatumd(), "probatumd");
        for (const auto& validator : net_.validators) {
            demand(tools::start_process(program, validator), "validator");
        }
        demand(tools::await_ready(net_, std::chrono::seconds{60}), "validators");
    }
    ~Net() {
        for (const auto& validator : net_.validators) {
            (void)tools::stop_process(validator.folder, std::chrono::seconds{20});
        }
        std::error_code ignored;
        if (!keep_) {
            fs::remove_all(directory_, ignored);
        }
    }
    Net(const Net&) = delete;
    Net& operator=(const Net&) = delete;

    [[nodiscard]] const tools::TestNet& get() const { return net_; }
    [[nodiscard]] Target target() const {
        Target out;
        for (const auto& validator : net_.validators) {
            out.urls.push_back(validator.url());
        }
        return out;
    }
    /// Everybody but the last.
    [[nodiscard]] Target others() const {
        Target out = target();
        out.urls.pop_back();
        return out;
    }
    void stop_last() const {
        (void)demand(tools::stop_process(net_.validators.back().folder, std::chrono::seconds{20}), "stop");
    }
    [[nodiscard]] Json status(std::size_t validator) const {
        auto client = demand(rpc::Client::make(net_.validators.at(validator).url()), "client");
        return demand(client.call("chain.status"), "chain.status");
    }
    [[nodiscard]] std::uint64_t bytes_on_disk() const {
        std::uint64_t bytes = 0;
        for (const auto& entry : fs::recursive_directory_iterator{net_.validators.front().folder / "data"}) {
            if (entry.is_regular_file() && entry.path().string().find("/state/") != std::string::npos) {
                bytes += entry.file_size();
            }
        }
        return bytes;
    }

private:
    fs::path directory_;
    bool keep_;
    tools::TestNet net_;
};

Json view_of(const Percentiles& times) {
    return {{"p50_ms", times.p50_ms}, {"p90_ms", times.p90_ms}, {"p99_ms", times.p99_ms}, {"max_ms", times.maximum_ms}};
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

/// What a stage cost per transaction, all validators together, between two readings of chain.status.
Json stage_costs(const std::vector<Json>& before, const std::vector<Json>& after, double transactions) {
    Json out = Json::object();
    for (std::size_t node = 0; node < after.size(); ++node) {
        const Json& stages = after[node].at("stages");
        for (std::size_t i = 0; i < stages.size(); ++i) {
            const double spent =
                static_cast<double>(stages[i].at("nanoseconds").get<std::uint64_t>()) -
                static_cast<double>(before[node].at("stages").at(i).at("nanoseconds").get<std::uint64_t>());
            const auto name = stages[i].at("stage").get<std::string>();
            const double validators = static_cast<double>(after.size());
            out[name] = out.value(name, 0.0) + spent * 1e-3 / (transactions * validators);
        }
    }
    return out;
}

std::vector<Json> statuses(const Net& net) {
    std::vector<Json> out;
    for (std::size_t i = 0; i < net.get().validators.size(); ++i) {
        out.push_back(net.status(i));
    }
    return out;
}

/// Numbers each deposit of a run once.
class Deposits {
public:
    Deposits(const std::vector<Sender>& senders, Digest chain_id) : senders_{senders}, chain_id_{chain_id} {}
    std::vector<Bytes> make(std::size_t count) {
        auto out = make_deposits(senders_, chain_id_, count, next_, UnixMs{node::wall_clock().raw() + kValidMs});
        next_ += count;
        return out;
    }

private:
    const std::vector<Sender>& senders_;
    Digest chain_id_;
    std::uint64_t next_{0};
};

/// The last validator dies a quarter into the open load and stays dead; the closed load comes after it.
Json one_dead(const Net& net, Deposits& deposits, const ChainOptions& options, const LoadResult& most,
              const LoadResult& at_half, unsigned cores) {
    const double rate = static_cast<double>(most.final) / most.seconds;
    const auto open = deposits.make(static_cast<std::size_t>(rate / 2 * options.seconds));
    const auto closed = deposits.make(static_cast<std::size_t>(2 * rate * options.seconds));
    std::thread death{[&] {
        std::this_thread::sleep_for(std::chrono::duration<double>{options.seconds / 4});
        net.stop_last();
    }};
    const LoadResult dying = run_open(net.others(), open, options.senders, rate / 2, options.seconds);
    death.join();
    const LoadResult dead = run_closed(net.others(), closed, options.senders, options.batch, options.seconds);
    return {{"maximum", view_of(dead, cores)},
            {"half_load_with_its_death", view_of(dying, cores)},
            {"throughput_of_healthy", static_cast<double>(dead.final) / dead.seconds / rate},
            {"p99_times_healthy", dying.finality.p99_ms / at_half.finality.p99_ms},
            {"p99_at_maximum_times_healthy", dead.finality.p99_ms / most.finality.p99_ms}};
}

}  // namespace

std::string run_chain(const ChainOptions& options) {
    const auto folder = options.directory.empty() ? fs::temp_directory_path() : options.directory;
    const MachineLimits limits = measure_limits(folder);
    const double limit = limits.transactions_per_second(static_cast<unsigned>(options.validators));
    const auto senders = make_senders(options.senders, kOrganisation);
    const Net net{options, senders};
    Deposits deposits{senders, net.get().genesis_digest};

    // A first load that is not counted fills caches and the machine's clock speed.
    (void)run_closed(net.target(), deposits.make(static_cast<std::size_t>(limit)), options.senders, options.batch, 2);

    const auto closed = deposits.make(static_cast<std::size_t>(limit * options.seconds));
    const std::size_t transaction_bytes = closed.front().size();
    const auto before = statuses(net);
    const std::uint64_t disk_before = net.bytes_on_disk();
    const LoadResult most = run_closed(net.target(), closed, options.senders, options.batch, options.seconds);
    const auto after = statuses(net);
    const double committed = static_cast<double>(after.front().at("log_size").get<std::uint64_t>()) -
                             static_cast<double>(before.front().at("log_size").get<std::uint64_t>());
    const double disk = static_cast<double>(net.bytes_on_disk()) - static_cast<double>(disk_before);

    const double half = static_cast<double>(most.final) / most.seconds / 2;
    const auto open = deposits.make(static_cast<std::size_t>(half * options.seconds));
    const LoadResult at_half = run_open(net.target(), open, options.senders, half, options.seconds);

    const Target first{{net.target().urls.front()}};
    const auto alone = deposits.make(static_cast<std::size_t>(200 * options.seconds));
    const LoadResult one_client = run_closed(first, alone, 1, 1, std::min(options.seconds, 10.0));

    const double rate = static_cast<double>(most.final) / most.seconds;
    Json out{{"bench", "chain"},
             {"validators", options.validators},
             {"senders", options.senders},
             {"transaction_bytes", transaction_bytes},
             {"workload", "evidence.deposit, two digests, provenance; signed beforehand; TLS and fdatasync on"},
             {"limit",
              {{"cores", limits.cores},
               {"signature_check_us", limits.signature_check_us},
               {"sync_4k_ms", limits.sync_4k_ms},
               {"transactions_per_second", limit}}},
             {"maximum", view_of(most, limits.cores)},
             {"share_of_limit", rate / limit},
             {"half_load", view_of(at_half, limits.cores)},
             {"one_client", view_of(one_client, limits.cores)},
             {"stage_us_per_transaction_per_validator", stage_costs(before, after, committed)},
             {"leveldb_bytes_per_transaction", disk / committed}};
    if (options.stop_one) {
        out["one_dead"] = one_dead(net, deposits, options, most, at_half, limits.cores);
    }
    return out.dump(2);
}

}  // namespace probatum::bench
