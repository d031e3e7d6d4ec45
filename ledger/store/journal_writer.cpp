#include "ledger/store/journal_writer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"

namespace probatum::ledger::store {
namespace {

using format::kRecordHeaderBytes;
using format::kSegmentHeaderBytes;

constexpr std::uint64_t kLookAtSpaceEveryBytes = 1024ULL * 1024;
constexpr std::uint64_t kMinimumSegmentBytes = 4096;
constexpr std::size_t kMaxOpenSegments = 64;
constexpr std::uint64_t kZeroAheadBytes = 1024ULL * 1024;

}  // namespace

Journal::Writer::Writer(Files& files, Path directory, const Digest& chain_id, JournalOptions options)
    : files_{files}, directory_{std::move(directory)}, chain_id_{chain_id}, options_{std::move(options)} {
    PROBATUM_CHECK(options_.segment_bytes >= kMinimumSegmentBytes &&
                       options_.segment_bytes <= std::numeric_limits<std::uint32_t>::max(),
                   "a segment has 4 KiB to 4 GiB");
}

void Journal::Writer::must(const Result<void>& result) const {
    if (!result) {
        storage_fatal(options_.on_fatal, result.error());
    }
}

Position Journal::Writer::append(RecordKind kind, ByteView payload) {
    const std::uint64_t extent = kRecordHeaderBytes + payload.size() + format::kRecordTrailerBytes;
    PROBATUM_CHECK(
        !payload.empty() && payload.size() <= kMaxRecordBytes && kSegmentHeaderBytes + extent <= options_.segment_bytes,
        "a record fits into a segment");
    if (group_ + buffer_.size() + extent > capacity_) {
        roll();
    }
    const Position position{last_segment_.load(), group_ + buffer_.size()};
    const format::RecordHeader header{kind, static_cast<std::uint32_t>(payload.size()),
                                      static_cast<std::uint32_t>(group_), format::payload_checksum(payload)};
    const auto head = format::encode(header, position);
    buffer_.insert(buffer_.end(), head.begin(), head.end());
    buffer_.insert(buffer_.end(), payload.begin(), payload.end());
    buffer_.push_back(format::kEndMark);
    return position;
}

void Journal::Writer::flush() {
    if (buffer_.empty()) {
        return;
    }
    zero_ahead();
    must(current_->write_at(group_, buffer_));
    must(current_->sync());
    group_ += buffer_.size();
    since_look_ += buffer_.size();
    buffer_.clear();
    const std::lock_guard guard{readers_mutex_};
    synced_end_ = Position{last_segment_.load(), group_};
}

void Journal::Writer::zero_ahead() {
    // Space that was only reserved costs the file system a commit of its own journal at the first write into it, and a
    // vote would wait for that. So small writes go where zeros were written before, a mebibyte at a time. Large ones
    // gain nothing.
    const std::uint64_t end = group_ + buffer_.size();
    if (end <= zeroed_end_) {
        return;
    }
    zeroed_end_ = end;
    if (buffer_.size() >= kZeroAheadBytes / 4) {
        return;
    }
    zeroed_end_ = std::min(capacity_, end + kZeroAheadBytes);
    must(current_->write_at(end, Bytes(zeroed_end_ - end)));
}

void Journal::Writer::sync() {
    flush();
    if (since_look_ >= kLookAtSpaceEveryBytes) {
        must(look_at_space());
    }
}

void Journal::Writer::look_again() {
    if (read_only_.load()) {
        must(look_at_space());
    }
}

void Journal::Writer::roll() {
    // What lies in the full segment is on disk before the next one says where it ends.
    flush();
    const std::uint64_t end = group_;
    const std::uint64_t full = last_segment_.load();
    std::unique_ptr<WriteFile> done = std::move(current_);
    must(begin_segment(full + 1, end));
    // Gives the unwritten rest back. If a crash undoes it, nothing is lost.
    bytes_on_disk_ -= capacity_ - end;
    must(done->truncate(end));
}

Result<void> Journal::Writer::begin_segment(std::uint64_t segment, std::uint64_t previous_end) {
    const Path path = path_of(segment);
    Path unfinished = path;
    unfinished += ".new";
    PROBATUM_TRY(prepare(unfinished, segment, previous_end));
    // A file that bears a segment's name is always complete.
    PROBATUM_TRY(files_.rename(unfinished, path));
    PROBATUM_TRY(files_.sync_directory(directory_));
    PROBATUM_LET(file, files_.open_write(path));
    current_ = std::move(file);
    bytes_on_disk_ += options_.segment_bytes;
    group_ = kSegmentHeaderBytes;
    capacity_ = options_.segment_bytes;
    zeroed_end_ = group_;
    if (first_segment_.load() == 0) {
        first_segment_ = segment;
    }
    {
        const std::lock_guard guard{readers_mutex_};
        last_segment_ = segment;
        synced_end_ = Position{segment, group_};
    }
    return look_at_space();
}

Result<void> Journal::Writer::prepare(const Path& path, std::uint64_t segment, std::uint64_t previous_end) {
    PROBATUM_LET(file, allocate(path));
    const format::SegmentHeader header{segment, options_.segment_bytes, previous_end, chain_id_, incarnation_};
    PROBATUM_TRY(file->write_at(0, format::encode(header)));
    return file->sync();
}

Result<std::unique_ptr<WriteFile>> Journal::Writer::allocate(const Path& path) {
    PROBATUM_LET(file, files_.open_write(path));
    auto allocated = file->allocate(options_.segment_bytes);
    if (!allocated && allocated.error().code == Errc::disk_full && !reserve_released_.load()) {
        PROBATUM_TRY(release_reserve());
        allocated = file->allocate(options_.segment_bytes);
    }
    PROBATUM_TRY(std::move(allocated));
    return file;
}

Result<void> Journal::Writer::release_reserve() {
    PROBATUM_TRY(files_.remove(reserve_path()));
    PROBATUM_TRY(files_.sync_directory(directory_));
    reserve_released_ = true;
    read_only_ = true;
    return {};
}

Result<void> Journal::Writer::keep_reserve() {
    PROBATUM_LET(file, files_.open_write(reserve_path()));
    const auto allocated = file->allocate(options_.segment_bytes);
    if (!allocated && allocated.error().code == Errc::disk_full) {
        return release_reserve();
    }
    PROBATUM_TRY(allocated);
    PROBATUM_TRY(file->sync());
    PROBATUM_TRY(files_.sync_directory(directory_));
    reserve_released_ = false;
    return {};
}

Result<void> Journal::Writer::look_at_space() {
    since_look_ = 0;
    PROBATUM_LET(free, files_.free_space(directory_));
    if (reserve_released_.load() && free >= options_.minimum_free_bytes + options_.segment_bytes) {
        PROBATUM_TRY(keep_reserve());
    }
    // Some way above the limit before writing is allowed again, so that the answer does not flicker.
    const std::uint64_t wanted =
        options_.minimum_free_bytes + (read_only_.load() ? options_.minimum_free_bytes / 4 : 0);
    read_only_ = reserve_released_.load() || free < wanted;
    return {};
}

Result<std::shared_ptr<const ReadFile>> Journal::Writer::reader(std::uint64_t segment) const {
    const std::lock_guard guard{readers_mutex_};
    if (const auto found = readers_.find(segment); found != readers_.end()) {
        return found->second;
    }
    PROBATUM_LET(file, files_.open_read(path_of(segment)));
    std::shared_ptr<const ReadFile> shared{std::move(file)};
    if (readers_.size() >= kMaxOpenSegments) {
        readers_.erase(readers_.begin());
    }
    readers_.emplace(segment, shared);
    return shared;
}

Result<Record> Journal::Writer::read(Position position) const {
    {
        const std::lock_guard guard{readers_mutex_};
        if (position.segment < first_segment_.load() || position >= synced_end_ ||
            position.offset < kSegmentHeaderBytes) {
            return fail(Errc::not_found, "journal", "no record at this place");
        }
    }
    PROBATUM_LET(file, reader(position.segment));
    ByteArray<kRecordHeaderBytes> head{};
    PROBATUM_LET(got, file->read_at(position.offset, head));
    const auto header = format::decode_record_header(ByteView{head}.first(got), position);
    if (!header) {
        return fail(Errc::storage_corrupt, "journal", "the head of a stored record does not hold");
    }
    Record record{header->kind, Bytes(header->length)};
    PROBATUM_LET(length, file->read_at(position.offset + kRecordHeaderBytes, record.payload));
    if (length != header->length || !format::payload_holds(*header, record.payload)) {
        return fail(Errc::storage_corrupt, "journal", "the checksum of a stored record does not hold");
    }
    return record;
}

void Journal::Writer::trim_below(std::uint64_t segment) {
    const std::uint64_t keep = std::min(segment, last_segment_.load());
    if (keep <= first_segment_.load()) {
        return;
    }
    const std::uint64_t from = first_segment_.exchange(keep);
    // Ascending, so that a crash leaves no gap.
    for (std::uint64_t gone = from; gone < keep; ++gone) {
        {
            const std::lock_guard guard{readers_mutex_};
            readers_.erase(gone);
        }
        const auto file = files_.open_read(path_of(gone));
        const auto size = file ? (*file)->size() : Result<std::uint64_t>{0};
        must(files_.remove(path_of(gone)));
        bytes_on_disk_ -= size.value_or(0);
    }
    must(files_.sync_directory(directory_));
}

}  // namespace probatum::ledger::store
