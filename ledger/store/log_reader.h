#pragma once

#include <cstdint>
#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/entry.h"
#include "ledger/evidence_log.h"
#include "ledger/store/database.h"

/// The chain's evidence log as it lies in the database: chunks of entries, and hashes of the larger perfect subtrees.
/// Private to this folder.
namespace probatum::ledger::store {

/// A log position, and the entry's encoding there.
using EntryVisitor = std::function<Result<void>(std::uint64_t position, ByteView entry)>;

/// Shows the entries [from, to). storage_corrupt where one is missing.
[[nodiscard]] Result<void> read_entries(const Database& database, const leveldb::Snapshot* snapshot, std::uint64_t from,
                                        std::uint64_t to, const EntryVisitor& visit);

/// The root of a perfect subtree that is complete in the log.
[[nodiscard]] Result<Digest> read_log_node(const Database& database, const leveldb::Snapshot* snapshot, log::Node node);

/// The right edge of the first `size` entries.
[[nodiscard]] Result<log::Frontier> read_frontier(const Database& database, const leveldb::Snapshot* snapshot,
                                                  std::uint64_t size);

/// Called with each perfect subtree that an append completes, lowest first, from the lowest stored level on.
using NodeSink = std::function<void(log::Node, const Digest&)>;
void append_leaf(log::Frontier& frontier, const Digest& leaf_hash, const NodeSink& sink);

}  // namespace probatum::ledger::store
