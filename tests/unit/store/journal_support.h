#pragma once

#include "ledger/store/journal_format.h"
#include "support.h"

namespace probatum::test {

struct Written {
    store::Position position;
    store::RecordKind kind{store::RecordKind::own_vote};
    Bytes payload;
    friend bool operator==(const Written&, const Written&) = default;
};

/// Records of many sizes, none like another.
inline Bytes payload_of(std::size_t number) {
    Bytes out(1 + number * 37 % 700, static_cast<std::uint8_t>(number));
    out.front() = static_cast<std::uint8_t>(number >> 8U);
    return out;
}

inline store::RecordKind kind_of(std::size_t number) { return static_cast<store::RecordKind>(1 + number % 3); }

/// Small segments, so that there are many.
inline store::JournalOptions small_segments() {
    store::JournalOptions options;
    options.segment_bytes = 4096;
    options.minimum_free_bytes = 0;
    options.on_fatal = throw_fatal;
    return options;
}

inline const store::Path kFolder{"/journal"};

struct Reopened {
    Result<std::unique_ptr<store::Journal>> journal;
    std::vector<Written> records;
};

inline Reopened reopen(store::Files& files, const store::Path& folder = kFolder, std::uint64_t scan_from = 0,
                       store::JournalOptions options = small_segments()) {
    std::vector<Written> records;
    const auto visit = [&](store::Position position, store::RecordKind kind, ByteView payload) -> Result<void> {
        records.push_back({position, kind, to_bytes(payload)});
        return {};
    };
    auto journal = store::Journal::open(files, folder, kChain, visit, scan_from, std::move(options));
    return {std::move(journal), std::move(records)};
}

}  // namespace probatum::test
