// What somebody who holds the file might try, and the check that names it.

#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "contracts/contract_state.h"
#include "contracts/epoch_terms.h"
#include "contracts/resolved.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "resealed_bundle.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

using ledger::VoteKind;

class Attack : public testing::Test {
protected:
    Attack() : id_{test::record_sample_loan(chain_)}, bundle_{gather_contract(chain_, id_).value()} {}

    [[nodiscard]] Report verify_now(VerifyOptions options = {}) const {
        options.genesis_digest = chain_.chain_id();
        return verify(encode(bundle_), options);
    }
    void expect_failed(std::string_view check, VerifyOptions options = {}) const {
        const Report report = verify_now(std::move(options));
        EXPECT_EQ(report.conclusion, Conclusion::not_valid);
        EXPECT_EQ(report.failed_check, check) << render_text(report, Language::english);
    }
    void expect_valid(VerifyOptions options = {}) const {
        const Report report = verify_now(std::move(options));
        EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    }
    std::vector<BundleEvent>& events() { return bundle_.contract->events; }
    std::vector<BundleEvent>& refused() { return bundle_.contract->refused; }
    ledger::Certificate& certificate() { return bundle_.head.finality.certificate; }
    /// The event's transaction with its openings changed; its statement and id stay.
    template <class Change>
    void change_openings(std::size_t event, Change change) {
        std::vector<ledger::Opening> openings = events()[event].transaction->openings();
        change(openings);
        const Bytes wire =
            ledger::encode_transaction(events()[event].transaction->statement_bytes(), std::move(openings));
        events()[event].transaction = ledger::Transaction::decode(wire).value();
    }

    /// An action of later rules, signed by a member of today.
    [[nodiscard]] ledger::TransactionPtr of_later_rules() const {
        const SecretKey key = test::named_key("bank-a/maker-1");
        const ledger::Transaction& last = *bundle_.contract->events.back().transaction;
        const cose::ProtectedHeader header{.content_type = std::string{ledger::kTransactionContentType},
                                           .key_id = key.public_key().id(),
                                           .chain_id = chain_.chain_id(),
                                           .issuer = "bank-a",
                                           .subject = to_hex(id_)};
        const Bytes payload = ledger::encode(ledger::Payload{.idempotency_key = {7},
                                                             .valid_until = last.payload().valid_until,
                                                             .action = "fund.unknown",
                                                             .body = Bytes{0xa0}});
        return ledger::Transaction::decode(ledger::encode_transaction(cose::sign(key, header, payload), {})).value();
    }
    void show(std::vector<BundleEvent>& log, const ledger::TransactionPtr& transaction) {
        log.back().transaction = transaction;
        log.back().leaf.transaction = transaction->id();
        test::relink(log);
        test::reseal(bundle_, chain_);
    }
    void expect_unusable(std::string_view check) const {
        const Report report = verify_now();
        EXPECT_EQ(report.conclusion, Conclusion::unusable);
        EXPECT_EQ(report.failed_check, check) << render_text(report, Language::english);
        EXPECT_EQ(std::ranges::find(report.checks, check, &Check::id)->reason, "not-supported");
        EXPECT_EQ(report.checks.back().reason, "not-supported");
        EXPECT_EQ(std::ranges::find(report.checks, "event-signatures", &Check::id)->verdict, Verdict::pass);
    }

    test::MemoryChain chain_;
    Digest id_;
    Bundle bundle_;
    static constexpr std::size_t kDisbursement = 6;
};

TEST_F(Attack, WithoutOneIsValid) { expect_valid(); }

// Leaving out and putting in.

TEST_F(Attack, TheLastEventIsLeftOut) {
    events().pop_back();
    expect_failed("event-log");
}

TEST_F(Attack, TheLastEventIsLeftOutAndAnOldStateIsShown) {
    test::MemoryChain shorter;
    const Digest same_id = test::record_active_loan(shorter);
    ASSERT_EQ(same_id, id_);
    const Bundle old = gather_contract(shorter, same_id).value();
    bundle_.contract = old.contract;
    expect_failed("state-proof");
}

TEST_F(Attack, EventsAreReordered) {
    std::swap(events()[6], events()[7]);
    expect_failed("event-log");
}

TEST_F(Attack, AnEventIsDuplicated) {
    events().push_back(events().back());
    expect_failed("event-log");
}

TEST_F(Attack, AnEventIsReplaced) {
    events()[8] = events()[10];
    expect_failed("event-log");
}

TEST_F(Attack, ARefusedAttemptIsLeftOut) {
    refused().pop_back();
    expect_failed("refused-log");
}

