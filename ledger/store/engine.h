#pragma once

#include <leveldb/db.h>
#include <leveldb/options.h>

#include "ledger/store/files.h"

namespace probatum::ledger::store {

/// What keeps the key-value pairs of a chain store. LevelDB's own interface is the port: an ordered map with atomic
/// batches, synced or not, and snapshots; a model of it can lose, tear and damage what a real disk would.
/// Threads: any.
class Engine {
public:
    virtual ~Engine() = default;
    [[nodiscard]] virtual leveldb::Status open(const leveldb::Options& options, const Path& directory,
                                               std::unique_ptr<leveldb::DB>& opened) = 0;
    /// Removes all of it; it must be closed.
    [[nodiscard]] virtual leveldb::Status destroy(const Path& directory) = 0;
};

/// LevelDB on this machine's disk.
[[nodiscard]] Engine& leveldb_engine();

}  // namespace probatum::ledger::store
