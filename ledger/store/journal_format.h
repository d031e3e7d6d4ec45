#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/store/journal.h"

/// The bytes of a journal segment; docs/spec/storage.md is normative. All integers are big-endian.
namespace probatum::ledger::store::format {

inline constexpr std::uint32_t kJournalVersion = 1;
inline constexpr std::size_t kSegmentHeaderBytes = 88;
inline constexpr std::size_t kRecordHeaderBytes = 19;
inline constexpr std::size_t kRecordTrailerBytes = 1;
inline constexpr std::size_t kSectorBytes = 512;  ///< What a disk writes whole or not at all.
inline constexpr std::uint8_t kStartMark = 0xA5;  ///< Never zero, so that zeros are never taken for a record.
inline constexpr std::uint8_t kHeadMark = 0xC3;
inline constexpr std::uint8_t kEndMark = 0x5A;

/// [magic 8][version 4][segment 8][capacity 8][previous end 8][chain id 32][incarnation 16][crc32c 4]
struct SegmentHeader {
    std::uint64_t segment{0};
    std::uint64_t capacity{0};      ///< Length of the file; more than this is never written.
    std::uint64_t previous_end{0};  ///< Where the data of the segment before ends; 0 for the first.
    Digest chain_id;
    Incarnation incarnation{};
};
[[nodiscard]] ByteArray<kSegmentHeaderBytes> encode(const SegmentHeader& header);
/// storage_corrupt, or preflight_failed for a version that this program does not know.
[[nodiscard]] Result<SegmentHeader> decode_segment_header(ByteView bytes);

/// [start mark 1][length 4][kind 1][group 4][payload crc32c 4][head crc32c 4][head mark 1] payload [end mark 1]
struct RecordHeader {
    RecordKind kind{RecordKind::block};
    std::uint32_t length{0};  ///< Of the payload; at least 1.
    std::uint32_t group{0};   ///< Everything in this segment before this offset was on disk when the record was made.
    std::uint32_t payload_crc{0};
    [[nodiscard]] std::uint64_t extent() const {
        return kRecordHeaderBytes + std::uint64_t{length} + kRecordTrailerBytes;
    }
};
/// The head checksum covers where the record stands, so that bytes found elsewhere are never a record.
[[nodiscard]] ByteArray<kRecordHeaderBytes> encode(const RecordHeader& header, Position position);
/// Nothing if the bytes are not a record header at this place.
[[nodiscard]] std::optional<RecordHeader> decode_record_header(ByteView bytes, Position position);
[[nodiscard]] bool payload_holds(const RecordHeader& header, ByteView payload);
[[nodiscard]] std::uint32_t payload_checksum(ByteView payload);

/// "000000000000002a.journal"
[[nodiscard]] std::string segment_name(std::uint64_t segment);
/// The number in a segment's name, or nothing for any other file.
[[nodiscard]] std::optional<std::uint64_t> segment_of(std::string_view name);

}  // namespace probatum::ledger::store::format
