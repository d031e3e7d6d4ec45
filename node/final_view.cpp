#include "node/final_view.h"

#include "base/text_encoding.h"

namespace probatum::node {

namespace store = ledger::store;

FinalView::FinalView(Parts parts) : parts_{std::move(parts)} {
    if (parts_.base.view->header()) {
        head_ = *parts_.base.view->header();
    } else {
        head_.chain_id = parts_.base.view->chain_id();
        head_.time = parts_.genesis_time;
        head_.log_root = ledger::log::empty_root();
        head_.state_root = parts_.base.tree.root();
    }
}

Result<ledger::Header> FinalView::header(Height height) const { return chain().header_at(height); }

Result<ledger::FinalityProof> FinalView::finality(Height height) const { return chain().finality_proof(height); }

Result<evidence::Source::Location> FinalView::locate(const Digest& transaction) const {
    PROBATUM_LET(found, chain().find_transaction(transaction));
    return Location{found.height, found.index, found.entry};
}

Result<ledger::TransactionPtr> FinalView::transaction(const Digest& id) const {
    PROBATUM_LET(found, chain().find_transaction(id));
    PROBATUM_LET(block, chain().block_at(found.height, *parts_.journal));
    if (found.index >= block->transactions.size() || block->transactions[found.index]->id() != id) {
        return fail(Errc::storage_corrupt, to_hex(id), "the index names another transaction");
    }
    return block->transactions[found.index];
}

Result<ledger::Entry> FinalView::entry(std::uint64_t log_index) const { return chain().entry(log_index); }

Result<std::vector<Digest>> FinalView::prove_entry(std::uint64_t log_index, std::uint64_t log_size) const {
    if (log_index >= log_size || log_size > head_.log_size) {
        return fail(Errc::not_found, "log_index");
    }
    return ledger::log::prove_inclusion(log_index, log_size, chain().log_nodes());
}

std::optional<Bytes> FinalView::state(const Digest& key) const {
    // The tree answers for what is absent without a look at the disk.
    if (!parts_.base.tree.find(key)) {
        return std::nullopt;
    }
    return chain().get(key);
}

ledger::StateProof FinalView::prove_state(const Digest& key) const { return parts_.base.tree.prove(key); }

Result<std::vector<ledger::EventLeaf>> FinalView::events(const Digest& subject, bool refused, std::uint64_t from,
                                                         std::size_t limit) const {
    return chain().subject_events({subject, refused, from, limit});
}

Result<std::vector<evidence::Source::Listed>> FinalView::list(std::uint8_t kind, ByteView key,
                                                              std::optional<std::uint64_t> after,
                                                              std::size_t limit) const {
    PROBATUM_LET(hits, chain().index_scan({kind, to_bytes(key), after.value_or(0), limit}));
    std::vector<Listed> out;
    out.reserve(hits.size());
    for (const store::IndexHit& hit : hits) {
        out.push_back({hit.cursor, hit.subject});
    }
    return out;
}

}  // namespace probatum::node
