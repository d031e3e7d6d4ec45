#include <algorithm>
#include <string>

#include "ledger/store/journal_scan.h"
#include "ledger/store/journal_writer.h"

/// How a journal is made and opened again; what is read here decides what this validator remembers of its votes.
namespace probatum::ledger::store {

using format::kSegmentHeaderBytes;

Result<void> Journal::Writer::lock_directory() {
    PROBATUM_TRY(files_.make_directory(directory_));
    PROBATUM_LET(lock, files_.lock(directory_ / "lock"));
    lock_ = std::move(lock);
    return {};
}

Result<void> Journal::Writer::create(const Incarnation& incarnation) {
    PROBATUM_TRY(lock_directory());
    PROBATUM_LET(names, files_.list(directory_));
    if (std::ranges::any_of(names, [](const std::string& name) { return format::segment_of(name).has_value(); })) {
        return fail(Errc::storage_failed, "journal", "there is a journal already in " + directory_.string());
    }
    incarnation_ = incarnation;
    PROBATUM_TRY(keep_reserve());
    PROBATUM_TRY(begin_segment(1, 0));
    if (directory_.has_parent_path()) {
        PROBATUM_TRY(files_.sync_directory(directory_.parent_path()));
    }
    return {};
}

Result<format::SegmentHeader> Journal::Writer::read_header(std::uint64_t segment) {
    PROBATUM_LET(file, files_.open_read(path_of(segment)));
    ByteArray<kSegmentHeaderBytes> bytes{};
    PROBATUM_LET(got, file->read_at(0, bytes));
    PROBATUM_LET(header, format::decode_segment_header(ByteView{bytes}.first(got)));
    if (header.segment != segment) {
        return fail(Errc::storage_corrupt, "journal",
                    "a segment stands under the name of another: " + format::segment_name(segment));
    }
    if (header.chain_id != chain_id_) {
        return fail(Errc::foreign_chain, "journal", "the journal belongs to another chain");
    }
    PROBATUM_LET(size, file->size());
    bytes_on_disk_ += size;
    return header;
}

Result<std::map<std::uint64_t, format::SegmentHeader>> Journal::Writer::find_segments() {
    std::map<std::uint64_t, format::SegmentHeader> headers;
    PROBATUM_LET(names, files_.list(directory_));
    for (const std::string& name : names) {
        if (name.ends_with(".new")) {
            PROBATUM_TRY(files_.remove(directory_ / name));
        }
        const auto segment = format::segment_of(name);
        if (!segment) {
            continue;
        }
        PROBATUM_LET(header, read_header(*segment));
        if (!headers.empty() &&
            (*segment != headers.rbegin()->first + 1 || header.incarnation != headers.rbegin()->second.incarnation)) {
            return fail(Errc::storage_corrupt, "journal", "a segment is missing or foreign before " + name);
        }
        headers.emplace(*segment, header);
    }
    if (headers.empty()) {
        return fail(Errc::journal_missing, "journal", "no journal in " + directory_.string());
    }
    return headers;
}

Result<void> Journal::Writer::clear(std::uint64_t segment, std::uint64_t from, std::uint64_t to) {
    if (from >= to) {
        return {};
    }
    PROBATUM_LET(file, files_.open_write(path_of(segment)));
    PROBATUM_TRY(file->write_at(from, Bytes(to - from)));
    return file->sync();
}

Result<std::uint64_t> Journal::Writer::replay_segment(std::uint64_t segment, std::optional<std::uint64_t> known_end,
                                                      const RecordVisitor& visit) {
    PROBATUM_LET(file, files_.open_read(path_of(segment)));
    PROBATUM_LET(size, file->size());
    Bytes bytes(size);
    PROBATUM_LET(got, file->read_at(0, bytes));
    bytes.resize(got);
    PROBATUM_LET(scanned, scan_segment(bytes, segment, known_end, visit));
    PROBATUM_TRY(clear(segment, scanned.end, scanned.torn_end));
    return scanned.end;
}

Result<void> Journal::Writer::open(const RecordVisitor& visit, std::uint64_t scan_from) {
    if (auto names = files_.list(directory_); names && names->empty()) {
        return fail(Errc::journal_missing, "journal", "no journal in " + directory_.string());
    }
    PROBATUM_TRY(lock_directory());
    PROBATUM_LET(headers, find_segments());
    const std::uint64_t last = headers.rbegin()->first;
    if (scan_from > last) {
        return fail(Errc::journal_missing, "journal", "the journal is older than what was built from it");
    }
    incarnation_ = headers.rbegin()->second.incarnation;
    capacity_ = headers.rbegin()->second.capacity;
    first_segment_ = headers.begin()->first;
    last_segment_ = last;
    for (const auto& [segment, header] : headers) {
        if (segment == last || segment < scan_from) {
            continue;
        }
        PROBATUM_TRY(replay_segment(segment, headers.at(segment + 1).previous_end, visit));
    }
    {
        PROBATUM_LET(file, files_.open_read(path_of(last)));
        PROBATUM_LET(size, file->size());
        if (size != capacity_) {
            return fail(Errc::storage_corrupt, "journal", "the last segment has not its full length");
        }
    }
    PROBATUM_LET(end, replay_segment(last, std::nullopt, visit));
    PROBATUM_LET(file, files_.open_write(path_of(last)));
    current_ = std::move(file);
    group_ = end;
    {
        const std::lock_guard guard{readers_mutex_};
        synced_end_ = Position{last, end};
    }
    // What was found beyond the last known sync may be in the page cache alone; from here on it counts as kept.
    PROBATUM_TRY(current_->sync());
    PROBATUM_TRY(keep_reserve());
    return look_at_space();
}

}  // namespace probatum::ledger::store
