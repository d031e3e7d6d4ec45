#pragma once

#include <memory>

#include "consensus/setup.h"
#include "contracts/epoch_terms.h"

namespace probatum::node {

/// What is the same for every block of one epoch.
struct ChainRules {
    Digest chain_id;
    Epoch epoch;
    UnixMs genesis_time;
    std::uint64_t rules_version{1};
    contracts::Parameters parameters;
    ledger::ValidatorSet validators;
    /// The last final block of the epoch before, where the recovery authorities named these validators: the first block
    /// above it records that.
    std::optional<Digest> succeeds{};
};
using RulesPtr = std::shared_ptr<const ChainRules>;

[[nodiscard]] inline RulesPtr make_rules(const Digest& chain_id, UnixMs genesis_time,
                                         const contracts::EpochTerms& terms, std::optional<Digest> succeeds = {}) {
    return std::make_shared<const ChainRules>(ChainRules{chain_id, terms.epoch, genesis_time, terms.rules_version,
                                                         terms.parameters, terms.validators, succeeds});
}

[[nodiscard]] inline consensus::Timing timing_of(const contracts::Parameters& parameters) {
    return {parameters.view_timeout_ms,     parameters.retry_interval_ms,   parameters.idle_empty_block_ms,
            parameters.silent_leader_views, parameters.view_timeout_min_ms, parameters.view_timeout_max_ms};
}

}  // namespace probatum::node
