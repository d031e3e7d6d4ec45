#include "ledger/store/journal_format.h"

#include <algorithm>
#include <charconv>

#include "ledger/store/big_endian.h"
#include "ledger/store/crc32c.h"

namespace probatum::ledger::store::format {
namespace {

constexpr std::string_view kMagic = "PROBATUM";
constexpr std::string_view kSuffix = ".journal";
constexpr std::size_t kNameDigits = 16;

std::uint32_t head_checksum(ByteView head, Position position) {
    ByteArray<16> place{};
    store_big_endian(position.segment, std::span{place}.first(8));
    store_big_endian(position.offset, std::span{place}.last(8));
    return crc32c({place, head});
}

}  // namespace

ByteArray<kSegmentHeaderBytes> encode(const SegmentHeader& header) {
    ByteArray<kSegmentHeaderBytes> out{};
    const std::span<std::uint8_t> bytes{out};
    std::ranges::copy(as_bytes(kMagic), out.begin());
    store_big_endian(kJournalVersion, bytes.subspan(8, 4));
    store_big_endian(header.segment, bytes.subspan(12, 8));
    store_big_endian(header.capacity, bytes.subspan(20, 8));
    store_big_endian(header.previous_end, bytes.subspan(28, 8));
    std::ranges::copy(header.chain_id.bytes, bytes.subspan(36, 32).begin());
    std::ranges::copy(header.incarnation, bytes.subspan(68, 16).begin());
    store_big_endian(crc32c({bytes.first(84)}), bytes.subspan(84, 4));
    return out;
}

Result<SegmentHeader> decode_segment_header(ByteView bytes) {
    if (bytes.size() < kSegmentHeaderBytes || !equal(bytes.first(8), as_bytes(kMagic))) {
        return fail(Errc::storage_corrupt, "journal", "a segment does not begin with the journal's mark");
    }
    if (load_big_endian<std::uint32_t>(bytes.subspan(84, 4)) != crc32c({bytes.first(84)})) {
        return fail(Errc::storage_corrupt, "journal", "the checksum of a segment's header does not hold");
    }
    if (const auto version = load_big_endian<std::uint32_t>(bytes.subspan(8, 4)); version != kJournalVersion) {
        return fail(Errc::preflight_failed, "journal",
                    "the journal has format " + std::to_string(version) + ", this program knows " +
                        std::to_string(kJournalVersion));
    }
    SegmentHeader header;
    header.segment = load_big_endian<std::uint64_t>(bytes.subspan(12, 8));
    header.capacity = load_big_endian<std::uint64_t>(bytes.subspan(20, 8));
    header.previous_end = load_big_endian<std::uint64_t>(bytes.subspan(28, 8));
    std::ranges::copy(bytes.subspan(36, 32), header.chain_id.bytes.begin());
    std::ranges::copy(bytes.subspan(68, 16), header.incarnation.begin());
    return header;
}

ByteArray<kRecordHeaderBytes> encode(const RecordHeader& header, Position position) {
    ByteArray<kRecordHeaderBytes> out{};
    const std::span<std::uint8_t> bytes{out};
    bytes[0] = kStartMark;
    store_big_endian(header.length, bytes.subspan(1, 4));
    bytes[5] = static_cast<std::uint8_t>(header.kind);
    store_big_endian(header.group, bytes.subspan(6, 4));
    store_big_endian(header.payload_crc, bytes.subspan(10, 4));
    store_big_endian(head_checksum(bytes.first(14), position), bytes.subspan(14, 4));
    bytes[18] = kHeadMark;
    return out;
}

std::optional<RecordHeader> decode_record_header(ByteView bytes, Position position) {
    if (bytes.size() < kRecordHeaderBytes || bytes[0] != kStartMark || bytes[18] != kHeadMark) {
        return std::nullopt;
    }
    if (load_big_endian<std::uint32_t>(bytes.subspan(14, 4)) != head_checksum(bytes.first(14), position)) {
        return std::nullopt;
    }
    RecordHeader header;
    header.length = load_big_endian<std::uint32_t>(bytes.subspan(1, 4));
    header.kind = static_cast<RecordKind>(bytes[5]);
    header.group = load_big_endian<std::uint32_t>(bytes.subspan(6, 4));
    header.payload_crc = load_big_endian<std::uint32_t>(bytes.subspan(10, 4));
    if (header.length == 0 || header.length > kMaxRecordBytes || header.group > position.offset) {
        return std::nullopt;
    }
    return header;
}

std::uint32_t payload_checksum(ByteView payload) { return crc32c({payload}); }

bool payload_holds(const RecordHeader& header, ByteView payload) {
    return payload.size() == header.length && payload_checksum(payload) == header.payload_crc;
}

std::string segment_name(std::uint64_t segment) {
    ByteArray<kNameDigits> digits{};
    for (std::size_t i = 0; i < kNameDigits; ++i) {
        digits[kNameDigits - 1 - i] = static_cast<std::uint8_t>("0123456789abcdef"[segment >> (4U * i) & 0xfU]);
    }
    return std::string{as_text(digits)} + std::string{kSuffix};
}

std::optional<std::uint64_t> segment_of(std::string_view name) {
    if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) {
        return std::nullopt;
    }
    std::uint64_t segment = 0;
    const char* const end = name.data() + kNameDigits;
    const auto [stop, error] = std::from_chars(name.data(), end, segment, 16);
    if (error != std::errc{} || stop != end || segment_name(segment) != name) {
        return std::nullopt;
    }
    return segment;
}

}  // namespace probatum::ledger::store::format
