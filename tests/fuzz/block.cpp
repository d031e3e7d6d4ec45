// A block and a header have one encoding; what is accepted keeps the promises that bytes alone can keep.

#include "ledger/block.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::ledger;
    const ByteView input{data, size};
    if (const auto header = decode_header(input)) {
        PROBATUM_CHECK(equal(encode(*header), input), "one encoding per header");
    }
    const auto decoded = decode_block(input);
    if (!decoded) {
        return 0;
    }
    const Block& block = **decoded;
    PROBATUM_CHECK(equal(encode(block), input), "one encoding per block");
    PROBATUM_CHECK(block.id == id_of(block.header), "the id is the header's");
    PROBATUM_CHECK(
        block.header.payload_root == payload_root(block.parent_certificate, block.transactions, block.succession),
        "root");
    PROBATUM_CHECK(block.succession.empty() || block.transactions.empty(), "a succession stands alone");
    PROBATUM_CHECK(block.parent_certificate.has_value() == (block.header.height > Height{1}), "parent certificate");
    return 0;
}
