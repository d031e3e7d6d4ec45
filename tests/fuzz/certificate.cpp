// Votes and certificates have one encoding, and no change of a good one verifies.

#include "base/check.h"
#include "ledger_samples.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::ledger;
    static const ValidatorSet set = test::sample_set(4);
    static const VoteTarget target{VoteKind::finalize, Epoch{0}, View{7}, test::named_digest("block")};
    static const Certificate good = test::sample_certificate(target, set);
    const EcdsaChecker checker;
    const ByteView input{data, size};
    if (const auto vote = decode_vote(input)) {
        PROBATUM_CHECK(equal(encode(*vote), input), "one encoding per vote");
        (void)verify_vote(*vote, set, test::sample_chain(), checker);
    }
    if (const auto validators = ValidatorSet::decode(input)) {
        PROBATUM_CHECK(equal(validators->encode(), input), "one encoding per set");
    }
    if (const auto certificate = decode_certificate(input)) {
        PROBATUM_CHECK(equal(encode(*certificate), input), "one encoding per certificate");
        if (certificate->target == target && verify_certificate(*certificate, set, test::sample_chain(), checker)) {
            PROBATUM_CHECK(*certificate == good, "nobody can change a certificate that holds");
        }
    }
    return 0;
}
