#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "ledger/store/journal.h"

namespace probatum::ledger::store {

/// Where the good data of a segment ends.
struct ScanEnd {
    std::uint64_t end{0};
    /// Above `end` where a crash left a torn write: the last byte that is not zero, plus one. Has to be cleared.
    std::uint64_t torn_end{0};
};

/// Reads one whole segment, header included, and shows its records in order.
///
/// @param known_end  where the data ends, as the next segment's header says; nothing for the last segment.
/// In the last segment a write that a crash tore is cut off. What counts as torn, and nothing else does: no record of a
/// later sync group follows (each record says what was on disk when it was made), and the place where reading stops
/// shows a lost sector or a lost end: zeros up to the end of a sector where a record's marks would be. Everything else
/// is storage_corrupt. Threads: pure. Total on any bytes.
[[nodiscard]] Result<ScanEnd> scan_segment(ByteView bytes, std::uint64_t segment,
                                           std::optional<std::uint64_t> known_end, const RecordVisitor& visit);

}  // namespace probatum::ledger::store
