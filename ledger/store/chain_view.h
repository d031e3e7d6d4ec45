#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/block.h"
#include "ledger/entry.h"
#include "ledger/evidence_log.h"
#include "ledger/state_tree.h"
#include "ledger/state_view.h"
#include "ledger/store/journal.h"

namespace probatum::ledger::store {

class Database;

/// What lists and searches need; derived, never hashed. Kinds and keys are the contracts' own.
struct IndexEntry {
    std::uint8_t kind{0};
    Bytes key;
    Digest subject;
    friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

struct TransactionLocation {
    Height height;
    std::uint32_t index{0};  ///< Position in its block.
    std::uint64_t entry{0};  ///< Position in the evidence log.
    friend bool operator==(const TransactionLocation&, const TransactionLocation&) = default;
};

struct SubjectPage {
    Digest subject;
    bool refused{false};    ///< False: the event log. True: the log of refused attempts.
    std::uint64_t from{0};  ///< Sequence of the first leaf wanted.
    std::size_t limit{100};
};

struct IndexPage {
    std::uint8_t kind{0};
    Bytes key;
    std::uint64_t after{0};  ///< `cursor` of the last hit seen; 0 from the beginning.
    std::size_t limit{100};
};

struct IndexHit {
    std::uint64_t cursor{0};  ///< Ascending in the order of insertion; stable for ever.
    Digest subject;
    friend bool operator==(const IndexHit&, const IndexHit&) = default;
};

/// The chain as it stood after one block: everything it answers belongs together while commits go on beside it. It is
/// also the state view on which the next blocks are executed.
///
/// Errors of all reads: not_found where there is no such thing at this height, storage_corrupt where what is stored
/// does not fit. get() and the node source have no room for an error and end the process instead. Threads: any number
/// at once. Keep it for one request or one block: it pins old data on disk.
class ChainView final : public StateView, public std::enable_shared_from_this<ChainView> {
public:
    ~ChainView() override;
    ChainView(const ChainView&) = delete;
    ChainView& operator=(const ChainView&) = delete;

    [[nodiscard]] const Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] Height height() const { return height_; }
    /// Id of the last block; the chain id at height 0.
    [[nodiscard]] const Digest& block_id() const { return block_id_; }
    /// Header of the last block; none at height 0.
    [[nodiscard]] const std::optional<Header>& header() const { return header_; }
    [[nodiscard]] const log::Frontier& log_frontier() const { return frontier_; }

    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override;

    [[nodiscard]] Result<Header> header_at(Height height) const;
    [[nodiscard]] Result<Height> height_of(const Digest& block_id) const;
    [[nodiscard]] Result<Position> position_of(Height height) const;
    /// The whole block, through the journal; its id is compared.
    [[nodiscard]] Result<BlockPtr> block_at(Height height, const Journal& journal) const;

    [[nodiscard]] Result<TransactionLocation> find_transaction(const Digest& transaction_id) const;
    /// Whether it is recorded. A table that cannot be read is no "no": then this machine is at fault and the node
    /// stops.
    [[nodiscard]] bool holds_transaction(const Digest& transaction_id) const;
    [[nodiscard]] Result<Entry> entry(std::uint64_t position) const;
    [[nodiscard]] Result<std::vector<Entry>> entries_of(Height height) const;
    /// Position in the evidence log of a block's first entry.
    [[nodiscard]] Result<std::uint64_t> first_entry(Height height) const;

    /// The lowest block at or above `height` that is directly final, and why.
    struct DirectFinality {
        Height height;
        Certificate certificate;
    };
    [[nodiscard]] Result<DirectFinality> finality_at_or_after(Height height) const;
    /// The same as a proof for the block of `height`: certificate and headers back to it.
    [[nodiscard]] Result<FinalityProof> finality_proof(Height height) const;

    /// Leaves in sequence from page.from, at most page.limit.
    [[nodiscard]] Result<std::vector<EventLeaf>> subject_events(const SubjectPage& page) const;
    [[nodiscard]] Result<std::uint64_t> subject_event_count(const Digest& subject, bool refused) const;
    [[nodiscard]] Result<std::vector<IndexHit>> index_scan(const IndexPage& page) const;

    /// Every state value, ascending by key, until `visit` answers false.
    using StateVisitor = std::function<bool(const Digest& key, ByteView value)>;
    [[nodiscard]] Result<void> for_each_state(const StateVisitor& visit) const;
    /// The authenticated tree over all values. storage_corrupt if its root is not the header's.
    [[nodiscard]] Result<StateTree> state_tree() const;

    /// Hashes of perfect subtrees of the chain's evidence log as of this view, for proofs. Keeps the view alive.
    [[nodiscard]] log::NodeSource log_nodes() const;

private:
    friend class ChainStore;
    friend class Scrubber;
    ChainView(std::shared_ptr<Database> database, const Digest& chain_id);
    class Snapshot;

    std::shared_ptr<Database> database_;
    std::unique_ptr<Snapshot> snapshot_;
    Digest chain_id_;
    Height height_;
    Digest block_id_;
    std::optional<Header> header_;
    log::Frontier frontier_;
};
using ChainViewPtr = std::shared_ptr<const ChainView>;

}  // namespace probatum::ledger::store
