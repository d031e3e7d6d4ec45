#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/store/chain_view.h"
#include "ledger/store/files.h"
#include "ledger/store/journal.h"
#include "ledger/store/recovery.h"

/// State, indexes and proofs of the final chain, in LevelDB. All of it is derived from the journal: it may be destroyed
/// and is then made again by executing the journal's final blocks. Key layout: docs/spec/storage.md.
namespace probatum::ledger::store {

class Engine;

/// A leaf that a block appended to a subject's own log.
struct SubjectEvent {
    bool refused{false};
    EventLeaf leaf;
};

/// Everything that one final block leaves behind.
struct CommittedBlock {
    BlockPtr block;
    Position position;                    ///< Of the block in the journal.
    std::vector<Entry> entries;           ///< One per transaction, in order.
    StateOverlay::Writes writes;          ///< Of the whole block.
    std::vector<SubjectEvent> events;     ///< In order.
    std::vector<IndexEntry> index;        ///< In order.
    std::optional<Certificate> finality;  ///< Where this very block is directly final.
    /// Lowest journal segment that may hold a block that is not final yet, or a vote or certificate of this block's
    /// view or a later one: what Journal::last_segment() was when that view was entered, or lower. Recovery scans from
    /// there; 0 scans everything.
    std::uint64_t scan_from{0};
};

struct ChainStoreOptions {
    std::uint32_t checkpoint_blocks{64};  ///< Every so many blocks the batch is synced.
    std::size_t write_buffer_bytes{8U * 1024 *
                                   1024};  ///< Larger ones cost more per write: the table leaves the processor's cache.
    std::size_t block_cache_bytes{64U * 1024 * 1024};
    FatalHandler on_fatal{};
    Engine* engine{nullptr};  ///< None: LevelDB on this machine's disk. Outlives the store and its views.
};

/// Threads: commit belongs to one thread; view() and the rest may be called from any.
class ChainStore {
public:
    /// Opens, or makes with the genesis state as height 0. Markers and headers are checked back to the last checkpoint.
    /// foreign_chain; preflight_failed where a newer program made it or another process has it open; storage_corrupt
    /// where LevelDB refuses or a marker is missing: the caller may then destroy and rebuild from the journal.
    [[nodiscard]] static Result<std::unique_ptr<ChainStore>> open(const Path& directory, const Digest& chain_id,
                                                                  const StateOverlay::Writes& genesis_state,
                                                                  ChainStoreOptions options = {});
    /// Removes all of it. The store must be closed.
    [[nodiscard]] static Result<void> destroy(const Path& directory, Engine* engine = nullptr);

    /// Syncs a last checkpoint. Views may outlive the store.
    ~ChainStore();
    ChainStore(const ChainStore&) = delete;
    ChainStore& operator=(const ChainStore&) = delete;

    /// Writes one block in one batch. The next height, its parent and its log root are checked; a disk that refuses
    /// ends the process. When it returns, view() shows the block.
    void commit(const CommittedBlock& committed);
    /// Adds a finality certificate to a block that was committed without one (it was formed later).
    void add_finality(Height height, const Certificate& certificate);
    /// Makes everything committed durable now.
    void checkpoint();

    /// The chain after the last commit.
    [[nodiscard]] ChainViewPtr view() const;
    [[nodiscard]] Height height() const;
    /// What recovery of the journal needs to know.
    [[nodiscard]] ExecutedTip tip() const;
    /// Heights up to here survive a crash of the machine.
    [[nodiscard]] Height durable_height() const;
    /// Journal segments below this one hold nothing that the last two checkpoints need: for Journal::trim_below on
    /// nodes that keep no archive.
    [[nodiscard]] std::uint64_t trimmable_below() const;

    /// Bytes given to LevelDB since opening (batches, before compression), for metrics.
    [[nodiscard]] std::uint64_t bytes_written() const;

private:
    class Writer;
    explicit ChainStore(std::unique_ptr<Writer> writer);
    std::unique_ptr<Writer> writer_;
};

}  // namespace probatum::ledger::store
