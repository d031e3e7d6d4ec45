// What a bundle shows when the recovery authorities of genesis had to name the validators.

#include <gtest/gtest.h>

#include "contracts/state_keys.h"
#include "contracts/succession.h"
#include "evidence/cose_receipt.h"
#include "evidence/extract.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using contracts::Succession;
using test::named_key;

contracts::Genesis recoverable_genesis() {
    contracts::Genesis out = test::governed_sample_genesis();
    for (const char* const name : {"recovery-1", "recovery-2", "recovery-3"}) {
        out.recovery_authorities.push_back(named_key(name).public_key());
    }
    out.recovery_threshold = 2;
    return out;
}

/// A loan; then three of four validators are lost for good, and two of three authorities name three others.
class SuccessionTest : public testing::Test {
protected:
    SuccessionTest() : chain_{recoverable_genesis()}, id_{test::record_active_loan(chain_)} {
        early_ = encode(gather_contract(chain_, id_).value());
        last_ = chain_.head();
        said_ = Succession{ledger::id_of(last_), last_.height, last_.epoch, successors(), "three data centres burnt"};
        chain_.succeed(by({"recovery-1", "recovery-3"}));
        chain_.add_block({});
        bundle_ = gather_contract(chain_, id_).value();
    }
    static ledger::ValidatorSet successors() {
        std::vector<ledger::Validator> out{test::sample_genesis().validators[0]};
        for (int number = 7; number <= 9; ++number) {
            out.push_back({"surety-g", named_key("validator-" + std::to_string(number)).public_key()});
        }
        return ledger::ValidatorSet::make(std::move(out)).value();
    }
    [[nodiscard]] Bytes statement(const std::string& authority) const {
        return contracts::sign_succession(named_key(authority), chain_.chain_id(), *said_);
    }
    [[nodiscard]] std::vector<Bytes> by(const std::vector<std::string>& authorities) const {
        std::vector<Bytes> out;
        for (const std::string& authority : authorities) {
            out.push_back(statement(authority));
        }
        const contracts::Genesis genesis = recoverable_genesis();
        return contracts::join_succession(std::move(out), chain_.chain_id(), {genesis.recovery_authorities, 2}).value();
    }
    [[nodiscard]] Report verify_now() const {
        VerifyOptions options;
        options.genesis_digest = chain_.chain_id();
        return verify(encode(*bundle_), options);
    }
    void expect_failed(std::string_view check) const {
        const Report report = verify_now();
        EXPECT_EQ(report.conclusion, Conclusion::not_valid);
        EXPECT_EQ(report.failed_check, check) << render_text(report, Language::english);
    }
    ValidatorChange& step() { return bundle_->validator_path.at(0); }

    test::MemoryChain chain_;
    Digest id_;
    Bytes early_;
    ledger::Header last_;
    std::optional<Succession> said_;
    std::optional<Bundle> bundle_;
};

