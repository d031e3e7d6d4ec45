// Entries, event leaves and frontiers have one encoding.

#include "ledger/entry.h"
#include "base/check.h"
#include "ledger/evidence_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::ledger;
    const ByteView input{data, size};
    if (const auto entry = decode_entry(input)) {
        PROBATUM_CHECK(equal(encode(*entry), input), "one encoding per entry");
    }
    if (const auto leaf = decode_event_leaf(input)) {
        PROBATUM_CHECK(equal(encode(*leaf), input), "one encoding per event leaf");
    }
    if (const auto frontier = log::decode_frontier(input)) {
        PROBATUM_CHECK(equal(log::encode(*frontier), input), "one encoding per frontier");
        (void)frontier->root();
    }
    return 0;
}
