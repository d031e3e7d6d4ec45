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

TEST(LoanBundle, RefusedAttemptsAreThoseOfParties) {
    MemoryChain chain;
    const Digest id = test::record_sample_loan(chain);
    const std::size_t of_parties = gather_contract(chain, id).value().contract->refused.size();
    ASSERT_FALSE(chain.record("bank-s/teller-1", {id, contracts::SettleBody{}, {}}).accepted());
    const Report report = verify_sample(encode(gather_contract(chain, id).value()), chain);
    ASSERT_EQ(report.conclusion, Conclusion::valid);
    EXPECT_EQ(report.facts.refused.size(), of_parties) << "a stranger's attempt stands in the chain's log alone";
    const std::string text = render_text(report, Language::english);
    EXPECT_NE(text.find("refused attempts by parties to it"), std::string::npos);
    EXPECT_NE(text.find("by organisations that are no party"), std::string::npos);
    EXPECT_EQ(text.find("all that named this contract"), std::string::npos);
    const Report absent = verify_sample(encode(gather_document(chain, Digest{{1}}).value()), chain);
    EXPECT_EQ(render_text(absent, Language::english).find("by organisations that are no party"), std::string::npos);
}

/// docs/spec/contracts.md section 7.3: whoever re-computes folds by value date, as the chain did.
TEST(LoanBundle, APaymentDatedEarlierMovesTheMoneyOfLaterOnes) {
    constexpr std::size_t kLastRepayment = 10;
    MemoryChain chain;
    const Digest id = test::record_sample_loan(chain);
    const auto last_allocation = [&] {
        const Report report = verify_sample(encode(gather_contract(chain, id).value()), chain);
        EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
        return report.facts.events.at(kLastRepayment).allocation.value();
    };
    EXPECT_EQ(last_allocation().interest_minor, 1'000'000);
    contracts::Payment early = test::sample_payment(chain, {1'000'000, "BS-2027-0060"});
    early.value_date = CivilDate::parse("2027-03-01").value();
    ASSERT_TRUE(chain.record("trader-b/cfo-1", {id, contracts::RepayBody{early}, {}}).accepted());
    EXPECT_EQ(last_allocation().interest_minor, 87'500);
    EXPECT_EQ(last_allocation().principal_minor, 912'500);
}

}  // namespace
}  // namespace probatum::evidence
