// A single record, a document, a receipt, and a path through changes of the validators.

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/hash.h"
#include "evidence/disclose.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "resealed_bundle.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using ledger::VoteKind;

contracts::DepositBody sample_deposit() {
    contracts::DepositBody out;
    out.digests = contracts::digests_of(test::sample_document());
    out.size_bytes = test::sample_document().size();
    out.media_type = "text/plain";
    return out;
}

DocumentFile paper_file(const Bytes& content) { return {"paper.txt", content.size(), sha256(content), sm3(content)}; }

class RecordBundle : public testing::Test {
protected:
    RecordBundle() {
        (void)test::record_active_loan(chain_);
        (void)chain_.record("bank-a/maker-1", {{}, sample_deposit(), {}});
        id_ = chain_.last_transaction();
        (void)chain_.record("bank-a/maker-2", {{}, sample_deposit(), {}});
        bundle_ = gather_record(chain_, id_).value();
    }
    [[nodiscard]] Report verify_now() const { return verify(encode(*bundle_), {.genesis_digest = chain_.chain_id()}); }
    void expect_failed(std::string_view check) const {
        const Report report = verify_now();
        EXPECT_EQ(report.conclusion, Conclusion::not_valid);
        EXPECT_EQ(report.failed_check, check) << render_text(report, Language::english);
    }
    RecordPart& record() { return *bundle_->record; }

    test::MemoryChain chain_;
    Digest id_;
    std::optional<Bundle> bundle_;
};

TEST_F(RecordBundle, SaysWhoWhenAndWhatElseUsesTheDocument) {
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    ASSERT_TRUE(report.facts.record);
    EXPECT_EQ(report.facts.record->organisation, "bank-a");
    EXPECT_EQ(report.facts.record->height, Height{6});
    ASSERT_EQ(report.facts.uses.size(), 1U);
    EXPECT_EQ(report.facts.uses.front().others.size(), 2U);  // The contract and the second deposit.
}

TEST_F(RecordBundle, GatherFindsTheKindByTheId) {
    EXPECT_EQ(gather(chain_, id_).value().subject.kind, SubjectKind::record);
    EXPECT_EQ(gather(chain_, test::sample_contract_id(chain_)).value().subject.kind, SubjectKind::contract);
    EXPECT_EQ(gather(chain_, sha256(test::sample_document())).value().subject.kind, SubjectKind::document);
    EXPECT_EQ(gather(chain_, sha256(as_bytes("nothing"))).error().code, Errc::not_found);
}

TEST_F(RecordBundle, AnotherEntryDoesNotStandForIt) {
    record().entry = chain_.entry(0).value();
    expect_failed("record-entry");
}

TEST_F(RecordBundle, AnAcceptedRecordIsNotMadeOfARefusedOne) {
    record().entry.outcome = {static_cast<std::uint16_t>(Errc::role_missing), "role"};
    expect_failed("record-inclusion");
}

TEST_F(RecordBundle, ALaterBlockDoesNotStandForIts) {
    record().block = {chain_.head(), chain_.finality(chain_.head().height).value()};
    record().parent = chain_.header(Height{chain_.head().height.raw() - 1}).value();
    expect_failed("record-block");
}

TEST_F(RecordBundle, TheParentCannotBeForged) {
    record().parent->log_size = 0;
    expect_failed("record-block");
    record().parent.reset();
    expect_failed("record-block");
}

TEST_F(RecordBundle, ARecordOutsideItsValidityFails) {
    // Blocks that a quorum could make against its own rules: far later than, or long before, what the signer allowed.
    const UnixMs valid_until = record().transaction->payload().valid_until;
    for (const UnixMs time : {valid_until.next(), UnixMs{valid_until.raw() - 24ULL * 60 * 60 * 1000 - 1}}) {
        record().block.header.time = time;
        expect_failed("record-statement");
    }
    record().block.header.time = valid_until;
    expect_failed("record-block");
}

