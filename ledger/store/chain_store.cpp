#include "ledger/store/chain_store.h"

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

#include "base/cbor.h"
#include "base/check.h"
#include "ledger/store/block_batch.h"
#include "ledger/store/database.h"
#include "ledger/store/keys.h"
#include "ledger/store/log_reader.h"

namespace probatum::ledger::store {
namespace {

/// LevelDB holds at most two write buffers that are not in synced tables yet; a margin for their own overhead is added.
constexpr std::uint64_t kUnflushedBuffers = 4;

Bytes format_value() {
    cbor::Writer writer{9};
    writer.uint(keys::kFormat);
    return writer.take();
}

Result<void> check_format(const Database& database, const Digest& chain_id) {
    PROBATUM_LET(bytes, database.get(keys::kMetaFormat, nullptr));
    cbor::Reader reader{as_bytes(bytes)};
    const std::uint64_t format = reader.uint();
    const auto finished = reader.finish();
    if (!finished) {
        return corrupt("format", finished.error().to_string());
    }
    if (format != keys::kFormat) {
        return fail(Errc::preflight_failed, "database",
                    "the database has format " + std::to_string(format) + ", this program knows " +
                        std::to_string(keys::kFormat));
    }
    PROBATUM_LET(chain, database.get(keys::kMetaChain, nullptr));
    if (!equal(as_bytes(chain), chain_id.view())) {
        return fail(Errc::foreign_chain, "database", "the database belongs to another chain");
    }
    return {};
}

/// A crash of the machine may lose the unsynced end of an older LevelDB log although a newer one survived, so headers
/// are followed back until everything before is certain to lie in synced tables.
Result<void> check_contiguous(const Database& database, const Digest& chain_id, const Tip& tip,
                              std::uint64_t unflushed_bytes) {
    std::uint64_t seen_bytes = 0;
    Digest expected = tip.block;
    for (Height at = tip.height; at > Height{}; at = Height{at.raw() - 1}) {
        if (at < tip.checkpoint && seen_bytes > unflushed_bytes) {
            return {};
        }
        auto record = read_header_record(database, nullptr, at);
        if (!record || record->id != expected) {
            return corrupt("headers", "height " + std::to_string(at.raw()) + " is missing or does not fit its child");
        }
        expected = record->header.parent;
        seen_bytes += record->batch_bytes;
    }
    if (expected != chain_id) {
        return corrupt("headers", "the first block does not stand on genesis");
    }
    return {};
}

}  // namespace

class ChainStore::Writer {
public:
    Writer(std::shared_ptr<Database> database, const Digest& chain_id, ChainStoreOptions options)
        : database_{std::move(database)}, chain_id_{chain_id}, options_{std::move(options)} {}
    ~Writer() {
        // Nothing is written to a database that did not open.
        if (view_ && tip_.checkpoint != tip_.height) {
            checkpoint();
        }
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    Result<void> begin(const StateOverlay::Writes& genesis_state) {
        auto format = database_->get(keys::kMetaFormat, nullptr);
        if (!format && format.error().code == Errc::not_found) {
            if (!is_empty()) {
                return corrupt("format", "the format's number is missing");
            }
            make_genesis(genesis_state);
        } else {
            PROBATUM_TRY(check_format(*database_, chain_id_));
            PROBATUM_TRY(load());
        }
        durable_ = tip_.height.raw();
        publish();
        return {};
    }

    void commit(const CommittedBlock& committed) {
        const Header& header = committed.block->header;
        PROBATUM_CHECK(header.height == tip_.height.next() && header.parent == tip_.block,
                       "blocks are committed in order");
        leveldb::WriteBatch batch;
        add_block(batch, committed, frontier_, tip_.index_sequence);
        tip_.height = header.height;
        tip_.block = committed.block->id;
        tip_.scan_from = committed.scan_from;
        position_ = committed.position;
        header_ = header;
        write(batch, header.height.raw() % options_.checkpoint_blocks == 0);
    }

    void add_finality(Height height, const Certificate& certificate) {
        PROBATUM_CHECK(height <= tip_.height, "finality is added to a committed block");
        leveldb::WriteBatch batch;
        store::add_finality(batch, height, certificate);
        write(batch, false);
    }

    void checkpoint() {
        leveldb::WriteBatch batch;
        write(batch, true);
    }

    ChainViewPtr view() const {
        const std::lock_guard guard{view_mutex_};
        return view_;
    }

    ExecutedTip tip() const {
        const std::lock_guard guard{view_mutex_};
        return executed_;
    }

    Height durable_height() const { return Height{durable_.load()}; }
    std::uint64_t trimmable_below() const { return trimmable_.load(); }
    std::uint64_t bytes_written() const { return bytes_written_.load(); }

private:
    [[nodiscard]] bool is_empty() const {
        const std::unique_ptr<leveldb::Iterator> it{database_->db().NewIterator(Database::read_options(nullptr))};
        it->SeekToFirst();
        return it->status().ok() && !it->Valid();
    }

    void make_genesis(const StateOverlay::Writes& genesis_state) {
        leveldb::WriteBatch batch;
        batch.Put(slice(keys::kMetaFormat), slice(format_value()));
        batch.Put(slice(keys::kMetaChain), slice(chain_id_.view()));
        add_state(batch, genesis_state);
        tip_.block = chain_id_;
        write(batch, true);
    }

    Result<void> load() {
        PROBATUM_LET(bytes, database_->get(keys::kMetaTip, nullptr));
        PROBATUM_LET(tip, decode_tip(as_bytes(bytes)));
        tip_ = tip;
        if (tip_.height == Height{}) {
            return {};
        }
        PROBATUM_TRY(check_contiguous(*database_, chain_id_, tip_, kUnflushedBuffers * options_.write_buffer_bytes));
        PROBATUM_LET(record, read_header_record(*database_, nullptr, tip_.height));
        PROBATUM_LET(frontier, read_frontier(*database_, nullptr, record.header.log_size));
        if (frontier.root() != record.header.log_root) {
            return corrupt("log nodes", "they do not lead to the last header's root");
        }
        frontier_ = std::move(frontier);
        position_ = record.position;
        header_ = std::move(record.header);
        return {};
    }

    void write(leveldb::WriteBatch& batch, bool sync) {
        if (sync) {
            tip_.checkpoint = tip_.height;
            tip_.earlier_scan_from = std::exchange(tip_.checkpoint_scan_from, tip_.scan_from);
        }
        add_tip(batch, tip_);
        leveldb::WriteOptions options;
        options.sync = sync;
        const leveldb::Status status = database_->db().Write(options, &batch);
        if (!status.ok()) {
            storage_fatal(options_.on_fatal, Error{Errc::storage_failed, "database", status.ToString()});
        }
        bytes_written_ += batch.ApproximateSize();
        if (sync) {
            durable_ = tip_.height.raw();
        }
        trimmable_ = tip_.earlier_scan_from;
        publish();
    }

    void publish() {
        std::shared_ptr<ChainView> view{new ChainView{database_, chain_id_}};
        view->height_ = tip_.height;
        view->block_id_ = tip_.block;
        view->header_ = header_;
        view->frontier_ = frontier_;
        const std::lock_guard guard{view_mutex_};
        view_ = std::move(view);
        executed_ = ExecutedTip{tip_.height, tip_.block, position_, tip_.scan_from};
    }

    std::shared_ptr<Database> database_;
    Digest chain_id_;
    ChainStoreOptions options_;
    Tip tip_;
    Position position_;
    std::optional<Header> header_;
    log::Frontier frontier_;
    std::atomic<std::uint64_t> durable_{0};
    std::atomic<std::uint64_t> trimmable_{0};
    std::atomic<std::uint64_t> bytes_written_{0};
    mutable std::mutex view_mutex_;
    ChainViewPtr view_;  ///< Guarded, as is the next.
    ExecutedTip executed_;
};

ChainStore::ChainStore(std::unique_ptr<Writer> writer) : writer_{std::move(writer)} {}
ChainStore::~ChainStore() = default;

Result<std::unique_ptr<ChainStore>> ChainStore::open(const Path& directory, const Digest& chain_id,
                                                     const StateOverlay::Writes& genesis_state,
                                                     ChainStoreOptions options) {
    PROBATUM_CHECK(options.checkpoint_blocks > 0, "checkpoints are made");
    PROBATUM_LET(database,
                 Database::open(directory, {options.write_buffer_bytes, options.block_cache_bytes, options.on_fatal,
                                            options.engine ? options.engine : &leveldb_engine()}));
    auto writer = std::make_unique<Writer>(std::move(database), chain_id, std::move(options));
    PROBATUM_TRY(writer->begin(genesis_state));
    return std::unique_ptr<ChainStore>{new ChainStore{std::move(writer)}};
}

Result<void> ChainStore::destroy(const Path& directory, Engine* engine) {
    const leveldb::Status status = (engine ? *engine : leveldb_engine()).destroy(directory);
    if (!status.ok()) {
        return fail(Errc::storage_failed, "database", status.ToString());
    }
    return {};
}

void ChainStore::commit(const CommittedBlock& committed) { writer_->commit(committed); }
void ChainStore::add_finality(Height height, const Certificate& certificate) {
    writer_->add_finality(height, certificate);
}
void ChainStore::checkpoint() { writer_->checkpoint(); }
ChainViewPtr ChainStore::view() const { return writer_->view(); }
Height ChainStore::height() const { return writer_->view()->height(); }
ExecutedTip ChainStore::tip() const { return writer_->tip(); }
Height ChainStore::durable_height() const { return writer_->durable_height(); }
std::uint64_t ChainStore::trimmable_below() const { return writer_->trimmable_below(); }
std::uint64_t ChainStore::bytes_written() const { return writer_->bytes_written(); }

}  // namespace probatum::ledger::store
