#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/block.h"
#include "ledger/store/files.h"
#include "ledger/vote.h"

/// The source of truth of a node: an append-only file of blocks, own votes and certificates, in segments that are
/// allocated beforehand. What sync() has covered survives any crash. Format: docs/spec/storage.md.
namespace probatum::ledger::store {

enum class RecordKind : std::uint8_t { block = 1, own_vote = 2, certificate = 3 };

/// Where a record begins.
struct Position {
    std::uint64_t segment{0};  ///< Counts from 1; 0 means "nowhere".
    std::uint64_t offset{0};   ///< Bytes from the beginning of the segment's file.
    friend auto operator<=>(const Position&, const Position&) = default;
};

/// Random, chosen once when a journal is created. A key whose journal has another incarnation, or none, never votes
/// again.
using Incarnation = ByteArray<16>;

struct Record {
    RecordKind kind{RecordKind::block};
    Bytes payload;
};

inline constexpr std::uint64_t kDefaultSegmentBytes = 64ULL * 1024 * 1024;
inline constexpr std::uint64_t kMaxRecordBytes = 16ULL * 1024 * 1024;

struct JournalOptions {
    std::uint64_t segment_bytes{kDefaultSegmentBytes};       ///< At least 4 KiB; a record must fit into one segment.
    std::uint64_t minimum_free_bytes{256ULL * 1024 * 1024};  ///< Below this the journal reports read_only().
    FatalHandler on_fatal{};
};

/// Called for each record in the order of writing. An error stops opening and is returned.
using RecordVisitor = std::function<Result<void>(Position, RecordKind, ByteView payload)>;

/// Threads: append, sync, look_again, trim_below belong to one thread (consensus); every const function may be called
/// from any thread.
class Journal {
public:
    /// Makes an empty journal. storage_failed if there is one already.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> create(Files& files, const Path& directory,
                                                                 const Digest& chain_id, const Incarnation& incarnation,
                                                                 JournalOptions options = {});

    /// Opens, verifies and replays from segment `scan_from` (0: all) to the end. A write torn by a crash at the very
    /// end is cut off; any other damage is storage_corrupt. journal_missing if there is none; foreign_chain.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(Files& files, const Path& directory,
                                                               const Digest& chain_id, const RecordVisitor& visit,
                                                               std::uint64_t scan_from = 0,
                                                               JournalOptions options = {});
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Buffers a record and says where it will be. Not on disk before sync().
    Position append(RecordKind kind, ByteView payload);
    Position append(const Block& block) { return append(RecordKind::block, encode(block)); }
    Position append(const Vote& own_vote) { return append(RecordKind::own_vote, encode(own_vote)); }
    Position append(const Certificate& certificate) { return append(RecordKind::certificate, encode(certificate)); }

    /// One write and one fdatasync for everything appended. Returns only if it is on disk: any failure ends the
    /// process.
    void sync();

    /// not_found for a place that was not synced yet or was trimmed; storage_corrupt if the checksum does not hold.
    [[nodiscard]] Result<Record> read(Position position) const;
    /// The same for a block, decoded. storage_corrupt if the record is not a block.
    [[nodiscard]] Result<BlockPtr> read_block(Position position) const;

    /// Removes whole segments below `segment`; the segment that is written to always stays.
    void trim_below(std::uint64_t segment);

    [[nodiscard]] const Incarnation& incarnation() const;
    [[nodiscard]] std::uint64_t first_segment() const;
    [[nodiscard]] std::uint64_t last_segment() const;
    /// Space that the segments take, the unwritten rest of the last one included.
    [[nodiscard]] std::uint64_t bytes_on_disk() const;
    /// The disk had no room for a segment, so the space kept back for votes is in use.
    [[nodiscard]] bool reserve_released() const;
    /// Little room is left or the reserve is in use: take no new transactions, go on voting. Looked at when a segment
    /// begins and after each mebibyte; ends by itself when there is room again.
    [[nodiscard]] bool read_only() const;
    /// Looks at the space now if read_only(): a node that takes no transactions writes nothing, and would never look.
    void look_again();

private:
    class Writer;
    explicit Journal(std::unique_ptr<Writer> writer);
    std::unique_ptr<Writer> writer_;
};

}  // namespace probatum::ledger::store
