// The scanner answers any segment; what it shows stands in the bytes, and what it calls torn lies behind all it showed.

#include "base/check.h"
#include "ledger/store/journal_format.h"
#include "ledger/store/journal_scan.h"

namespace {

using namespace probatum;
using namespace probatum::ledger::store;

/// Puts checksums over whatever the fuzzer made of heads and payloads, so that it gets behind them.
Bytes repair(ByteView input) {
    Bytes out(format::kSegmentHeaderBytes);
    std::size_t at = 0;
    while (at + 2 < input.size()) {
        const std::size_t length = std::min<std::size_t>(input[at], input.size() - at - 2);
        const std::uint8_t choice = input[at + 1];
        const ByteView payload = input.subspan(at + 2, length);
        const Position position{1, out.size()};
        const auto group = static_cast<std::uint32_t>((choice & 0x20U) != 0 ? out.size() : format::kSegmentHeaderBytes);
        const format::RecordHeader header{static_cast<RecordKind>(choice & 3U), static_cast<std::uint32_t>(length),
                                          group, format::payload_checksum(payload) ^ (choice >> 7U)};
        const auto head = format::encode(header, position);
        out.insert(out.end(), head.begin(), head.end());
        out.insert(out.end(), payload.begin(), payload.end());
        out.push_back((choice & 0x40U) != 0 ? 0 : format::kEndMark);
        out.resize(out.size() + ((choice & 0x10U) != 0 ? 600 : 0));
        at += 2 + length;
    }
    out.resize(out.size() + 64);
    return out;
}

void check_scan(ByteView bytes, std::optional<std::uint64_t> known_end) {
    std::uint64_t next = format::kSegmentHeaderBytes;
    const auto visit = [&](Position position, RecordKind, ByteView payload) -> Result<void> {
        PROBATUM_CHECK(position.offset == next, "records follow one another");
        next += format::kRecordHeaderBytes + payload.size() + format::kRecordTrailerBytes;
        PROBATUM_CHECK(next <= bytes.size() && !payload.empty(), "a record stands in the bytes");
        PROBATUM_CHECK(payload.data() >= bytes.data() && payload.data() + payload.size() <= bytes.data() + bytes.size(),
                       "nothing is invented");
        return {};
    };
    const auto end = scan_segment(bytes, 1, known_end, visit);
    if (!end) {
        PROBATUM_CHECK(end.error().code == Errc::storage_corrupt, "damage has one name");
        return;
    }
    PROBATUM_CHECK(end->end == next && end->torn_end >= end->end && end->torn_end <= bytes.size(),
                   "the end is where reading stopped");
    PROBATUM_CHECK(!known_end || end->end == *known_end, "an older segment is whole or refused");
    // Cleared, it is clean.
    Bytes cleared = to_bytes(bytes);
    std::fill(cleared.begin() + static_cast<std::ptrdiff_t>(end->end), cleared.end(), std::uint8_t{0});
    const auto again =
        scan_segment(cleared, 1, std::nullopt, [](Position, RecordKind, ByteView) -> Result<void> { return {}; });
    PROBATUM_CHECK(again && again->end == end->end && again->torn_end == again->end,
                   "clearing a torn end leaves a clean segment");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input{data, size};
    if (size >= format::kSegmentHeaderBytes) {
        check_scan(input, std::nullopt);
        check_scan(input, size / 2);
        if (const auto header = format::decode_segment_header(input)) {
            PROBATUM_CHECK(equal(format::encode(*header), input.first(format::kSegmentHeaderBytes)),
                           "one encoding per header");
        }
    }
    const Bytes repaired = repair(input);
    check_scan(repaired, std::nullopt);
    check_scan(repaired, repaired.size());
    return 0;
}
