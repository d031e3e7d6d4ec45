#include "ledger/store/block_batch.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/cbor.h"
#include "base/check.h"
#include "ledger/store/keys.h"
#include "ledger/store/log_reader.h"

namespace probatum::ledger::store {
namespace {

void put(leveldb::WriteBatch& batch, const std::string& key, ByteView value) { batch.Put(slice(key), slice(value)); }

void add_entries(leveldb::WriteBatch& batch, const CommittedBlock& committed, log::Frontier& frontier) {
    const auto& transactions = committed.block->transactions;
    const auto& entries = committed.entries;
    PROBATUM_CHECK(entries.size() == transactions.size(), "one entry per transaction");
    for (std::size_t begin = 0; begin < entries.size(); begin += keys::kChunkEntries) {
        const std::size_t end = std::min(entries.size(), begin + keys::kChunkEntries);
        cbor::Writer chunk{(end - begin) * 80};
        chunk.array(end - begin);
        for (std::size_t i = begin; i < end; ++i) {
            PROBATUM_CHECK(entries[i].transaction == transactions[i]->id(),
                           "entries stand in the order of the transactions");
            const Bytes encoded = encode(entries[i]);
            chunk.raw(encoded);
            append_leaf(frontier, log::leaf_hash(encoded),
                        [&](log::Node node, const Digest& digest) { put(batch, keys::log_node(node), digest.view()); });
        }
        put(batch, keys::entries(frontier.size - 1), chunk.view());
    }
}

/// Rows with scattered keys, put in the order of their keys: LevelDB's memory table then finds each place close to the
/// last one, which is half of what a commit costs.
class Rows {
public:
    explicit Rows(std::size_t count) { rows_.reserve(count); }
    void add(std::string key, ByteView value) { rows_.emplace_back(std::move(key), to_bytes(value)); }
    void put_all(leveldb::WriteBatch& batch) {
        std::ranges::sort(rows_);
        for (const auto& [key, value] : rows_) {
            put(batch, key, value);
        }
    }

private:
    std::vector<std::pair<std::string, Bytes>> rows_;
};

void add_transactions(leveldb::WriteBatch& batch, const CommittedBlock& committed, std::uint64_t first_entry) {
    Rows rows{committed.block->transactions.size()};
    std::uint64_t index = 0;
    for (const TransactionPtr& transaction : committed.block->transactions) {
        cbor::Writer value{16};
        value.uint(committed.block->header.height.raw()).uint(index);
        rows.add(keys::transaction(transaction->id(), first_entry + index), value.view());
        ++index;
    }
    rows.put_all(batch);
}

/// A subject that is a transaction of this block is written as the place of its entry, which holds the id already.
void add_index(leveldb::WriteBatch& batch, const CommittedBlock& committed, std::uint64_t first_entry,
               std::uint64_t& index_sequence) {
    std::unordered_map<Digest, std::uint64_t, DigestHash> places;
    for (const TransactionPtr& transaction : committed.block->transactions) {
        places.emplace(transaction->id(), first_entry + places.size());
    }
    Rows rows{committed.index.size()};
    for (const auto& [kind, key, subject] : committed.index) {
        const std::string row = keys::index(kind, key, ++index_sequence);
        if (const auto place = places.find(subject); place != places.end()) {
            cbor::Writer value{9};
            rows.add(row, value.uint(place->second).view());
        } else {
            rows.add(row, subject.view());
        }
    }
    rows.put_all(batch);
}

void add_header(leveldb::WriteBatch& batch, const CommittedBlock& committed) {
    const Header& header = committed.block->header;
    const HeaderRecord record{header, committed.block->id, committed.position, batch.ApproximateSize()};
    put(batch, keys::header(header.height), encode(record));
    cbor::Writer height{9};
    height.uint(header.height.raw());
    put(batch, keys::block_id(committed.block->id), height.view());
}

}  // namespace

void add_state(leveldb::WriteBatch& batch, const StateOverlay::Writes& writes) {
    for (const auto& [key, value] : writes) {
        if (value) {
            put(batch, keys::state(key), *value);
        } else {
            batch.Delete(slice(keys::state(key)));
        }
    }
}

void add_finality(leveldb::WriteBatch& batch, Height height, const Certificate& certificate) {
    put(batch, keys::finality(height), encode(certificate));
}

void add_tip(leveldb::WriteBatch& batch, const Tip& tip) { batch.Put(slice(keys::kMetaTip), slice(encode(tip))); }

void add_block(leveldb::WriteBatch& batch, const CommittedBlock& committed, log::Frontier& frontier,
               std::uint64_t& index_sequence) {
    const Header& header = committed.block->header;
    const std::uint64_t first_entry = frontier.size;
    add_entries(batch, committed, frontier);
    PROBATUM_CHECK(frontier.size == header.log_size && frontier.root() == header.log_root,
                   "the entries lead to the header's log root");
    add_transactions(batch, committed, first_entry);
    add_state(batch, committed.writes);
    for (const auto& [refused, leaf] : committed.events) {
        put(batch, keys::event(leaf.subject, refused, leaf.sequence), encode(leaf));
    }
    add_index(batch, committed, first_entry, index_sequence);
    if (committed.finality) {
        PROBATUM_CHECK(committed.finality->target.block == committed.block->id, "the certificate is for this block");
        add_finality(batch, header.height, *committed.finality);
    }
    add_header(batch, committed);
}

}  // namespace probatum::ledger::store
