#include "ledger/store/database.h"

#include "base/cbor.h"
#include "ledger/store/keys.h"

namespace probatum::ledger::store {
namespace {

constexpr int kBloomBitsPerKey = 10;
constexpr int kMaxOpenFiles = 256;
constexpr std::size_t kMaxFileBytes = 8U * 1024 * 1024;

leveldb::Options leveldb_options(const DatabaseOptions& options) {
    leveldb::Options out;
    out.create_if_missing = true;
    out.paranoid_checks = true;
    out.write_buffer_size = options.write_buffer_bytes;
    out.max_file_size = kMaxFileBytes;
    out.max_open_files = kMaxOpenFiles;
    // Most of what is kept is digests and signatures, which do not compress: see docs/spec/storage.md for the
    // measurement.
    out.compression = leveldb::kNoCompression;
    return out;
}

class LevelDbEngine final : public Engine {
public:
    leveldb::Status open(const leveldb::Options& options, const Path& directory,
                         std::unique_ptr<leveldb::DB>& opened) override {
        std::error_code code;
        std::filesystem::create_directories(directory, code);
        if (code) {
            return leveldb::Status::IOError("make directory " + directory.string(), code.message());
        }
        leveldb::DB* raw = nullptr;
        const leveldb::Status status = leveldb::DB::Open(options, directory.string(), &raw);
        opened.reset(raw);
        return status;
    }
    leveldb::Status destroy(const Path& directory) override {
        // LevelDB removes its own files and nothing else, whatever directory was named.
        return leveldb::DestroyDB(directory.string(), leveldb::Options{});
    }
};

}  // namespace

Engine& leveldb_engine() {
    static LevelDbEngine engine;
    return engine;
}

tl::unexpected<Error> corrupt(std::string_view what, std::string_view detail) {
    return fail(Errc::storage_corrupt, std::string{what}, std::string{detail});
}

Error error_of(const leveldb::Status& status) {
    if (status.IsNotFound()) {
        return Error{Errc::not_found, "database", status.ToString()};
    }
    return Error{status.IsIOError() ? Errc::storage_failed : Errc::storage_corrupt, "database", status.ToString()};
}

Database::Database(DatabaseOptions options)
    : options_{std::move(options)},
      cache_{leveldb::NewLRUCache(options_.block_cache_bytes)},
      filter_{leveldb::NewBloomFilterPolicy(kBloomBitsPerKey)} {}

Result<std::shared_ptr<Database>> Database::open(const Path& directory, DatabaseOptions options) {
    std::shared_ptr<Database> database{new Database{std::move(options)}};
    leveldb::Options settings = leveldb_options(database->options_);
    settings.block_cache = database->cache_.get();
    settings.filter_policy = database->filter_.get();
    const leveldb::Status status = database->options_.engine->open(settings, directory, database->db_);
    if (status.ToString().find("make directory") != std::string::npos) {
        return fail(Errc::storage_failed, "database", status.ToString());
    }
    if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
        return fail(Errc::preflight_failed, "database",
                    "another process uses " + directory.string() + ": " + status.ToString());
    }
    if (!status.ok()) {
        return fail(Errc::storage_corrupt, "database", status.ToString());
    }
    return database;
}

leveldb::ReadOptions Database::read_options(const leveldb::Snapshot* snapshot, bool fill_cache) {
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = fill_cache;
    options.snapshot = snapshot;
    return options;
}

Result<std::string> Database::get(std::string_view key, const leveldb::Snapshot* snapshot) const {
    std::string value;
    const leveldb::Status status = db_->Get(read_options(snapshot), slice(key), &value);
    if (!status.ok()) {
        return fail(error_of(status));
    }
    return value;
}

Bytes encode(const HeaderRecord& record) {
    cbor::Writer writer{512};
    writer.array(4)
        .raw(encode(record.header))
        .uint(record.position.segment)
        .uint(record.position.offset)
        .uint(record.batch_bytes);
    return writer.take();
}

Result<HeaderRecord> decode_header_record(ByteView bytes) {
    cbor::Reader reader{bytes};
    reader.array_of(4);
    const ByteView encoded = reader.field("header").raw_item();
    HeaderRecord record;
    record.position.segment = reader.field("segment").uint();
    record.position.offset = reader.field("offset").uint();
    record.batch_bytes = reader.field("batch bytes").uint();
    reader.leave();
    const auto finished = reader.finish();
    if (!finished) {
        return corrupt("headers", finished.error().to_string());
    }
    auto header = decode_header(encoded);
    if (!header) {
        return corrupt("headers", header.error().to_string());
    }
    record.header = *std::move(header);
    record.id = id_of(record.header);
    return record;
}

Result<HeaderRecord> read_header_record(const Database& database, const leveldb::Snapshot* snapshot, Height height) {
    PROBATUM_LET(bytes, database.get(keys::header(height), snapshot));
    PROBATUM_LET(record, decode_header_record(as_bytes(bytes)));
    if (record.header.height != height) {
        return corrupt("headers", "a header stands under another height");
    }
    return record;
}

Bytes encode(const Tip& tip) {
    cbor::Writer writer{96};
    writer.array(7).uint(tip.height.raw()).digest(tip.block).uint(tip.checkpoint.raw()).uint(tip.index_sequence);
    writer.uint(tip.scan_from).uint(tip.checkpoint_scan_from).uint(tip.earlier_scan_from);
    return writer.take();
}

Result<Tip> decode_tip(ByteView bytes) {
    cbor::Reader reader{bytes};
    reader.array_of(7);
    Tip tip;
    tip.height = Height{reader.uint()};
    tip.block = reader.digest();
    tip.checkpoint = Height{reader.uint()};
    tip.index_sequence = reader.uint();
    tip.scan_from = reader.uint();
    tip.checkpoint_scan_from = reader.uint();
    tip.earlier_scan_from = reader.uint();
    reader.leave();
    const auto finished = reader.finish();
    if (!finished) {
        return corrupt("tip", finished.error().to_string());
    }
    return tip;
}

}  // namespace probatum::ledger::store
