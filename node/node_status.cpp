#include "node/node_status.h"

#include <algorithm>

namespace probatum::node {

namespace {

constexpr std::uint64_t kRecentViews = 8;

/// Own clock minus the median of the validators' clocks.
std::int64_t drift_ms(const DriverStatus& driver) {
    std::vector<std::int64_t> offsets;
    for (const auto& [peer, offset] : driver.clock_offsets_ms) {
        if (peer < kFirstObserver) {
            offsets.push_back(offset);
        }
    }
    if (offsets.empty()) {
        return 0;
    }
    std::ranges::sort(offsets);
    return -offsets[offsets.size() / 2];
}

ValidatorStatus validator_status(const StatusInputs& inputs, ledger::ValidatorIndex index) {
    const DriverStatus& driver = inputs.driver;
    ValidatorStatus out;
    out.index = index;
    out.organisation = inputs.rules.validators.at(index).organisation;
    out.self = inputs.own == index;
    if (index < driver.consensus.last_heard.size()) {
        out.last_view_heard = driver.consensus.last_heard[index].raw();
        out.heard = out.last_view_heard > 0 && out.last_view_heard + kRecentViews >= driver.consensus.view.raw();
    }
    if (out.self) {
        out.connected = true;
        out.heard = true;
        out.last_height = driver.final_height;
        return out;
    }
    if (index < inputs.peers.size()) {
        out.address = inputs.peers[index].address;
        out.connected = inputs.peers[index].connected;
        out.problem = inputs.peers[index].problem;
    }
    if (const auto told = driver.peers.find(index); told != driver.peers.end()) {
        out.last_height = told->second.height;
    }
    return out;
}

}  // namespace

Status make_status(const StatusInputs& inputs) {
    Status out;
    out.version = "0.1.0";
    out.mode = inputs.own ? "validator" : "observer";
    out.chain_name = inputs.genesis.chain_name;
    out.chain_id = inputs.rules.chain_id;
    out.epoch = inputs.rules.epoch;
    out.view = inputs.driver.consensus.view;
    const ledger::Header& head = inputs.view->head();
    out.height = head.height;
    out.block = inputs.view->head_id();
    out.state_root = head.state_root;
    out.block_time = head.time;
    out.log_size = head.log_size;
    out.clock_drift_ms = drift_ms(inputs.driver);
    out.quorum = inputs.rules.validators.quorum();
    for (ledger::ValidatorIndex index = 0; index < inputs.rules.validators.size(); ++index) {
        out.validators.push_back(validator_status(inputs, index));
        out.reachable += out.validators.back().connected ? 1 : 0;
    }
    out.read_only = inputs.read_only;
    out.alarm = inputs.alarm;
    out.ready = inputs.running && !inputs.driver.behind && inputs.alarm.empty();
    out.pool_transactions = inputs.pool.transactions;
    out.pool_bytes = inputs.pool.bytes;
    for (std::size_t i = 0; i < kStages; ++i) {
        const StageCosts::Cost cost = inputs.costs->read(static_cast<Stage>(i));
        out.stages.push_back({kStageNames[i], cost.count, cost.nanoseconds});
    }
    return out;
}

}  // namespace probatum::node
