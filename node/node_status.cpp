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
    out.organisation = driver.rules->validators.at(index).organisation;
    out.self = driver.own == index;
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
    const PeerId peer = driver.members.at(index);
    if (peer < inputs.peers.size()) {
        out.address = inputs.peers[peer].address;
        out.connected = inputs.peers[peer].connected;
        out.problem = inputs.peers[peer].problem;
    }
    if (const auto told = driver.peers.find(peer); told != driver.peers.end()) {
        out.last_height = told->second.height;
    }
    if (const auto offset = driver.clock_offsets_ms.find(peer); offset != driver.clock_offsets_ms.end()) {
        out.clock_offset_ms = offset->second;
    }
    return out;
}

}  // namespace

Status make_status(const StatusInputs& inputs) {
    Status out;
    out.version = "0.1.0";
    out.mode = inputs.driver.own ? "validator" : inputs.has_identity ? "follower" : "observer";
    out.chain_name = inputs.genesis.chain_name;
    out.chain_id = inputs.driver.rules->chain_id;
    out.epoch = inputs.driver.rules->epoch;
    out.view = inputs.driver.consensus.view;
    out.view_timeout_ms = inputs.driver.consensus.view_timeout_ms;
    for (const ledger::Misbehaviour& proof : inputs.driver.misbehaviour) {
        out.misbehaviour.push_back(ledger::encode(proof));
    }
    const ledger::Header& head = inputs.view->head();
    out.height = head.height;
    out.block = inputs.view->head_id();
    out.state_root = head.state_root;
    out.block_time = head.time;
    out.log_size = head.log_size;
    out.clock_drift_ms = drift_ms(inputs.driver);
    out.quorum = inputs.driver.rules->validators.quorum();
    for (ledger::ValidatorIndex index = 0; index < inputs.driver.rules->validators.size(); ++index) {
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
