// The negative answers: no such contract, and nothing after event n. docs/spec/evidence.md section 3.

#include <gtest/gtest.h>

#include "contracts/contract_head.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "resealed_bundle.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

class Standing : public testing::Test {
protected:
    Standing() : id_{test::record_sample_loan(chain_)}, bundle_{gather_standing(chain_, id_).value()} {}

    [[nodiscard]] Report verify_now() const { return verify(encode(bundle_), {.genesis_digest = chain_.chain_id()}); }
    void expect_failed(std::string_view check) const {
        const Report report = verify_now();
        EXPECT_EQ(report.conclusion, Conclusion::not_valid);
        EXPECT_EQ(report.failed_check, check) << render_text(report, Language::english);
    }

    test::MemoryChain chain_;
    Digest id_;
    Bundle bundle_;
};

TEST_F(Standing, CountsTheEventsWithoutShowingThem) {
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    ASSERT_TRUE(report.facts.standing);
    EXPECT_TRUE(report.facts.standing->registered);
    EXPECT_EQ(report.facts.standing->events, gather_contract(chain_, id_).value().contract->events.size());
    EXPECT_NE(render_text(report, Language::english).find("nothing came after them"), std::string::npos);
}

TEST_F(Standing, ProvesThatThereIsNoSuchContract) {
    bundle_ = gather_standing(chain_, sha256(as_bytes("no contract"))).value();
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_FALSE(report.facts.standing->registered);
    EXPECT_NE(render_text(report, Language::english).find("no contract is registered under this id"),
              std::string::npos);
}

TEST_F(Standing, AContractCannotBeDenied) {
    bundle_.standing->value.reset();
    expect_failed("standing");
    bundle_.standing->proof = chain_.prove_state(sha256(as_bytes("elsewhere")));
    expect_failed("standing");
}

TEST_F(Standing, EventsCannotBeCountedAway) {
    contracts::ContractHead head = contracts::decode_contract_head(*bundle_.standing->value).value();
    head.refusals = {};
    bundle_.standing->value = contracts::encode(head);
    expect_failed("standing");
}

TEST_F(Standing, OneContractDoesNotSpeakForAnother) {
    bundle_.subject.id = sha256(as_bytes("another contract"));
    expect_failed("standing");
}

TEST_F(Standing, HasOneEncoding) {
    const Bytes bytes = encode(bundle_);
    const Result<Bundle> decoded = decode_bundle(bytes);
    ASSERT_TRUE(decoded) << decoded.error().to_string();
    EXPECT_EQ(encode(*decoded), bytes);
    EXPECT_FALSE(decode_bundle(ByteView{bytes}.first(bytes.size() - 1)));
}

TEST_F(Standing, EachKindIsGatheredByItsName) {
    const Digest document = sha256(as_bytes("never registered"));
    EXPECT_EQ(gather(chain_, Subject{SubjectKind::standing, id_}).value().subject.kind, SubjectKind::standing);
    EXPECT_EQ(gather(chain_, Subject{SubjectKind::document, document}).value().subject.kind, SubjectKind::document);
    EXPECT_EQ(gather(chain_, Subject{SubjectKind::record, document}).error().code, Errc::not_found);
}

}  // namespace
}  // namespace probatum::evidence