TEST_F(RecordBundle, AnotherPlaceInTheLogFails) {
    record().log_path.pop_back();
    expect_failed("record-inclusion");
    record().log_index = 0;
    expect_failed("record-block");
}

TEST_F(RecordBundle, AnotherTransactionFails) {
    record().transaction = chain_.transaction(chain_.last_transaction()).value();
    expect_failed("record-entry");
}

TEST_F(RecordBundle, ARefusedTransactionIsProvenAsRefused) {
    const Digest contract = test::sample_contract_id(chain_);
    const auto outcome = chain_.record("bank-a/maker-1", {contract, contracts::ActivateBody{}, {}});
    ASSERT_FALSE(outcome.accepted());
    const Bundle refused = gather_record(chain_, chain_.last_transaction()).value();
    const Report report = verify(encode(refused), {.genesis_digest = chain_.chain_id()});
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(report.facts.record->refusal, outcome.code);
}

TEST_F(RecordBundle, APaymentHoldsTheListOfItsBankReference) {
    const Digest contract = test::sample_contract_id(chain_);
    const contracts::DisburseBody body{test::sample_payment(chain_, {80'000'000, "BS-9"})};
    ASSERT_TRUE(chain_.record("bank-a/maker-1", {contract, body, {}}).accepted());
    bundle_ = gather_record(chain_, chain_.last_transaction()).value();
    ASSERT_EQ(bundle_->uses.size(), 1U);
    EXPECT_EQ(bundle_->uses.front().kind, UseListKind::bank_reference);
    EXPECT_EQ(bundle_->uses.front().uses, (std::vector<Use>{{contracts::UseKind::contract, contract}}));
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_TRUE(report.facts.uses.at(0).others.empty()) << "its own contract is no other use";
    // Hidden, the reference cannot be named, and the list goes.
    const Bundle closed = disclose(*bundle_, {"amount"}).value();
    EXPECT_TRUE(closed.uses.empty());
    EXPECT_EQ(verify(encode(closed), {.genesis_digest = chain_.chain_id()}).conclusion, Conclusion::valid);
    bundle_->uses.clear();
    expect_failed("use-lists");
}

TEST_F(RecordBundle, ARegistrationHoldsTheListsOfItsDocuments) {
    bundle_ = gather_record(chain_, chain_.entry(0).value().transaction).value();
    ASSERT_EQ(bundle_->uses.size(), 1U);
    EXPECT_EQ(bundle_->uses.front().id, sha256(test::sample_document()));
    const Report report = verify_now();
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(report.facts.uses.at(0).others.size(), 2U);  // The two deposits.
    bundle_->uses.clear();
    expect_failed("use-lists");
}

TEST_F(RecordBundle, ADocumentDepositedUnderItsContractIsListedOnce) {
    const Digest contract = test::sample_contract_id(chain_);
    ASSERT_TRUE(chain_.record("bank-a/maker-1", {contract, sample_deposit(), {}}).accepted());
    bundle_ = gather_contract(chain_, contract).value();
    VerifyOptions options{.genesis_digest = chain_.chain_id()};
    options.documents.push_back(paper_file(test::sample_document()));
    const Report report = verify(encode(*bundle_), options);
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    ASSERT_EQ(report.facts.documents.size(), 1U);
    EXPECT_EQ(report.facts.documents.front().file, "paper.txt");
}

TEST_F(RecordBundle, AbsenceOfADocumentIsProvenAndCannotBeFaked) {
    const Digest used = sha256(test::sample_document());
    bundle_ = gather_document(chain_, used).value();
    EXPECT_EQ(verify_now().conclusion, Conclusion::valid);
    bundle_->uses.front().uses.clear();
    expect_failed("use-lists");
    bundle_->uses.front().state.value.reset();
    expect_failed("use-lists");
    bundle_->uses.front().state.proof = chain_.prove_state(sha256(as_bytes("elsewhere")));
    expect_failed("use-lists");
}

