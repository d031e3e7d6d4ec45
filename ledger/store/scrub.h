#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "ledger/state_tree.h"
#include "ledger/store/chain_view.h"
#include "ledger/store/journal.h"

namespace probatum::ledger::store {

struct ScrubReport {
    std::uint64_t blocks{0};
    std::uint64_t entries{0};
    std::uint64_t state_values{0};
    std::uint64_t log_nodes{0};
    std::uint64_t events{0};
    std::uint64_t index_entries{0};
};

/// Reads every stored value of the view and checks it: blocks against checksum, id, payload and parent; entries against the
/// log roots in the headers; stored subtree hashes against the entries; state values against the state root (with `tree`, the
/// tree of the same height, the damaged key is named); event leaves against the chain of their digests; certificates against
/// the block they name (their signatures are the caller's to check).
/// storage_corrupt with the first damage found; `field` names it.
/// Threads: any, beside commits.
[[nodiscard]] Result<ScrubReport> scrub(const ChainViewPtr& view, const Journal& journal, const StateTree* tree = nullptr);

}  // namespace probatum::ledger::store
