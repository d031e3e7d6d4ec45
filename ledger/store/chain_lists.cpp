#include <algorithm>
#include <string>
#include <utility>

#include "base/cbor.h"
#include "base/hash.h"

#include "ledger/store/chain_view.h"
#include "ledger/store/database.h"
#include "ledger/store/keys.h"
#include "ledger/store/view_snapshot.h"

/// What a view answers by walking over a range of keys: events, indexes, state.
namespace probatum::ledger::store {
namespace {

// Tree updates in batches: the sorted changes need not be held twice over.
constexpr std::size_t kTreeBatch = 65536;

std::unique_ptr<leveldb::Iterator> iterate(const Database& database, const leveldb::Snapshot* snapshot,
                                           bool fill_cache = true) {
    return std::unique_ptr<leveldb::Iterator>{database.db().NewIterator(Database::read_options(snapshot, fill_cache))};
}

Result<void> status_of(const leveldb::Iterator& it) {
    if (!it.status().ok()) {
        return fail(error_of(it.status()));
    }
    return {};
}

}  // namespace

Result<std::vector<EventLeaf>> ChainView::subject_events(const SubjectPage& page) const {
    const std::string prefix = keys::events_prefix(page.subject, page.refused);
    const auto it = iterate(*database_, snapshot_->get());
    std::vector<EventLeaf> leaves;
    it->Seek(slice(keys::event(page.subject, page.refused, page.from)));
    for (; leaves.size() < page.limit && it->Valid() && it->key().starts_with(slice(prefix)); it->Next()) {
        auto leaf = decode_event_leaf(view_of(it->value()));
        if (!leaf) {
            return corrupt("events", leaf.error().to_string());
        }
        if (leaf->subject != page.subject || leaf->sequence != page.from + leaves.size()) {
            return corrupt("events", "a leaf stands in another's place");
        }
        leaves.push_back(*std::move(leaf));
    }
    PROBATUM_TRY(status_of(*it));
    return leaves;
}

Result<std::uint64_t> ChainView::subject_event_count(const Digest& subject, bool refused) const {
    const std::string prefix = keys::events_prefix(subject, refused);
    const auto it = iterate(*database_, snapshot_->get());
    // The tables of indexes, headers and state never hold the last key that a prefix allows, so the one before it is
    // ours.
    it->Seek(slice(keys::event(subject, refused, ~std::uint64_t{0})));
    if (it->Valid()) {
        it->Prev();
    } else {
        PROBATUM_TRY(status_of(*it));
        it->SeekToLast();
    }
    PROBATUM_TRY(status_of(*it));
    if (!it->Valid() || !it->key().starts_with(slice(prefix))) {
        return 0;
    }
    return keys::trailing_number(it->key().ToString()) + 1;
}

Result<std::vector<IndexHit>> ChainView::index_scan(const IndexPage& page) const {
    const std::string prefix = keys::index_prefix(page.kind, page.key);
    const auto it = iterate(*database_, snapshot_->get());
    std::vector<IndexHit> hits;
    if (page.after == ~std::uint64_t{0}) {
        return hits;
    }
    it->Seek(slice(keys::index(page.kind, page.key, page.after + 1)));
    for (; hits.size() < page.limit && it->Valid() && it->key().starts_with(slice(prefix)); it->Next()) {
        IndexHit hit{keys::trailing_number(it->key().ToString()), {}};
        if (it->value().size() == Digest::kSize) {
            std::ranges::copy(view_of(it->value()), hit.subject.bytes.begin());
        } else {
            cbor::Reader place{view_of(it->value())};
            const std::uint64_t position = place.uint();
            if (!place.finish()) {
                return corrupt("index", "neither a subject nor the place of one");
            }
            PROBATUM_LET(named, entry(position));
            hit.subject = named.transaction;
        }
        hits.push_back(hit);
    }
    PROBATUM_TRY(status_of(*it));
    return hits;
}

Result<void> ChainView::for_each_state(const StateVisitor& visit) const {
    // One pass over everything would only push useful blocks out of the cache.
    const auto it = iterate(*database_, snapshot_->get(), false);
    for (it->Seek(leveldb::Slice{&keys::kState, 1}); it->Valid() && it->key()[0] == keys::kState; it->Next()) {
        if (it->key().size() != 1 + Digest::kSize) {
            return corrupt("state", "a key has a wrong length");
        }
        Digest key;
        std::ranges::copy(view_of(it->key()).subspan(1), key.bytes.begin());
        if (!visit(key, view_of(it->value()))) {
            return {};
        }
    }
    return status_of(*it);
}

Result<StateTree> ChainView::state_tree() const {
    StateTree tree;
    std::vector<StateChange> changes;
    PROBATUM_TRY(for_each_state([&](const Digest& key, ByteView value) {
        changes.push_back({key, sha256(value)});
        if (changes.size() >= kTreeBatch) {
            tree = tree.apply(changes);
            changes.clear();
        }
        return true;
    }));
    tree = tree.apply(changes);
    if (header_ && tree.root() != header_->state_root) {
        return corrupt("state", "the root over the stored values is not the one in the header of height " +
                                    std::to_string(height_.raw()));
    }
    return tree;
}

}  // namespace probatum::ledger::store