TEST_F(SuccessionTest, StandsInTheReportAsACheckOfItsOwnAndAsAnAssumption) {
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(report.checks.back().id, "succession");
    EXPECT_EQ(report.checks.back().verdict, Verdict::pass);
    EXPECT_EQ(report.checks.back().expected, "recovery authorities 2/3");
    ASSERT_EQ(report.facts.validator_changes.size(), 1U);
    EXPECT_EQ(report.facts.validator_changes[0].authorities, 2U);
    EXPECT_EQ(report.facts.validator_changes[0].left.size(), 3U);
    const std::string text = render_text(report, Language::english);
    for (const char* const part : {"SUCCESSION", "three data centres burnt", "may have signed other blocks"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    EXPECT_NE(render_json(report).find("recovery-authorities"), std::string::npos);
    EXPECT_NE(render_text(report, Language::chinese).find("继任"), std::string::npos);
}

TEST_F(SuccessionTest, TheAuthoritiesSignaturesAreExtracted) {
    const Extracted parts = extract(*bundle_);
    for (const char* const name : {"closing-0000-succession-0000", "closing-0000-succession-0001"}) {
        const auto found =
            std::ranges::find(parts.signatures, std::string{name} + ".sig-structure", &SignedPart::message);
        ASSERT_NE(found, parts.signatures.end()) << name;
        EXPECT_FALSE(found->key.empty());
    }
}

TEST_F(SuccessionTest, OldBundlesStillVerifyAndSayNothingOfIt) {
    VerifyOptions options;
    options.genesis_digest = chain_.chain_id();
    const Report report = verify(early_, options);
    EXPECT_EQ(report.conclusion, Conclusion::valid);
    for (const Check& check : report.checks) {
        EXPECT_NE(check.id, "succession");
    }
}

TEST_F(SuccessionTest, GoesOnToFurtherChangesByTheSuccessors) {
    chain_.enact(contracts::RotateKey{named_key("validator-7").public_key(), named_key("validator-10").public_key()});
    chain_.add_block({});
    bundle_ = gather_contract(chain_, id_).value();
    EXPECT_EQ(bundle_->validator_path.size(), 2U);
    EXPECT_EQ(verify_now().conclusion, Conclusion::valid);
}

TEST_F(SuccessionTest, RightAfterAClosingBlockPassesOverTheEpochThatItBegan) {
    chain_.enact(contracts::RotateKey{named_key("validator-7").public_key(), named_key("validator-10").public_key()});
    last_ = chain_.head();
    std::vector<ledger::Validator> others;
    for (int number = 11; number <= 14; ++number) {
        others.push_back({"surety-g", named_key("validator-" + std::to_string(number)).public_key()});
    }
    said_ = Succession{ledger::id_of(last_), last_.height, last_.epoch.next(),
                       ledger::ValidatorSet::make(std::move(others)).value(), "and four more"};
    chain_.succeed(by({"recovery-1", "recovery-2"}));
    chain_.add_block({});
    EXPECT_EQ(chain_.head().epoch.raw(), last_.epoch.raw() + 2);
    bundle_ = gather_contract(chain_, id_).value();
    EXPECT_EQ(bundle_->validator_path.size(), 2U);
    const Report report = verify_now();
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    for (const char* const name : {"validator-7", "validator-10"}) {
        EXPECT_TRUE(chain_.state(contracts::state_keys::retired_key(named_key(name).public_key().id()))) << name;
    }
}

TEST_F(SuccessionTest, TooFewAuthoritiesOrTooManyStatements) {
    step().succession.pop_back();
    expect_failed("succession");
    step().succession = {statement("recovery-1"), statement("recovery-2"), statement("recovery-3")};
    expect_failed("succession");
}

TEST_F(SuccessionTest, OneAuthorityTwice) {
    step().succession = {statement("recovery-1"), statement("recovery-1")};
    expect_failed("succession");
}

TEST_F(SuccessionTest, SomebodyWhoIsNoAuthority) {
    step().succession[0] = statement("validator-7");
    expect_failed("succession");
}

TEST_F(SuccessionTest, OrderIsFixedSoThatNoByteIsFree) {
    std::swap(step().succession[0], step().succession[1]);
    expect_failed("succession");
}

TEST_F(SuccessionTest, AuthoritiesThatSayDifferentThings) {
    const std::vector<Bytes> held = step().succession;
    said_->reason = "another reason";
    for (const char* const authority : {"recovery-1", "recovery-3"}) {
        for (std::size_t place = 0; place < 2; ++place) {
            step().succession = held;
            step().succession[place] = statement(authority);
            expect_failed("succession");
        }
    }
}

TEST_F(SuccessionTest, AboutAnotherBlockEpochOrSet) {
    said_->last = Digest{{1}};
    step().succession = by({"recovery-1", "recovery-3"});
    expect_failed("succession");
    said_->last = ledger::id_of(last_);
    said_->epoch = last_.epoch.next().next();
    step().succession = by({"recovery-1", "recovery-3"});
    expect_failed("succession");
    // After a closing block this would be the epoch to name; the head shows that the chain went on in another.
    said_->epoch = last_.epoch.next();
    step().succession = by({"recovery-1", "recovery-3"});
    expect_failed("head-header");
    said_->epoch = last_.epoch;
    said_->next = test::sample_genesis().validator_set();
    step().succession = by({"recovery-1", "recovery-3"});
    expect_failed("succession");
}

TEST_F(SuccessionTest, ItsLastBlockIsFinalUnderTheOldSetAllTheSame) {
    step().closing.finality.certificate.signers.pop_back();
    expect_failed("validator-path");
}

TEST_F(SuccessionTest, LeftOutTheStepIsNoStep) {
    step().succession.clear();
    expect_failed("validator-path");
}

TEST_F(SuccessionTest, OfAnotherChainHoldsNothing) {
    std::vector<Bytes> foreign;
    for (const char* const authority : {"recovery-1", "recovery-3"}) {
        foreign.push_back(contracts::sign_succession(named_key(authority), Digest{{7}}, *said_));
    }
    step().succession = foreign;
    expect_failed("succession");
}

/// The old set was cut off and not lost: it went on from the same last block, with a record of its own.
class AbandonedBranch : public SuccessionTest {
protected:
    AbandonedBranch() : old_{recoverable_genesis()} {
        (void)test::record_active_loan(old_);
        EXPECT_EQ(ledger::id_of(old_.head()), ledger::id_of(last_));
        (void)old_.record("bank-a/maker-1",
                          {id_, contracts::DisburseBody{test::sample_payment(old_, {80'000'000, "BS-1"})}, {}});
        record_ = gather_record(old_, old_.last_transaction()).value().record;
    }
    test::MemoryChain old_;
    std::optional<RecordPart> record_;
};

TEST_F(AbandonedBranch, ItsRecordsAreNotOnTheChain) {
    bundle_->subject = {SubjectKind::record, old_.last_transaction()};
    bundle_->record = record_;
    bundle_->contract.reset();
    bundle_->uses.clear();
    expect_failed("record-block");
    chain_.add_block({});  // Below the head as well as beside it.
    bundle_->head = {chain_.head(), chain_.finality(chain_.head().height).value()};
    expect_failed("record-block");
}

TEST_F(AbandonedBranch, AnotherBlockInThePlaceOfTheLastIsNotOnTheChain) {
    contracts::DepositBody deposit{
        .digests = contracts::digests_of(as_bytes("other")), .size_bytes = 5, .media_type = "text/plain"};
    test::MemoryChain shorter{recoverable_genesis()};
    for (std::uint64_t height = 1; height < last_.height.raw(); ++height) {
        shorter.add_block({});
    }
    ASSERT_TRUE(shorter.record("bank-a/maker-1", {.body = deposit}).accepted());
    ASSERT_EQ(shorter.head().height, last_.height);
    bundle_->subject = {SubjectKind::record, shorter.last_transaction()};
    bundle_->record = gather_record(shorter, shorter.last_transaction()).value().record;
    bundle_->contract.reset();
    bundle_->uses.clear();
    expect_failed("record-block");
}

TEST_F(AbandonedBranch, ItsReceiptsDoNotHoldUnderTheWholePath) {
    const SecretKey key = named_key("validator-1");
    CoseReceipt receipt = draft_receipt(*record_, recoverable_genesis().validator_set(), key.public_key().id()).value();
    receipt.signature = key.sign(sha256(signing_bytes(receipt)));
    const TransparentStatement statement{to_bytes(record_->transaction->statement_bytes()), {receipt}};
    EXPECT_TRUE(verify_transparent(statement, chain_.genesis(), chain_.chain_id())) << "who knows of no succession";
    EXPECT_EQ(verify_transparent(statement, chain_.genesis(), chain_.chain_id(), bundle_->validator_path).error().field,
              "header.height");
}

TEST_F(AbandonedBranch, AHeaderOfItIsNotTheOneThatTheReaderKnows) {
    step().closing.finality = {record_->block.finality.certificate, {record_->block.header}};
    VerifyOptions options;
    options.genesis_digest = chain_.chain_id();
    options.trusted_header = ledger::id_of(last_);
    EXPECT_EQ(verify(encode(*bundle_), options).conclusion, Conclusion::valid);
    options.trusted_header = ledger::id_of(record_->block.header);
    EXPECT_EQ(verify(encode(*bundle_), options).failed_check, "trusted-header");
}

TEST_F(SuccessionTest, WithoutAuthoritiesInGenesisThereIsNone) {
    const contracts::Genesis genesis = test::governed_sample_genesis();
    EXPECT_EQ(contracts::open_succession({}, chain_.chain_id(), {genesis.recovery_authorities, 0}).error().code,
              Errc::succession_invalid);
}

TEST_F(SuccessionTest, KeysThatWereLostAreRetired) {
    for (int number = 1; number <= 3; ++number) {
        const KeyId lost = named_key("validator-" + std::to_string(number)).public_key().id();
        EXPECT_TRUE(chain_.state(contracts::state_keys::retired_key(lost))) << number;
    }
    const KeyId stays = named_key("validator-0").public_key().id();
    EXPECT_FALSE(chain_.state(contracts::state_keys::retired_key(stays)));
}

}  // namespace
}  // namespace probatum::evidence
