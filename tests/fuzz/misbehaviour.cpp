// A proof of misbehaviour has one encoding, accuses with votes that contradict each other, and no change of a good one
// verifies.

#include "ledger/misbehaviour.h"
#include "base/check.h"
#include "ledger_samples.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::ledger;
    static const ValidatorSet set = test::sample_set(4);
    static const Misbehaviour good = [] {
        const auto vote = [](std::string_view block) {
            return test::sample_vote({VoteKind::finalize, Epoch{0}, View{7}, test::named_digest(block)}, set, 2);
        };
        return make_misbehaviour(vote("block"), vote("other block"), set).value();
    }();
    const ByteView input{data, size};
    const auto proof = decode_misbehaviour(input);
    if (!proof) {
        return 0;
    }
    PROBATUM_CHECK(equal(encode(*proof), input), "one encoding per proof");
    PROBATUM_CHECK(contradict(proof->target(0), proof->target(1)), "an accusation of nothing");
    if (verify_misbehaviour(*proof, test::sample_chain(), EcdsaChecker{})) {
        PROBATUM_CHECK(*proof == good, "nobody can change a proof that holds");
    }
    return 0;
}
