#include "ledger/store/journal_scan.h"

#include <algorithm>
#include <string>

#include "ledger/store/journal_format.h"

namespace probatum::ledger::store {
namespace {

using format::kRecordHeaderBytes;
using format::kSectorBytes;

std::string place(Position position) {
    return "segment " + std::to_string(position.segment) + " offset " + std::to_string(position.offset);
}

tl::unexpected<Error> corrupt(Position position, const std::string& what) {
    return fail(Errc::storage_corrupt, "journal", what + " at " + place(position));
}

bool all_zero(ByteView bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

/// One past the last byte that is not zero.
std::uint64_t data_end(ByteView bytes) {
    std::size_t end = bytes.size();
    while (end > 0 && bytes[end - 1] == 0) {
        --end;
    }
    return end;
}

/// From `offset` to the end of its sector nothing was written.
bool zero_to_sector_end(ByteView bytes, std::uint64_t offset) {
    if (offset >= bytes.size()) {
        return true;
    }
    const std::uint64_t end = std::min<std::uint64_t>((offset / kSectorBytes + 1) * kSectorBytes, bytes.size());
    return all_zero(bytes.subspan(offset, end - offset));
}

/// Whether any sector that lies wholly within [from, to) is all zero.
bool has_lost_sector(ByteView bytes, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t sector = (from + kSectorBytes - 1) / kSectorBytes * kSectorBytes; sector + kSectorBytes <= to;
         sector += kSectorBytes) {
        if (all_zero(bytes.subspan(sector, kSectorBytes))) {
            return true;
        }
    }
    return false;
}

/// Whether what stands at `offset` can be the remains of a write that never completed, rather than damage.
bool looks_torn(ByteView bytes, Position at) {
    const std::uint64_t offset = at.offset;
    if (const auto header = format::decode_record_header(bytes.subspan(offset), at)) {
        const std::uint64_t end = offset + header->extent();
        if (end > bytes.size()) {
            return false;
        }  // A whole header never promises more than the segment holds.
        return zero_to_sector_end(bytes, end - 1) || has_lost_sector(bytes, offset, end);
    }
    const std::uint64_t last = offset + kRecordHeaderBytes - 1;
    const bool end_lost = zero_to_sector_end(bytes, last);
    const bool begin_lost = last / kSectorBytes != offset / kSectorBytes && zero_to_sector_end(bytes, offset);
    return end_lost || begin_lost;
}

/// A later sync group proves that what stands before it was on disk once.
bool later_group_follows(ByteView bytes, Position at, std::uint64_t end) {
    for (std::uint64_t offset = at.offset + 1; offset + kRecordHeaderBytes <= end; ++offset) {
        if (bytes[offset] != format::kStartMark) {
            continue;
        }
        const auto header = format::decode_record_header(bytes.subspan(offset), Position{at.segment, offset});
        if (!header || header->group <= at.offset || offset + header->extent() > bytes.size()) {
            continue;
        }
        if (format::payload_holds(*header, bytes.subspan(offset + kRecordHeaderBytes, header->length))) {
            return true;
        }
    }
    return false;
}

Result<ScanEnd> end_of_last(ByteView bytes, Position at) {
    const std::uint64_t end = data_end(bytes);
    if (end <= at.offset) {
        return ScanEnd{at.offset, at.offset};
    }
    if (later_group_follows(bytes, at, end)) {
        return corrupt(at, "a damaged record is followed by later ones");
    }
    if (!looks_torn(bytes, at)) {
        return corrupt(at, "a record's checksum does not hold");
    }
    return ScanEnd{at.offset, end};
}

}  // namespace

Result<ScanEnd> scan_segment(ByteView bytes, std::uint64_t segment, std::optional<std::uint64_t> known_end,
                             const RecordVisitor& visit) {
    Position at{segment, format::kSegmentHeaderBytes};
    const std::uint64_t limit = known_end.value_or(bytes.size());
    if (limit > bytes.size() || limit < at.offset) {
        return corrupt(at, "the segment is shorter than its data");
    }
    while (at.offset < limit) {
        const auto header = format::decode_record_header(bytes.subspan(at.offset), at);
        if (!header || at.offset + header->extent() > limit) {
            break;
        }
        const ByteView payload = bytes.subspan(at.offset + kRecordHeaderBytes, header->length);
        // A crash may lose the end mark alone; the record is whole all the same.
        const std::uint8_t end_mark = bytes[at.offset + header->extent() - 1];
        if (!format::payload_holds(*header, payload) || (end_mark != format::kEndMark && end_mark != 0)) {
            break;
        }
        if (header->kind < RecordKind::block || header->kind > RecordKind::certificate) {
            return corrupt(at, "a record of an unknown kind");
        }
        PROBATUM_TRY(visit(at, header->kind, payload));
        at.offset += header->extent();
    }
    if (!known_end) {
        return end_of_last(bytes, at);
    }
    if (at.offset != *known_end) {
        return corrupt(at, "a record's checksum does not hold");
    }
    return ScanEnd{at.offset, at.offset};
}

}  // namespace probatum::ledger::store
