#include "ledger/store/chain_view.h"

#include <string>
#include <utility>

#include "base/cbor.h"
#include "ledger/store/database.h"
#include "ledger/store/keys.h"
#include "ledger/store/log_reader.h"
#include "ledger/store/view_snapshot.h"

namespace probatum::ledger::store {

ChainView::ChainView(std::shared_ptr<Database> database, const Digest& chain_id)
    : database_{std::move(database)}, snapshot_{std::make_unique<Snapshot>(database_->db())}, chain_id_{chain_id} {}
ChainView::~ChainView() = default;

std::optional<Bytes> ChainView::get(const Digest& key) const {
    auto value = database_->get(keys::state(key), snapshot_->get());
    if (value) {
        return to_bytes(as_bytes(*value));
    }
    if (value.error().code != Errc::not_found) {
        storage_fatal(database_->on_fatal(), value.error());
    }
    return std::nullopt;
}

Result<Header> ChainView::header_at(Height height) const {
    PROBATUM_LET(record, read_header_record(*database_, snapshot_->get(), height));
    return std::move(record.header);
}

Result<Height> ChainView::height_of(const Digest& block_id) const {
    PROBATUM_LET(value, database_->get(keys::block_id(block_id), snapshot_->get()));
    cbor::Reader reader{as_bytes(value)};
    const Height height{reader.uint()};
    const auto finished = reader.finish();
    if (!finished) {
        return corrupt("block ids", finished.error().to_string());
    }
    return height;
}

Result<Position> ChainView::position_of(Height height) const {
    PROBATUM_LET(record, read_header_record(*database_, snapshot_->get(), height));
    return record.position;
}

Result<BlockPtr> ChainView::block_at(Height height, const Journal& journal) const {
    PROBATUM_LET(record, read_header_record(*database_, snapshot_->get(), height));
    auto block = journal.read_block(record.position);
    if (!block && block.error().code == Errc::not_found && record.position.segment < journal.first_segment()) {
        return fail(Errc::pruned, "height", "the journal was trimmed above this block");
    }
    PROBATUM_TRY(block);
    if ((*block)->id != record.id) {
        return corrupt("blocks", "the journal holds another block at the place of a height");
    }
    return block;
}

Result<std::uint64_t> ChainView::first_entry(Height height) const {
    if (height == Height{} || height > height_) {
        return fail(Errc::not_found, "height");
    }
    if (height == Height{1}) {
        return 0;
    }
    PROBATUM_LET(before, header_at(Height{height.raw() - 1}));
    return before.log_size;
}

Result<Entry> ChainView::entry(std::uint64_t position) const {
    if (position >= frontier_.size) {
        return fail(Errc::not_found, "entry");
    }
    std::optional<Entry> found;
    const auto visit = [&](std::uint64_t, ByteView bytes) -> Result<void> {
        auto decoded = decode_entry(bytes);
        if (!decoded) {
            return corrupt("entries", decoded.error().to_string());
        }
        found = *std::move(decoded);
        return {};
    };
    PROBATUM_TRY(read_entries(*database_, snapshot_->get(), position, position + 1, visit));
    return *std::move(found);
}

Result<std::vector<Entry>> ChainView::entries_of(Height height) const {
    PROBATUM_LET(first, first_entry(height));
    PROBATUM_LET(header, header_at(height));
    std::vector<Entry> entries;
    const auto visit = [&](std::uint64_t, ByteView bytes) -> Result<void> {
        auto decoded = decode_entry(bytes);
        if (!decoded) {
            return corrupt("entries", decoded.error().to_string());
        }
        entries.push_back(*std::move(decoded));
        return {};
    };
    PROBATUM_TRY(read_entries(*database_, snapshot_->get(), first, header.log_size, visit));
    return entries;
}

bool ChainView::holds_transaction(const Digest& transaction_id) const {
    const auto found = find_transaction(transaction_id);
    if (!found && found.error().code != Errc::not_found) {
        storage_fatal(database_->on_fatal(), found.error());
    }
    return found.has_value();
}

Result<TransactionLocation> ChainView::find_transaction(const Digest& transaction_id) const {
    const std::string prefix = keys::transaction_prefix(transaction_id);
    const std::unique_ptr<leveldb::Iterator> it{database_->db().NewIterator(Database::read_options(snapshot_->get()))};
    for (it->Seek(slice(prefix)); it->Valid() && it->key().starts_with(slice(prefix)); it->Next()) {
        const std::uint64_t position = keys::trailing_number(it->key().ToString());
        PROBATUM_LET(candidate, entry(position));
        if (candidate.transaction != transaction_id) {
            continue;
        }
        cbor::Reader reader{view_of(it->value())};
        TransactionLocation location{Height{reader.uint()}, static_cast<std::uint32_t>(reader.uint()), position};
        const auto finished = reader.finish();
        if (!finished) {
            return corrupt("transactions", finished.error().to_string());
        }
        return location;
    }
    if (!it->status().ok()) {
        return fail(error_of(it->status()));
    }
    return fail(Errc::not_found, "transaction");
}

Result<ChainView::DirectFinality> ChainView::finality_at_or_after(Height height) const {
    const std::unique_ptr<leveldb::Iterator> it{database_->db().NewIterator(Database::read_options(snapshot_->get()))};
    it->Seek(slice(keys::finality(height)));
    if (!it->status().ok()) {
        return fail(error_of(it->status()));
    }
    if (!it->Valid() || it->key()[0] != keys::kFinality) {
        return fail(Errc::not_final_yet, "height");
    }
    auto certificate = decode_certificate(view_of(it->value()));
    if (!certificate) {
        return corrupt("finality", certificate.error().to_string());
    }
    return DirectFinality{Height{keys::trailing_number(it->key().ToString())}, *std::move(certificate)};
}

Result<FinalityProof> ChainView::finality_proof(Height height) const {
    if (height == Height{} || height > height_) {
        return fail(Errc::not_found, "height");
    }
    PROBATUM_LET(direct, finality_at_or_after(height));
    FinalityProof proof{std::move(direct.certificate), {}};
    for (Height at = direct.height; at > height; at = Height{at.raw() - 1}) {
        PROBATUM_LET(header, header_at(at));
        proof.path.push_back(std::move(header));
    }
    return proof;
}

log::NodeSource ChainView::log_nodes() const {
    return [self = shared_from_this()](log::Node node) {
        auto digest = read_log_node(*self->database_, self->snapshot_->get(), node);
        if (!digest) {
            storage_fatal(self->database_->on_fatal(), digest.error());
        }
        return *digest;
    };
}

}  // namespace probatum::ledger::store
