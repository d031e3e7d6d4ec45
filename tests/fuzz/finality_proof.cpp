// A finality proof has one encoding, and no change of a good one verifies.

#include "base/check.h"
#include "ledger_samples.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    using namespace probatum::ledger;
    static const ValidatorSet set = test::sample_set(4);
    static const std::vector<BlockPtr> blocks = test::sample_chain_of_blocks(3, set, 1);
    static const Bytes good =
        encode(FinalityProof{test::sample_certificate({VoteKind::finalize, Epoch{0}, View{3}, blocks[2]->id}, set),
                             {blocks[2]->header, blocks[1]->header}});
    const ByteView input{data, size};
    const auto proof = decode_finality_proof(input);
    if (!proof) {
        return 0;
    }
    PROBATUM_CHECK(equal(encode(*proof), input), "one encoding per proof");
    if (verify_finality(blocks[0]->header, *proof, set, EcdsaChecker{})) {
        PROBATUM_CHECK(equal(input, good), "nobody can change a proof that holds");
    }
    return 0;
}