TEST_F(Attack, ARefusedAttemptIsForged) {
    refused().push_back(refused().front());
    test::relink(refused());
    expect_failed("refused-log");
}

TEST_F(Attack, ARefusedAttemptIsShownAsAnEvent) {
    events().push_back(refused().front());
    test::relink(events());
    expect_failed("event-log");
}

TEST_F(Attack, AnotherContractStandsUnderThisId) {
    const Digest other = test::record_active_loan(chain_, "HDSF-2026-LD-0318");
    bundle_ = gather_contract(chain_, id_).value();
    bundle_.contract = gather_contract(chain_, other).value().contract;
    expect_failed("state-proof");
}

TEST_F(Attack, TheIdIsSwapped) {
    bundle_.subject.id = test::record_active_loan(chain_, "HDSF-2026-LD-0318");
    expect_failed("state-proof");
}

// What this program does not know is neither valid nor forged.

TEST_F(Attack, AnActionOfLaterRulesIsNotSupported) {
    show(events(), of_later_rules());
    expect_unusable("event-statements");
}

TEST_F(Attack, NeitherIsARefusedOne) {
    show(refused(), of_later_rules());
    expect_unusable("refused-attempts");
}

TEST_F(Attack, NorAnEventThatLaterRulesJudged) {
    contracts::Resolved inputs = contracts::decode_resolved(events().back().leaf.resolved).value();
    inputs.rules_version = contracts::kHighestRulesVersion + 1;
    events().back().leaf.resolved = contracts::encode(inputs);
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_unusable("event-statements");
}

TEST_F(Attack, AForgedSignatureIsNotExcusedByLaterRules) {
    const ledger::TransactionPtr later = of_later_rules();
    Bytes wire = to_bytes(later->wire());
    wire.at(wire.size() - 10) ^= 1U;  // Within the signature; the openings are one byte.
    show(events(), ledger::Transaction::decode(wire).value());
    expect_failed("event-signatures");
}

// Statements, keys and openings.

TEST_F(Attack, AnEventShowsAnotherTransaction) {
    events()[8].transaction = events()[10].transaction;
    expect_failed("event-transactions");
}

TEST_F(Attack, ATransactionOfAnotherChainIsShown) {
    test::MemoryChain other{test::sample_genesis("another-chain")};
    const Digest other_id = test::record_sample_loan(other);
    events()[0].transaction = gather_contract(other, other_id).value().contract->events[0].transaction;
    expect_failed("event-transactions");
    events()[0].leaf.transaction = events()[0].transaction->id();
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_failed("event-statements");
}

TEST_F(Attack, ASaltIsWrong) {
    change_openings(kDisbursement, [](auto& openings) { openings.front().salt[0] ^= 1; });
    expect_failed("event-openings");
}

TEST_F(Attack, AnAmountIsWrong) {
    change_openings(kDisbursement, [](auto& openings) {
        for (ledger::Opening& opening : openings) {
            if (opening.name == "amount") {
                opening.value.back() ^= 1;
            }
        }
    });
    expect_failed("event-openings");
}

TEST_F(Attack, AQuorumTakesAStatementOfAnUnregisteredKey) {
    const Result<cose::Statement> statement = cose::decode(events()[kDisbursement].transaction->statement_bytes());
    ASSERT_TRUE(statement);
    cose::ProtectedHeader header = statement->header;
    const SecretKey stranger = test::named_key("stranger");
    header.key_id = stranger.public_key().id();
    const Bytes forged = cose::sign(stranger, header, statement->payload);
    BundleEvent& event = events()[kDisbursement];
    event.transaction =
        ledger::Transaction::decode(ledger::encode_transaction(forged, event.transaction->openings())).value();
    event.leaf.transaction = event.transaction->id();
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_failed("event-signatures");
}

TEST_F(Attack, AQuorumTakesABadSignature) {
    const Result<cose::Statement> statement = cose::decode(events()[kDisbursement].transaction->statement_bytes());
    ASSERT_TRUE(statement);
    const Bytes forged = cose::sign(test::named_key("stranger"), statement->header, statement->payload);
    BundleEvent& event = events()[kDisbursement];
    event.transaction =
        ledger::Transaction::decode(ledger::encode_transaction(forged, event.transaction->openings())).value();
    event.leaf.transaction = event.transaction->id();
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_failed("event-signatures");
}

TEST_F(Attack, AQuorumLendsTheSignerARole) {
    BundleEvent& event = events()[kDisbursement];
    contracts::Resolved resolved = contracts::decode_resolved(event.leaf.resolved).value();
    resolved.roles.add(contracts::Role::lender_checker);
    event.leaf.resolved = contracts::encode(resolved);
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_failed("event-signatures");
}

