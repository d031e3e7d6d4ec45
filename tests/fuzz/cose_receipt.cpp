// Any bytes are answered; what decodes as a statement with receipts, or as a receipt, has one encoding.

#include "evidence/cose_receipt.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    const ByteView input{data, size};
    if (const auto statement = evidence::decode_transparent(input)) {
        PROBATUM_CHECK(equal(evidence::encode(*statement), input), "one encoding per statement");
    }
    if (const auto receipt = evidence::decode_cose_receipt(input)) {
        PROBATUM_CHECK(equal(evidence::encode(*receipt), input), "one encoding per receipt");
    }
    return 0;
}
