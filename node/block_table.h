#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "consensus/events.h"
#include "ledger/block.h"
#include "ledger/store/journal.h"
#include "node/chain_rules.h"

namespace probatum::node {

/// What consensus knows of a block before it is executed.
[[nodiscard]] consensus::BlockRef ref_of(const ledger::Block& block);
[[nodiscard]] consensus::BlockRef ref_of(const ledger::Header& header, const Digest& id, View parent_view,
                                         bool has_content);

/// Blocks that are held and not committed yet, and where they lie in the journal.
/// Threads: one (consensus).
class BlockTable {
public:
    struct Held {
        ledger::BlockPtr block;
        consensus::BlockRef ref;
        ledger::store::Position position{};  ///< Segment 0: not in the journal.
        RulesPtr next_rules{};               ///< Of the next epoch, once executed, where the block closes its own.
        bool needed{false};  ///< Consensus counts on it: built here, to be checked, or named by a certificate.
    };

    Held& put(ledger::BlockPtr block);
    [[nodiscard]] Held* find(const Digest& id);
    [[nodiscard]] std::size_t size() const { return held_.size(); }
    /// The block and its ancestors above `height`, ascending; nothing where one is missing.
    [[nodiscard]] std::optional<std::vector<Held*>> chain(const Digest& id, Height height);
    /// Transactions in the uncommitted chain that ends with this block.
    [[nodiscard]] std::size_t transactions_above(const Digest& id, Height committed);
    /// Lowest journal segment of a held block above `height`, or `otherwise`.
    [[nodiscard]] std::uint64_t lowest_segment(Height height, std::uint64_t otherwise) const;
    /// Blocks of one view that are held.
    [[nodiscard]] std::size_t count_in(View view) const;
    /// Forgets what lies at or below `height`, and what nobody counts on and whose view is before `view`.
    void prune(Height height, View view);

private:
    std::unordered_map<Digest, Held, DigestHash> held_;
};

}  // namespace probatum::node
