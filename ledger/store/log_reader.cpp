#include "ledger/store/log_reader.h"

#include <bit>
#include <vector>

#include "base/cbor.h"
#include "ledger/store/keys.h"

namespace probatum::ledger::store {
namespace {

/// Shows those entries of one chunk that lie in [next, to) and moves `next` past them.
Result<void> read_chunk(std::uint64_t last, ByteView chunk, std::uint64_t& next, std::uint64_t to,
                        const EntryVisitor& visit) {
    cbor::Reader reader{chunk};
    const std::uint64_t count = reader.array();
    if (count == 0 || count > keys::kChunkEntries || count > last + 1) {
        return corrupt("entries", "a chunk has a wrong count");
    }
    const std::uint64_t first = last + 1 - count;
    if (first > next) {
        return corrupt("entries", "the chunk with position " + std::to_string(next) + " is missing");
    }
    for (std::uint64_t position = first; position <= last; ++position) {
        const ByteView item = reader.raw_item();
        if (reader.failed()) {
            break;
        }
        if (position != next || position >= to) {
            continue;
        }
        PROBATUM_TRY(visit(position, item));
        ++next;
    }
    reader.leave();
    const auto finished = reader.finish();
    if (!finished) {
        return corrupt("entries", finished.error().to_string());
    }
    return {};
}

}  // namespace

Result<void> read_entries(const Database& database, const leveldb::Snapshot* snapshot, std::uint64_t from,
                          std::uint64_t to, const EntryVisitor& visit) {
    if (from >= to) {
        return {};
    }
    const std::unique_ptr<leveldb::Iterator> it{database.db().NewIterator(Database::read_options(snapshot))};
    std::uint64_t next = from;
    for (it->Seek(slice(keys::entries(from))); next < to; it->Next()) {
        if (!it->Valid() || it->key()[0] != keys::kEntries) {
            if (!it->status().ok()) {
                return fail(error_of(it->status()));
            }
            return corrupt("entries", "position " + std::to_string(next) + " is missing");
        }
        const std::uint64_t last = keys::trailing_number(it->key().ToString());
        PROBATUM_TRY(read_chunk(last, view_of(it->value()), next, to, visit));
    }
    return {};
}

Result<Digest> read_log_node(const Database& database, const leveldb::Snapshot* snapshot, log::Node node) {
    if (node.level >= keys::kLowestStoredLevel) {
        PROBATUM_LET(value, database.get(keys::log_node(node), snapshot));
        if (value.size() != Digest::kSize) {
            return corrupt("log nodes", "a subtree hash has a wrong length");
        }
        Digest digest;
        std::ranges::copy(as_bytes(value), digest.bytes.begin());
        return digest;
    }
    std::vector<Digest> leaves;
    const std::uint64_t from = node.index << node.level;
    PROBATUM_TRY(read_entries(database, snapshot, from, from + (std::uint64_t{1} << node.level),
                              [&](std::uint64_t, ByteView entry) -> Result<void> {
                                  leaves.push_back(log::leaf_hash(entry));
                                  return {};
                              }));
    return log::root_of(leaves);
}

Result<log::Frontier> read_frontier(const Database& database, const leveldb::Snapshot* snapshot, std::uint64_t size) {
    log::Frontier frontier{size, {}};
    std::uint64_t begin = 0;
    for (std::uint64_t rest = size; rest > 0;) {
        const std::uint64_t width = std::bit_floor(rest);
        const auto level = static_cast<std::uint32_t>(std::countr_zero(width));
        PROBATUM_LET(peak, read_log_node(database, snapshot, log::Node{level, begin >> level}));
        frontier.peaks.push_back(peak);
        begin += width;
        rest -= width;
    }
    return frontier;
}

void append_leaf(log::Frontier& frontier, const Digest& leaf_hash, const NodeSink& sink) {
    // The same merge as log::Frontier::append, which does not show the subtrees on the way.
    Digest peak = leaf_hash;
    std::uint32_t level = 0;
    std::uint64_t index = frontier.size;
    for (; (index & 1U) != 0; index >>= 1U) {
        peak = log::node_hash(frontier.peaks.back(), peak);
        frontier.peaks.pop_back();
        ++level;
        if (level >= keys::kLowestStoredLevel) {
            sink(log::Node{level, index >> 1U}, peak);
        }
    }
    frontier.peaks.push_back(peak);
    ++frontier.size;
}

}  // namespace probatum::ledger::store
