// Bundles across changes of the validators.

#include <gtest/gtest.h>

#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using contracts::AddValidator;
using contracts::RemoveValidator;
using contracts::RotateKey;
using test::named_key;

PublicKey validator(int number) { return named_key("validator-" + std::to_string(number)).public_key(); }

/// A loan that was recorded under the set of genesis; then a fifth validator, other parameters, a new key, and one
/// less.
class Epochs : public testing::Test {
protected:
    Epochs() : chain_{test::governed_sample_genesis()}, id_{test::record_active_loan(chain_)} {
        early_ = encode(gather_contract(chain_, id_).value());
        early_transaction_ = chain_.last_transaction();
        chain_.enact(AddValidator{{"surety-g", validator(4)}});
        contracts::Parameters parameters = test::governed_sample_genesis().parameters;
        parameters.max_block_transactions = 99;
        chain_.enact(contracts::ChangeParameters{parameters});
        chain_.enact(RotateKey{validator(1), validator(5)});
        chain_.enact(RemoveValidator{validator(2)});
        chain_.add_block({});
        bundle_ = gather_contract(chain_, id_).value();
    }

    [[nodiscard]] Report verify_now(VerifyOptions options = {}) const {
        options.genesis_digest = chain_.chain_id();
        return verify(encode(*bundle_), options);
    }
    void expect_failed(std::string_view check) const {
        const Report report = verify_now();
        EXPECT_EQ(report.conclusion, Conclusion::not_valid);
        EXPECT_EQ(report.failed_check, check) << render_text(report, Language::english);
    }
    std::vector<ValidatorChange>& path() { return bundle_->validator_path; }

    test::MemoryChain chain_;
    Digest id_;
    Bytes early_;
    Digest early_transaction_;
    std::optional<Bundle> bundle_;
};

TEST_F(Epochs, TheBundleLeadsFromGenesisToTheSetOfTheHead) {
    ASSERT_EQ(path().size(), 3U);  // Four epochs were closed; one of them left the validators as they were.
    EXPECT_EQ(bundle_->head.header.epoch, Epoch{4});
    const Report report = verify_now();
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
}

