// Any bytes are answered; what decodes has one encoding.

#include "base/check.h"
#include "evidence/additions.h"
#include "evidence/batch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    const ByteView input{data, size};
    if (const auto proof = evidence::decode_batch_proof(input)) {
        PROBATUM_CHECK(equal(evidence::encode(*proof), input), "one encoding per proof");
        static_cast<void>(evidence::verify_batch_proof(*proof));
    }
    if (const auto content = evidence::decode_addition_content(input)) {
        PROBATUM_CHECK(equal(evidence::encode(*content), input), "one encoding per addition");
    }
    return 0;
}
