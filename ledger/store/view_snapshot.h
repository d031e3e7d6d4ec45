#pragma once

#include <leveldb/db.h>

#include "ledger/store/chain_view.h"

namespace probatum::ledger::store {

/// A LevelDB snapshot, given back when the view ends; private to this folder.
class ChainView::Snapshot {
public:
    explicit Snapshot(leveldb::DB& db) : db_{db}, snapshot_{db.GetSnapshot()} {}
    ~Snapshot() { db_.ReleaseSnapshot(snapshot_); }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    [[nodiscard]] const leveldb::Snapshot* get() const { return snapshot_; }

private:
    leveldb::DB& db_;
    const leveldb::Snapshot* snapshot_;
};

}  // namespace probatum::ledger::store