TEST_F(Epochs, TheReportNamesEachChange) {
    const Report report = verify_now();
    ASSERT_EQ(report.facts.validator_changes.size(), 3U);
    const ValidatorChangeFact& added = report.facts.validator_changes[0];
    EXPECT_EQ(added.epoch, Epoch{1});
    ASSERT_EQ(added.joined.size(), 1U);
    EXPECT_EQ(added.joined[0].organisation, "surety-g");
    EXPECT_TRUE(added.left.empty());
    const ValidatorChangeFact& rotated = report.facts.validator_changes[1];
    EXPECT_EQ(rotated.epoch, Epoch{3});
    EXPECT_EQ(rotated.joined.at(0).key_id, validator(5).id().digest);
    EXPECT_EQ(rotated.left.at(0).key_id, validator(1).id().digest);
    EXPECT_EQ(report.facts.validator_changes[2].left.at(0).organisation, "court-d");
    const std::string text = render_text(report, Language::english);
    for (const char* const part : {"changed for epoch 1", "changed for epoch 3", "changed for epoch 4", "joined"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    EXPECT_NE(render_json(report).find("\"validator_changes\""), std::string::npos);
}

TEST_F(Epochs, TheClockBoundOfGenesisIsNotThatOfALaterEpoch) {
    const Report report = verify_now();
    EXPECT_FALSE(report.facts.clock_bound_ms);
    EXPECT_NE(render_json(report).find("\"clock_bound_ms\": null"), std::string::npos);
    EXPECT_NE(render_text(report, Language::english).find("bound of the validators' clocks: not shown"),
              std::string::npos);
    const Report before = verify(early_, {.genesis_digest = chain_.chain_id()});
    EXPECT_EQ(before.facts.clock_bound_ms, test::governed_sample_genesis().parameters.clock_bound_ms);
}

TEST_F(Epochs, ABundleFromBeforeTheChangesStillVerifiesWithTheGenesisDigestAlone) {
    VerifyOptions options;
    options.genesis_digest = chain_.chain_id();
    const Report report = verify(early_, options);
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_TRUE(report.facts.validator_changes.empty());
}

TEST_F(Epochs, ARecordOfAnEarlierEpochIsProvenByTheSetOfItsEpoch) {
    bundle_ = gather_record(chain_, early_transaction_).value();
    EXPECT_EQ(bundle_->record->block.header.epoch, Epoch{0});
    EXPECT_EQ(verify_now().conclusion, Conclusion::valid);
    bundle_->record->block.finality.certificate = bundle_->head.finality.certificate;
    expect_failed("record-block");
}

TEST_F(Epochs, ARecordInTheFirstBlockOfAnEpochHasItsParentInTheOneBefore) {
    chain_.enact(RotateKey{validator(0), validator(6)});
    ASSERT_TRUE(chain_
                    .record("bank-a/maker-1",
                            {.body = contracts::DepositBody{.digests = contracts::digests_of(as_bytes("new epoch")),
                                                            .size_bytes = 9,
                                                            .media_type = "text/plain"}})
                    .accepted());
    bundle_ = gather_record(chain_, chain_.last_transaction()).value();
    EXPECT_NE(bundle_->record->parent->epoch, bundle_->record->block.header.epoch);
    EXPECT_EQ(verify_now().conclusion, Conclusion::valid);
}

TEST_F(Epochs, AStepIsMissing) {
    for (std::size_t i = 0; i < 3; ++i) {
        bundle_ = gather_contract(chain_, id_).value();
        path().erase(path().begin() + static_cast<std::ptrdiff_t>(i));
        expect_failed(i == 2 ? "head-header" : "validator-path");
    }
    path().clear();
    expect_failed("head-header");
}

TEST_F(Epochs, StepsAreReorderedOrDoubled) {
    std::swap(path()[0], path()[1]);
    expect_failed("validator-path");
    std::swap(path()[0], path()[1]);
    path().push_back(path().back());
    expect_failed("validator-path");
}

TEST_F(Epochs, AStepNamesAnotherSetThanItsHeader) {
    path()[2].next = path()[1].next;
    expect_failed("validator-path");
}

TEST_F(Epochs, AStepThatChangesNothing) {
    const Height closing{path()[0].closing.header.height.raw() + 4};  // Where only the parameters changed.
    const ledger::Header header = chain_.header(closing).value();
    ASSERT_EQ(header.validators, header.next_validators);
    path().insert(path().begin() + 1, {{header, chain_.finality(closing).value()}, path()[0].next});
    expect_failed("validator-path");
}

TEST_F(Epochs, AnyOtherFinalHeaderClosesNothing) {
    const Height before{path()[0].closing.header.height.raw() - 1};
    path()[0].closing = {chain_.header(before).value(), chain_.finality(before).value()};
    expect_failed("validator-path");
}

/// By the validators of genesis, who reign no more.
ledger::Certificate by_old_set(const test::MemoryChain& chain, const ledger::Header& header) {
    ledger::Certificate out{{ledger::VoteKind::finalize, header.epoch, header.view, ledger::id_of(header)}, {}};
    const ledger::ValidatorSet set = test::governed_sample_genesis().validator_set();
    for (ledger::ValidatorIndex index = 0; index < set.quorum(); ++index) {
        const SecretKey key = named_key("validator-" + std::to_string(index));
        out.signers.push_back(
            {index, key.sign(ledger::vote_signing_digest(out.target, chain.chain_id(), set.at(index)))});
    }
    return out;
}

TEST_F(Epochs, TheOldSetCertifiesTheNewEpoch) {
    bundle_->head.finality.certificate = by_old_set(chain_, bundle_->head.header);
    expect_failed("finality-certificate");
    // With a header that claims the old set.
    bundle_->head.header.validators = test::governed_sample_genesis().validator_set().digest();
    bundle_->head.finality.certificate = by_old_set(chain_, bundle_->head.header);
    expect_failed("head-header");
}

TEST_F(Epochs, TheOldSetClosesAnEpochThatIsNotItsOwn) {
    path()[1].closing.finality.certificate = by_old_set(chain_, path()[1].closing.header);
    expect_failed("validator-path");
}

TEST_F(Epochs, TheHeadLiesBelowTheLastChange) {
    const Height low{path()[2].closing.header.height.raw()};
    bundle_->head = {chain_.header(low).value(), chain_.finality(low).value()};
    expect_failed("head-header");
}

TEST_F(Epochs, AReceiptOfALaterEpochNeedsThePathToItsSet) {
    const auto place = chain_.locate(chain_.last_transaction()).value();
    ASSERT_TRUE(chain_
                    .record("bank-a/maker-1",
                            {.body = contracts::DepositBody{.digests = contracts::digests_of(as_bytes("receipt")),
                                                            .size_bytes = 7,
                                                            .media_type = "text/plain"}})
                    .accepted());
    const auto at = chain_.locate(chain_.last_transaction()).value();
    ASSERT_GT(at.height, place.height);
    const ledger::Header header = chain_.header(at.height).value();
    const ReceiptParts receipt{chain_.last_transaction(),
                               header,
                               at.log_index,
                               chain_.entry(at.log_index).value(),
                               chain_.prove_entry(at.log_index, header.log_size).value(),
                               chain_.finality(at.height).value()};
    EXPECT_EQ(verify_receipt(receipt, chain_.genesis(), chain_.chain_id()).error().code, Errc::evidence_mismatch);
    const auto whole = gather_validator_path(chain_).value();
    EXPECT_TRUE(verify_receipt(receipt, chain_.genesis(), chain_.chain_id(), whole));
    EXPECT_FALSE(verify_receipt(receipt, chain_.genesis(), chain_.chain_id(), {whole[0], whole[2]}));
}

}  // namespace
}  // namespace probatum::evidence
