// A loan recorded on a chain in memory, taken away as one file and verified with nothing but that file.

#include <gtest/gtest.h>

#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using test::MemoryChain;

Report verify_sample(const Bytes& bundle, const MemoryChain& chain) {
    return verify(bundle, {.genesis_digest = chain.chain_id()});
}

TEST(LoanBundle, IsValid) {
    MemoryChain chain;
    const Digest id = test::record_sample_loan(chain);
    const Result<Bundle> bundle = gather_contract(chain, id);
    ASSERT_TRUE(bundle) << bundle.error().to_string();
    const Report report = verify_sample(encode(*bundle), chain);
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(report.facts.event_count, 12U);
}

}  // namespace
}  // namespace probatum::evidence
