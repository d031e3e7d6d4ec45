#pragma once

#include <leveldb/write_batch.h>

#include <cstdint>

#include "ledger/evidence_log.h"
#include "ledger/store/chain_store.h"
#include "ledger/store/database.h"

/// Turns one committed block into one LevelDB batch; private to this folder.
namespace probatum::ledger::store {

/// Adds everything but the tip, and moves `frontier` and `index_sequence` on. Checks that the entries are those of the
/// block and lead to the header's log root.
void add_block(leveldb::WriteBatch& batch, const CommittedBlock& committed, log::Frontier& frontier,
               std::uint64_t& index_sequence);

void add_state(leveldb::WriteBatch& batch, const StateOverlay::Writes& writes);
void add_finality(leveldb::WriteBatch& batch, Height height, const Certificate& certificate);
void add_tip(leveldb::WriteBatch& batch, const Tip& tip);

}  // namespace probatum::ledger::store
