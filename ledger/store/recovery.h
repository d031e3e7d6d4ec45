#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/block.h"
#include "ledger/store/journal.h"
#include "ledger/vote.h"

namespace probatum::ledger::store {

/// A block that lies in the journal; its content is read when it is needed (Journal::read_block).
struct StoredBlock {
    Digest id;
    Header header;
    Position position;
};

struct FinalBlock {
    StoredBlock block;
    std::optional<Certificate> finality;  ///< Present where this very block is directly final.
};

/// What consensus and execution need to go on after a restart, and nothing older.
struct RecoveredJournal {
    /// Blocks above the height of the chain store that are final, ascending and gap-free: to be executed and committed.
    std::vector<FinalBlock> final_blocks;
    /// The finalize certificate of the highest (epoch, view) in the journal. Its block may still be missing here.
    std::optional<Certificate> highest_final;
    /// Own votes and certificates of views from that of `highest_final` on, in the order of writing.
    std::vector<Vote> own_votes;
    std::vector<Certificate> certificates;
    /// Blocks higher than the last of `final_blocks` (or than the chain store), by id.
    std::map<Digest, StoredBlock> blocks;
};

struct OpenedJournal {
    std::unique_ptr<Journal> journal;
    RecoveredJournal recovered;
};

/// Where the chain store stands: what was already executed.
struct ExecutedTip {
    Height height;  ///< 0: nothing beyond genesis; then `block` is the chain id.
    Digest block;
    Position position;           ///< Of that block in the journal; nowhere at height 0.
    std::uint64_t scan_from{0};  ///< Lowest journal segment that may hold anything that was not final then; 0: all.
};

/// Opens the journal and sorts what lies above `tip` (ChainStore::tip()). Errors: those of Journal::open;
/// storage_corrupt where a record does not decode; journal_missing where the journal does not hold the tip: it is not
/// the journal that the database was made from, or an older copy of it, and this validator must not vote.
[[nodiscard]] Result<OpenedJournal> recover(Files& files, const Path& directory, const Digest& chain_id,
                                            const ExecutedTip& tip, JournalOptions options = {});

}  // namespace probatum::ledger::store
