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

/// What the store cannot judge by itself; each may be left out.
struct ScrubChecks {
    /// The tree of the same height: with it the damaged state value is named.
    const StateTree* tree{nullptr};
    /// Whether a finality certificate holds: its signatures, under the set of its epoch.
    std::function<Result<void>(const Header&, const Certificate&)> certificate{};
    /// Whether these are all leaves of a subject's log: what the subject's state says of their number and root.
    std::function<Result<void>(const Digest& subject, bool refused, const log::Frontier& leaves)> subject_log{};
};

/// Reads every stored value of the view and checks it: blocks against checksum, id, payload and parent; entries against
/// the log roots in the headers; stored subtree hashes against the entries; state values against the state root; event
/// leaves against the chain of their digests and the transactions they name; certificates against the block they name.
/// An index only lists and proves nothing: its entries are counted and their form is looked at. storage_corrupt with
/// the first damage found; `field` names the table. Threads: any, beside commits.
[[nodiscard]] Result<ScrubReport> scrub(const ChainViewPtr& view, const Journal& journal,
                                        const ScrubChecks& checks = {});

}  // namespace probatum::ledger::store
