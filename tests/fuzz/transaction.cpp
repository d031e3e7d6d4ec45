// A transaction has one encoding, in all its parts.

#include "ledger/transaction.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::ledger;
    const ByteView input{data, size};
    if (const auto payload = decode_payload(input)) {
        PROBATUM_CHECK(equal(encode(*payload), input), "one encoding per payload");
    }
    if (auto openings = decode_openings(input)) {
        PROBATUM_CHECK(equal(encode_openings(*std::move(openings)), input), "one encoding per set of openings");
    }
    const auto transaction = Transaction::decode(to_bytes(input));
    if (!transaction) {
        return 0;
    }
    const Transaction& t = **transaction;
    PROBATUM_CHECK(equal(t.wire(), input), "the bytes are kept");
    PROBATUM_CHECK(equal(encode_transaction(t.statement_bytes(), t.openings()), input), "one encoding");
    PROBATUM_CHECK(equal(encode(t.payload()), t.statement().payload), "one encoding of the payload");
    PROBATUM_CHECK(
        equal(cose::assemble(t.header(), t.statement().payload, t.statement().signature), t.statement_bytes()),
        "one encoding of the statement");
    return 0;
}