// A quorum that breaks the rules is caught by anybody who runs them again.

TEST_F(Attack, AQuorumCertifiesAnotherBalance) {
    contracts::ContractState state = contracts::decode_contract_state(*bundle_.contract->state).value();
    state.loan().money->sums.paid[book::Claim::principal] += 1;
    bundle_.contract->state = contracts::encode(state);
    test::reseal(bundle_, chain_);
    expect_failed("recomputation");
}

TEST_F(Attack, AQuorumDropsAnEventFromTheLog) {
    events().erase(events().begin() + kDisbursement);
    test::reseal(bundle_, chain_);
    expect_failed("event-chain");
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_failed("recomputation");
}

TEST_F(Attack, AQuorumAcceptsWhatTheRulesRefuse) {
    BundleEvent event = refused().front();
    event.leaf.outcome = {};
    event.leaf.height = events().back().leaf.height;
    event.leaf.index = events().back().leaf.index + 1;
    event.leaf.time = events().back().leaf.time;
    events().push_back(event);
    test::relink(events());
    test::reseal(bundle_, chain_);
    expect_failed("event-statements");  // Its validity had passed by then.
}

TEST_F(Attack, AQuorumRecordsAnotherReasonOfRefusal) {
    refused().front().leaf.outcome.code = static_cast<std::uint16_t>(Errc::role_missing);
    test::relink(refused());
    test::reseal(bundle_, chain_);
    expect_failed("refused-recomputation");
}

TEST_F(Attack, AQuorumRecordsABrokenInvariantThatIsNone) {
    refused().front().leaf.outcome = {static_cast<std::uint16_t>(Errc::invariant_violated), "I18"};
    test::relink(refused());
    test::reseal(bundle_, chain_);
    expect_failed("refused-recomputation");
}

TEST_F(Attack, TheStateShownIsNotTheOneProven) {
    contracts::ContractState state = contracts::decode_contract_state(*bundle_.contract->state).value();
    state.loan().money->sums.disbursed_minor -= 1;
    bundle_.contract->state = contracts::encode(state);
    expect_failed("state-proof");
}

// Certificates.

TEST_F(Attack, TheCertificateHasTooFewSigners) {
    certificate().signers.pop_back();
    expect_failed("finality-certificate");
}

TEST_F(Attack, TheCertificateHasMoreThanAQuorum) {
    certificate() = chain_.certify(VoteKind::finalize, bundle_.head.header, {0, 1, 2, 3});
    expect_failed("finality-certificate");
}

TEST_F(Attack, ASignerIsDuplicated) {
    certificate().signers[1] = certificate().signers[0];
    expect_failed("decoding");  // Signers ascend strictly: there is no encoding of such a certificate.
}

TEST_F(Attack, ASignerIsNoValidator) {
    certificate().signers[2].index = 4;
    expect_failed("finality-certificate");
}

TEST_F(Attack, ASignatureIsOfAnotherKey) {
    certificate().signers[2].signature = certificate().signers[1].signature;
    expect_failed("finality-certificate");
}

TEST_F(Attack, TheSignersAreNamedWrongly) {
    certificate().signers[2].index = 2;
    expect_failed("finality-certificate");
}

TEST_F(Attack, ANotarizationStandsForAFinalisation) {
    certificate() = chain_.certify(VoteKind::notarize, bundle_.head.header, {0, 1, 2});
    expect_failed("finality-certificate");
    certificate().target.kind = VoteKind::finalize;
    expect_failed("finality-certificate");
}

TEST_F(Attack, TheCertificateIsOfAnotherBlock) {
    certificate() = chain_.finality(Height{3}).value().certificate;
    expect_failed("finality-certificate");
}

TEST_F(Attack, TheHeaderIsOfAnotherEpoch) {
    bundle_.head.header.epoch = Epoch{1};
    expect_failed("finality-certificate");
}

TEST_F(Attack, TheHeaderIsOfAnotherSet) {
    bundle_.head.header.validators = sha256(as_bytes("another set"));
    expect_failed("head-header");
}

TEST_F(Attack, TheSetIsChangedByNobody) {
    const SecretKey stranger = test::named_key("stranger");
    const auto mine = ledger::ValidatorSet::make({{"bank-a", stranger.public_key()}}).value();
    FinalHeader closing = bundle_.head;
    closing.header.next_validators = mine.digest();
    bundle_.validator_path.push_back({closing, mine});
    expect_failed("validator-path");
}

// Networks, time and documents.

TEST_F(Attack, TheGenesisIsAnother) {
    bundle_.genesis = contracts::encode(test::sample_genesis("another-chain"));
    expect_failed("genesis-digest");
}

