#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "ledger/store/files.h"
#include "ledger/store/journal.h"
#include "ledger/store/journal_format.h"

namespace probatum::ledger::store {

/// The working half of Journal; private to this folder.
class Journal::Writer {
public:
    Writer(Files& files, Path directory, const Digest& chain_id, JournalOptions options);

    [[nodiscard]] Result<void> create(const Incarnation& incarnation);
    [[nodiscard]] Result<void> open(const RecordVisitor& visit, std::uint64_t scan_from);
    Position append(RecordKind kind, ByteView payload);
    void sync();
    [[nodiscard]] Result<Record> read(Position position) const;
    void trim_below(std::uint64_t segment);
    void look_again();

    [[nodiscard]] const Incarnation& incarnation() const { return incarnation_; }
    [[nodiscard]] std::uint64_t first_segment() const { return first_segment_.load(); }
    [[nodiscard]] std::uint64_t last_segment() const { return last_segment_.load(); }
    [[nodiscard]] std::uint64_t bytes_on_disk() const { return bytes_on_disk_.load(); }
    [[nodiscard]] bool reserve_released() const { return reserve_released_.load(); }
    [[nodiscard]] bool read_only() const { return read_only_.load(); }

private:
    [[nodiscard]] Path path_of(std::uint64_t segment) const { return directory_ / format::segment_name(segment); }
    [[nodiscard]] Path reserve_path() const { return directory_ / "reserve"; }
    [[nodiscard]] Result<void> lock_directory();
    [[nodiscard]] Result<void> begin_segment(std::uint64_t segment, std::uint64_t previous_end);
    [[nodiscard]] Result<void> prepare(const Path& path, std::uint64_t segment, std::uint64_t previous_end);
    [[nodiscard]] Result<std::unique_ptr<WriteFile>> allocate(const Path& path);
    [[nodiscard]] Result<void> release_reserve();
    [[nodiscard]] Result<void> keep_reserve();
    [[nodiscard]] Result<void> look_at_space();

    [[nodiscard]] Result<std::map<std::uint64_t, format::SegmentHeader>> find_segments();
    [[nodiscard]] Result<format::SegmentHeader> read_header(std::uint64_t segment);
    [[nodiscard]] Result<std::uint64_t> replay_segment(std::uint64_t segment, std::optional<std::uint64_t> known_end,
                                                       const RecordVisitor& visit);
    [[nodiscard]] Result<void> clear(std::uint64_t segment, std::uint64_t from, std::uint64_t to);
    [[nodiscard]] Result<std::shared_ptr<const ReadFile>> reader(std::uint64_t segment) const;
    void flush();
    void zero_ahead();
    void roll();
    void must(const Result<void>& result) const;

    Files& files_;
    Path directory_;
    Digest chain_id_;
    JournalOptions options_;
    Incarnation incarnation_{};
    std::unique_ptr<FileLock> lock_;
    std::unique_ptr<WriteFile> current_;
    std::uint64_t capacity_{0};    ///< Of the current segment.
    Bytes buffer_;                 ///< Appended, not written.
    std::uint64_t group_{0};       ///< Where buffer_ goes; everything before is on disk.
    std::uint64_t zeroed_end_{0};  ///< Up to here the current segment's space was written once.
    std::uint64_t since_look_{0};
    std::atomic<std::uint64_t> first_segment_{0};
    std::atomic<std::uint64_t> last_segment_{0};
    std::atomic<std::uint64_t> bytes_on_disk_{0};
    std::atomic<bool> reserve_released_{false};
    std::atomic<bool> read_only_{false};
    mutable std::mutex readers_mutex_;
    Position synced_end_;  ///< Guarded by readers_mutex_.
    mutable std::map<std::uint64_t, std::shared_ptr<const ReadFile>> readers_;
};

}  // namespace probatum::ledger::store
