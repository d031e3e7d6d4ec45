#pragma once

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/block.h"
#include "ledger/store/engine.h"
#include "ledger/store/files.h"
#include "ledger/store/journal.h"

/// LevelDB behind our errors, and the records that both the writer and the views read; private to this folder.
namespace probatum::ledger::store {

struct DatabaseOptions {
    std::size_t write_buffer_bytes;
    std::size_t block_cache_bytes;
    FatalHandler on_fatal;
    Engine* engine;
};

[[nodiscard]] inline leveldb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
[[nodiscard]] inline leveldb::Slice slice(ByteView bytes) { return slice(as_text(bytes)); }
[[nodiscard]] inline ByteView view_of(const leveldb::Slice& bytes) { return as_bytes({bytes.data(), bytes.size()}); }

/// not_found, storage_failed where the disk refused, otherwise storage_corrupt.
[[nodiscard]] Error error_of(const leveldb::Status& status);
[[nodiscard]] tl::unexpected<Error> corrupt(std::string_view what, std::string_view detail);

/// Threads: any; LevelDB itself allows it.
class Database {
public:
    [[nodiscard]] static Result<std::shared_ptr<Database>> open(const Path& directory, DatabaseOptions options);

    [[nodiscard]] leveldb::DB& db() const { return *db_; }
    [[nodiscard]] const FatalHandler& on_fatal() const { return options_.on_fatal; }
    /// Checksums are verified; without a snapshot, the newest state.
    [[nodiscard]] static leveldb::ReadOptions read_options(const leveldb::Snapshot* snapshot, bool fill_cache = true);
    /// not_found or storage_corrupt.
    [[nodiscard]] Result<std::string> get(std::string_view key, const leveldb::Snapshot* snapshot) const;

private:
    explicit Database(DatabaseOptions options);

    DatabaseOptions options_;
    std::unique_ptr<leveldb::Cache> cache_;
    std::unique_ptr<const leveldb::FilterPolicy> filter_;
    std::unique_ptr<leveldb::DB> db_;  ///< Closed first.
};

/// A block's line in the table of headers: [header, segment, offset, batch bytes].
struct HeaderRecord {
    Header header;
    Digest id;  ///< Computed, not stored.
    Position position;
    std::uint64_t batch_bytes{0};  ///< What this block's batch gave to LevelDB, about.
};
[[nodiscard]] Bytes encode(const HeaderRecord& record);
[[nodiscard]] Result<HeaderRecord> decode_header_record(ByteView bytes);
[[nodiscard]] Result<HeaderRecord> read_header_record(const Database& database, const leveldb::Snapshot* snapshot,
                                                      Height height);

/// What the last batch left under "m/tip": [height, block id, checkpoint, index sequence, scan from, scan from of the
/// checkpoint, scan from of the checkpoint before].
struct Tip {
    Height height;
    Digest block;
    Height checkpoint;                ///< The last height whose batch was synced.
    std::uint64_t index_sequence{0};  ///< Of the last index entry.
    std::uint64_t scan_from{0};
    std::uint64_t checkpoint_scan_from{0};
    std::uint64_t earlier_scan_from{0};
};
[[nodiscard]] Bytes encode(const Tip& tip);
[[nodiscard]] Result<Tip> decode_tip(ByteView bytes);

}  // namespace probatum::ledger::store
