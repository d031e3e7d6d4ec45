#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ledger/block.h"
#include "ledger/entry.h"
#include "ledger/evidence_log.h"
#include "ledger/state_tree.h"
#include "ledger/state_view.h"
#include "ledger/store/chain_store.h"
#include "node/chain_rules.h"

namespace probatum::node {

/// A block and all that its execution gave; kept until the block is committed or abandoned, so that nothing is executed
/// twice. Immutable once made.
struct ExecutedBlock {
    ledger::BlockPtr block;
    std::vector<ledger::Entry> entries;
    ledger::StateOverlay::Writes writes;
    std::vector<ledger::store::SubjectEvent> events;
    std::vector<ledger::store::IndexEntry> index;
    std::unordered_set<Digest, DigestHash> ids;  ///< Of its transactions.
    ledger::StateTree tree;                      ///< After the block.
    ledger::log::Frontier log_before;
    ledger::log::Frontier log;  ///< After the block.
    RulesPtr rules;             ///< Of its epoch.
    RulesPtr child_rules;       ///< Of its children: the same, or where it closes its epoch those of the next.
    [[nodiscard]] bool closing() const { return rules != child_rules; }
};
using ExecutedPtr = std::shared_ptr<const ExecutedBlock>;

/// The last committed block with the tree that belongs to it.
struct CommittedBase {
    ledger::store::ChainViewPtr view;
    ledger::StateTree tree;
};

/// Values that were read or written lately. A value is looked up under its key and digest, so nothing here is ever
/// stale. Bounded. Threads: one (execution).
class ValueCache {
public:
    [[nodiscard]] const Bytes* find(const Digest& key, const Digest& value_digest) const;
    void put(const Digest& key, const Digest& value_digest, Bytes value);

private:
    static constexpr std::size_t kMaxBytes = 64U << 20U;
    struct Value {
        Digest digest;
        Bytes bytes;
    };
    std::unordered_map<Digest, Value, DigestHash> values_;
    std::size_t bytes_{0};
};

/// The state after a block that is executed but not committed: the tree says whether a key is there and what its value
/// hashes to, the value comes from the cache, from the pending blocks, newest first, or from the committed state.
/// Threads: one (execution).
class PendingView final : public ledger::StateView {
public:
    /// @param pending  uncommitted blocks, newest first; all outlive the view.
    PendingView(std::vector<ExecutedPtr> pending, CommittedBase base, ValueCache& cache);
    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override;
    [[nodiscard]] const ledger::StateTree& tree() const { return tree_; }

private:
    std::vector<ExecutedPtr> pending_;
    CommittedBase base_;
    ledger::StateTree tree_;
    ValueCache& cache_;
};

}  // namespace probatum::node