TEST_F(RecordBundle, WhatIsNotRegisteredIsNotCalledRegistered) {
    const Bytes paper = to_bytes(as_bytes("never registered"));
    VerifyOptions options{.genesis_digest = chain_.chain_id()};
    options.documents.push_back(paper_file(paper));
    const Bytes absent = encode(gather_document(chain_, sha256(paper)).value());
    EXPECT_EQ(verify(absent, options).failed_check, "documents");
    options.documents.clear();
    const Report report = verify(absent, options);
    EXPECT_EQ(report.conclusion, Conclusion::valid);
    EXPECT_TRUE(report.facts.documents.empty());
    EXPECT_EQ(std::ranges::find(report.checks, "documents", &Check::id)->expected, "registered 0");
}

TEST_F(RecordBundle, NeitherIsABatchWhoseHeadIsNotRegistered) {
    const Bytes paper = to_bytes(as_bytes("one invoice of many"));
    const DocumentFile file = paper_file(paper);
    const BatchTree tree =
        BatchTree::make({{file.sha256, file.sm3, file.size_bytes}, {Digest{{1}}, Digest{{2}}, 3}}).value();
    VerifyOptions options{.genesis_digest = chain_.chain_id()};
    options.documents.push_back(file);
    options.batch_proofs.push_back(tree.prove(0));
    options.batch_proofs.push_back(tree.prove(1));
    const Digest head = sha256(encode(tree.head()));
    EXPECT_EQ(verify(encode(gather_document(chain_, head).value()), options).failed_check, "documents");
    contracts::DepositBody deposit = sample_deposit();
    deposit.digests = contracts::digests_of(encode(tree.head()));
    ASSERT_TRUE(chain_.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
    EXPECT_EQ(verify(encode(gather_document(chain_, head).value()), options).conclusion, Conclusion::valid);
}

TEST_F(RecordBundle, NorWhatARefusedDepositNames) {
    const Bytes paper = to_bytes(as_bytes("with one digest only"));
    contracts::DepositBody deposit = sample_deposit();
    deposit.digests = {{DigestAlgorithm::sha256, sha256(paper)}};
    ASSERT_FALSE(chain_.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
    bundle_ = gather_record(chain_, chain_.last_transaction()).value();
    EXPECT_TRUE(verify_now().facts.documents.empty());
    VerifyOptions options{.genesis_digest = chain_.chain_id()};
    options.documents.push_back(paper_file(paper));
    EXPECT_EQ(verify(encode(*bundle_), options).failed_check, "documents");
}

TEST_F(RecordBundle, AContractWhoseIdIsTheDocumentsDigestIsAUseOfIt) {
    const std::string number = "its-own-name";
    cbor::Writer named{160};
    named.array(4).text("contract").digest(chain_.chain_id()).text("bank-a").text(number);
    const Digest id = test::sample_contract_id(chain_, number);
    ASSERT_EQ(sha256(named.view()), id);
    contracts::RegisterBody registration = test::sample_registration(number);
    registration.documents.front().digests = contracts::digests_of(named.view());
    ASSERT_TRUE(chain_.record("bank-a/maker-1", {{}, registration, {}}).accepted());
    bundle_ = gather_document(chain_, id).value();
    const Report report = verify_now();
    ASSERT_EQ(report.facts.uses.size(), 1U);
    EXPECT_EQ(report.facts.uses.front().others, std::vector<Digest>{id});
    EXPECT_EQ(render_text(report, Language::english).find("it is not registered"), std::string::npos);
}

TEST_F(RecordBundle, BytesThatAreNoBundleAreUnusable) {
    const VerifyOptions options{.genesis_digest = chain_.chain_id()};
    for (const std::string_view bytes : {"", "%PDF-1.7", "\x88"}) {
        const Report report = verify(as_bytes(bytes), options);
        EXPECT_EQ(report.conclusion, Conclusion::unusable);
        EXPECT_EQ(exit_code(report.conclusion), 2);
        EXPECT_EQ(report.failed_check, "decoding");
    }
    EXPECT_EQ(exit_code(Conclusion::valid), 0);
    EXPECT_EQ(exit_code(Conclusion::not_valid), 1);
}

class ReceiptCheck : public RecordBundle {
protected:
    [[nodiscard]] ReceiptParts parts() {
        return {
            id_, record().block.header, record().log_index, record().entry, record().log_path, record().block.finality};
    }
    [[nodiscard]] Result<void> check(const ReceiptParts& receipt) const {
        return verify_receipt(receipt, chain_.genesis(), chain_.chain_id());
    }
};

TEST_F(ReceiptCheck, HoldsAndNamesWhatDoesNot) {
    EXPECT_TRUE(check(parts()));
    ReceiptParts receipt = parts();
    receipt.transaction = chain_.last_transaction();
    EXPECT_EQ(check(receipt).error().code, Errc::evidence_mismatch);
    receipt = parts();
    receipt.log_index += 1;
    EXPECT_EQ(check(receipt).error().code, Errc::invalid_proof);
    receipt = parts();
    receipt.finality.certificate.signers.pop_back();
    EXPECT_EQ(check(receipt).error().code, Errc::certificate_invalid);
    EXPECT_EQ(verify_receipt(parts(), chain_.genesis(), id_).error().code, Errc::wrong_genesis);
}

/// A closing header of epoch 0 by the old validators, and a head of epoch 1 by the new ones.
class ValidatorPath : public RecordBundle {
protected:
    static constexpr std::string_view kNew[] = {"new-0", "new-1", "new-2", "new-3"};

    ValidatorPath() {
        std::vector<ledger::Validator> members;
        for (const std::string_view name : kNew) {
            members.push_back({std::string{name}, test::named_key(name).public_key()});
        }
        const auto next = ledger::ValidatorSet::make(std::move(members)).value();
        bundle_ = gather_document(chain_, sha256(as_bytes("nothing"))).value();
        FinalHeader closing = bundle_->head;
        closing.header.next_validators = next.digest();
        closing.finality = {chain_.certify(VoteKind::finalize, closing.header, {0, 2, 3}), {}};
        bundle_->head.header.epoch = Epoch{1};
        bundle_->head.header.height = closing.header.height.next();
        bundle_->head.header.parent = ledger::id_of(closing.header);
        bundle_->head.header.validators = next.digest();
        bundle_->head.header.next_validators = next.digest();
        bundle_->validator_path.push_back({closing, next});
        sign_head(next);
    }
    void sign_head(const ledger::ValidatorSet& set) {
        ledger::Certificate certificate;
        const ledger::Header& head = bundle_->head.header;
        certificate.target = {VoteKind::finalize, head.epoch, head.view, ledger::id_of(head)};
        for (const ledger::ValidatorIndex index : {0U, 1U, 2U}) {
            const Digest digest = ledger::vote_signing_digest(certificate.target, chain_.chain_id(), set.at(index));
            certificate.signers.push_back({index, test::named_key(kNew[index]).sign(digest)});
        }
        bundle_->head.finality = {certificate, {}};
    }
};

TEST_F(ValidatorPath, LeadsToALaterSet) {
    const Report report = verify_now();
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_EQ(report.facts.validators.front().organisation, "new-0");
}

TEST_F(ValidatorPath, NeedsTheOldSetsQuorum) {
    bundle_->validator_path.front().closing.finality.certificate.signers.pop_back();
    expect_failed("validator-path");
}

TEST_F(ValidatorPath, NeedsEveryStep) {
    bundle_->validator_path.clear();
    expect_failed("head-header");
}

TEST_F(ValidatorPath, TakesNoStepTwice) {
    bundle_->validator_path.push_back(bundle_->validator_path.front());
    expect_failed("validator-path");
}

TEST_F(ValidatorPath, TakesNoSetButTheOneNamed) {
    bundle_->validator_path.front().next =
        ledger::ValidatorSet::make({{"new-0", test::named_key("new-0").public_key()}}).value();
    expect_failed("validator-path");
}

}  // namespace
}  // namespace probatum::evidence