TEST_F(Attack, AWholeChainIsForgedUnderAnotherGenesis) {
    test::MemoryChain forged{test::sample_genesis("another-chain")};
    const Digest id = test::record_sample_loan(forged);
    bundle_ = gather_contract(forged, id).value();
    expect_failed("genesis-digest");
}

TEST_F(Attack, TheBundleIsOlderThanDemanded) {
    expect_valid({.genesis_digest = {}, .min_height = chain_.head().height});
    expect_failed("freshness", {.genesis_digest = {}, .min_height = chain_.head().height.next()});
    expect_failed("freshness", {.genesis_digest = {}, .not_before = chain_.head().time.next()});
}

TEST_F(Attack, TheTrustedHeaderIsNotOnThisChain) {
    expect_valid({.genesis_digest = {}, .trusted_header = ledger::id_of(chain_.head())});
    expect_failed("trusted-header", {.genesis_digest = {}, .trusted_header = id_});
}

DocumentFile file_of(ByteView content) { return {"contract.pdf", content.size(), sha256(content), sm3(content)}; }

TEST_F(Attack, TheDocumentIsAltered) {
    Bytes content = test::sample_document();
    expect_valid({.genesis_digest = {}, .documents = {file_of(content)}});
    content[40] ^= 1;
    expect_failed("documents", {.genesis_digest = {}, .documents = {file_of(content)}});
}

TEST_F(Attack, TheDocumentCollidesInOneDigestOnly) {
    DocumentFile file = file_of(test::sample_document());
    file.sm3 = sm3(as_bytes("another"));
    expect_failed("documents", {.genesis_digest = {}, .documents = {file}});
    file = file_of(test::sample_document());
    file.sha256 = sha256(as_bytes("another"));
    expect_failed("documents", {.genesis_digest = {}, .documents = {file}});
}

TEST_F(Attack, AListOfUsesIsLeftOut) {
    bundle_.uses.pop_back();
    expect_failed("use-lists");
}

TEST_F(Attack, AnotherUseOfTheDocumentIsLeftOut) {
    (void)test::record_active_loan(chain_, "HDSF-2026-LD-0318");
    bundle_ = gather_contract(chain_, id_).value();
    expect_valid();
    ASSERT_EQ(bundle_.uses.front().uses.size(), 2U);
    bundle_.uses.front().uses.pop_back();
    expect_failed("use-lists");
}

// Hiding is no attack, and the report says what it costs.

TEST_F(Attack, HiddenValuesAreNotRecomputed) {
    change_openings(kDisbursement, [](auto& openings) { openings.clear(); });
    std::erase_if(bundle_.uses, [this](const UseList& list) {
        const auto shown =
            contracts::decode_action(*gather_contract(chain_, id_).value().contract->events[kDisbursement].transaction);
        return list.id == *shown.value().blinded_reference;
    });
    const Report report = verify_now();
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    ASSERT_TRUE(report.facts.contract);
    EXPECT_FALSE(report.facts.contract->recomputed);
    EXPECT_NE(render_json(report).find("openings-hidden"), std::string::npos);
    EXPECT_FALSE(report.facts.events[kDisbursement].amount_minor.has_value());
}

/// What is withheld is unknown. It is not zero, not unsigned, not merely registered.
TEST_F(Attack, AWithheldStateIsNotShownAsAnEmptyOne) {
    change_openings(kDisbursement, [](auto& openings) {
        std::erase_if(openings, [](const ledger::Opening& opening) { return opening.name == "amount"; });
    });
    bundle_.contract->state.reset();
    const Report report = verify_now();
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    ASSERT_TRUE(report.facts.contract);
    EXPECT_FALSE(report.facts.contract->state_shown);
    EXPECT_EQ(report.facts.contract->status, "withheld");
    EXPECT_TRUE(report.facts.contract->accounts.empty());
    for (const PartyFact& party : report.facts.contract->parties) {
        EXPECT_EQ(party.signed_contract, party.signature_required) << party.organisation;
    }
    const std::string text = render_text(report, Language::english);
    EXPECT_NE(text.find("withheld"), std::string::npos);
    EXPECT_EQ(text.find("ACCOUNTS"), std::string::npos);
    EXPECT_EQ(text.find("has NOT signed"), std::string::npos);
    const std::string json = render_json(report);
    EXPECT_NE(json.find("\"principal_outstanding_minor\": null"), std::string::npos) << json;
    EXPECT_EQ(json.find("\"disbursements\""), std::string::npos);
}

}  // namespace
}  // namespace probatum::evidence
