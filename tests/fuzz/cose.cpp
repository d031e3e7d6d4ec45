// A statement has one encoding; verification of any statement only answers yes or no.

#include "base/cose.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    const ByteView input{data, size};
    const Result<cose::Statement> statement = cose::decode(input);
    if (!statement) {
        return 0;
    }

    PROBATUM_CHECK(equal(cose::assemble(statement->header, statement->payload, statement->signature), input),
                   "one encoding per statement");
    PROBATUM_CHECK(equal(cose::encode(statement->header), statement->protected_bytes), "one encoding per header");
    static const PublicKey key = SecretKey::from_bytes(Bytes(32, 0x11)).value().public_key();
    if (const Result<void> verdict = statement->verify(key); !verdict) {
        const Errc code = verdict.error().code;
        PROBATUM_CHECK(code == Errc::bad_signature || code == Errc::high_s_signature, "a signature holds or does not");
    }
    return 0;
}
