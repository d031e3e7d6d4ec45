// Any bytes, read as a story told to one core: it never crashes and its votes never break a rule.

#include "base/check.h"
#include "consensus_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace probatum;
    testing::ConsensusScript script{ByteView{data, size}};
    PROBATUM_CHECK(script.run().empty(), "a rule of consensus is broken");
    return 0;
}
