#include <algorithm>
#include <thread>

#include "node/machine.h"
#include "rpc/client.h"
#include "tools/bench/chain.h"
#include "tools/bench/limits.h"
#include "tools/bench/net.h"
#include "tools/keys.h"

namespace probatum::bench {

namespace {

using rpc::Json;
constexpr double kOpenPerSecond = 50;

struct Costs {
    double cpu_seconds{0};
    std::uint64_t height{0};
};
Costs read_costs(const Net& net) { return {net.cpu_seconds(), net.status(0).at("height").get<std::uint64_t>()}; }

Json costs_of(const Costs& before, const Costs& after, const LoadResult& load, std::size_t validators) {
    const double blocks = static_cast<double>(after.height - before.height);
    const double cpu_ms = (after.cpu_seconds - before.cpu_seconds) * 1e3;
    return {{"blocks", blocks},
            {"blocks_per_second", blocks / load.seconds},
            {"transactions_per_block", static_cast<double>(load.final) / blocks},
            {"cpu_ms_per_block_all_validators", cpu_ms / blocks},
            {"cpu_ms_per_block_per_validator", cpu_ms / blocks / static_cast<double>(validators)}};
}

Json measure(std::size_t validators, const BlocksOptions& options, const MachineLimits& limits) {
    const auto senders = make_senders(20, "bench");
    const Net net{{validators, options.directory, false}, senders};
    Deposits deposits{senders, net.get().genesis_digest};
    const Target first{{net.target().urls.front()}};
    (void)run_closed(first, deposits.make(10), 1, 1, 60);

    const auto alone = deposits.make(static_cast<std::size_t>(200 * options.seconds));
    const Costs before = read_costs(net);
    const LoadResult one_client = run_closed(first, alone, 1, 1, options.seconds);
    const Costs between = read_costs(net);
    const auto open = deposits.make(static_cast<std::size_t>(kOpenPerSecond * options.seconds));
    const LoadResult steady = run_open(net.target(), open, senders.size(), kOpenPerSecond, options.seconds);
    const Costs after = read_costs(net);
    return {{"validators", validators},
            {"start_seconds", net.start_seconds()},
            {"resident_mib_per_validator", net.resident_mib()},
            {"one_client", view_of(one_client, limits.cores)},
            {"one_client_costs", costs_of(before, between, one_client, validators)},
            {"fifty_per_second", view_of(steady, limits.cores)},
            {"fifty_per_second_costs", costs_of(between, after, steady, validators)}};
}

}  // namespace

std::string run_blocks(const BlocksOptions& options) {
    const auto folder = options.directory.empty() ? std::filesystem::temp_directory_path() : options.directory;
    const MachineLimits limits = measure_limits(folder);
    Json out{{"bench", "blocks"},
             {"limit",
              {{"cores", limits.cores},
               {"signature_check_us", limits.signature_check_us},
               {"sync_4k_ms", limits.sync_4k_ms}}},
             {"sizes", Json::array()}};
    for (const std::size_t validators : options.sizes) {
        out["sizes"].push_back(measure(validators, options, limits));
    }
    return out.dump(2);
}

std::string run_existing(const ExistingOptions& options) {
    const tools::TestNet net = demand(tools::load_test_net(options.net), "test net");
    Target target;
    for (const auto& validator : net.validators) {
        target.urls.push_back(validator.url());
    }
    const auto maker = std::ranges::find_if(net.identities, [](const tools::TestNet::Identity& one) {
        return std::ranges::find(one.roles, contracts::Role::lender_maker) != one.roles.end();
    });
    if (maker == net.identities.end()) {
        throw std::runtime_error{"no identity of this test net may deposit"};
    }
    const Bytes file = demand(node::read_file(maker->key), "key");
    const Bytes secret = demand(node::read_file(options.net / "keys" / "passphrase"), "passphrase");
    std::string passphrase{as_text(secret)};
    passphrase.resize(passphrase.find_last_not_of("\r\n") + 1);
    key_file::Opened opened = demand(key_file::open(file, passphrase), "key");
    contracts::Member member{.organisation = maker->organisation,
                             .id = maker->member,
                             .name = {},
                             .key = opened.key.public_key(),
                             .roles = maker->roles};
    std::vector<Sender> senders;
    senders.push_back({std::move(opened.key), std::move(member)});
    // Never the numbers of an earlier run.
    Deposits deposits{senders, net.genesis_digest, node::wall_clock().raw() * 1000};
    const double guess = options.per_second > 0 ? options.per_second : 2000;
    const auto transactions = deposits.make(static_cast<std::size_t>(guess * options.seconds));
    const LoadResult load =
        options.per_second > 0
            ? run_open(target, transactions, options.connections, options.per_second, options.seconds)
            : run_closed(target, transactions, options.connections, options.batch, options.seconds);
    return Json{{"bench", "load"}, {"load", view_of(load, std::thread::hardware_concurrency())}}.dump(2);
}

}  // namespace probatum::bench
