#include "tools/bench/chain.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "tools/bench/limits.h"
#include "tools/bench/net.h"

namespace probatum::bench {

namespace {

namespace fs = std::filesystem;
using rpc::Json;

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

/// The last validator dies a quarter into the open load and stays dead; the closed load comes after it.
Json one_dead(const Net& net, Deposits& deposits, const ChainOptions& options, const LoadResult& most,
              const LoadResult& at_half, unsigned cores) {
    const double rate = static_cast<double>(most.final) / most.seconds;
    const auto open = deposits.make(static_cast<std::size_t>(rate / 2 * options.seconds));
    const auto closed = deposits.make(static_cast<std::size_t>(2 * rate * options.seconds));
    std::thread death{[&] {
        std::this_thread::sleep_for(std::chrono::duration<double>{options.seconds / 4});
        net.stop_last(options.kill);
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
    const auto senders = make_senders(options.senders, "bench");
    const Net net{{options.validators, options.directory, options.keep}, senders};
    Deposits deposits{senders, net.get().genesis_digest};

    // A first load that is not counted fills caches and the machine's clock speed.
    (void)run_closed(net.target(), deposits.make(static_cast<std::size_t>(limit)), options.senders, options.batch, 2);

    const auto closed = deposits.make(static_cast<std::size_t>(limit * options.seconds));
    const std::size_t transaction_bytes = closed.front().size();
    const auto before = net.statuses();
    const std::uint64_t disk_before = net.bytes_on_disk();
    const LoadResult most = run_closed(net.target(), closed, options.senders, options.batch, options.seconds);
    const auto after = net.statuses();
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
