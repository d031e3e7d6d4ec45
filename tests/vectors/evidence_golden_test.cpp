// Bundles and reports whose every byte is fixed: a change here is a change of the published format or of the report.

#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "evidence/cose_receipt.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "sample_loan.h"
#include "vectors.h"

namespace probatum::evidence {
namespace {

using test::expect_golden;
using test::golden_vector;
using test::MemoryChain;

std::string text_of(const Bytes& bytes) { return std::string{as_text(bytes)}; }

DocumentFile file_of(std::string name, ByteView content) {
    return {std::move(name), content.size(), sha256(content), sm3(content)};
}

/// The bundle, its seed for the fuzzer, and its report in both forms.
void expect_bundle(const std::string& name, const Bundle& bundle, const VerifyOptions& options) {
    const Bytes bytes = encode(bundle);
    expect_golden(golden_vector("bundles/" + name + ".evidence"), text_of(bytes));
    const auto corpus = std::filesystem::path{PROBATUM_SOURCE_DIR} / "tests" / "fuzz" / "corpus" / "fuzz_bundle" / name;
    expect_golden(corpus, text_of(bytes));
    const Report report = verify(bytes, options);
    EXPECT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    expect_golden(golden_vector("bundles/" + name + ".report.txt"), render_text(report));
    expect_golden(golden_vector("bundles/" + name + ".report.json"), render_json(report));
    const Result<Bundle> decoded = decode_bundle(bytes);
    ASSERT_TRUE(decoded) << decoded.error().to_string();
    EXPECT_EQ(encode(*decoded), bytes);
}

TEST(GoldenBundle, Loan) {
    MemoryChain chain;
    const Digest id = test::record_sample_loan(chain);
    const Bytes document = test::sample_document();
    expect_golden(golden_vector("bundles/loan-document.txt"), text_of(document));
    expect_golden(golden_vector("bundles/genesis-digest.txt"), to_hex(chain.chain_id()) + "\n");
    expect_bundle("loan", gather_contract(chain, id).value(),
                  {.genesis_digest = chain.chain_id(), .documents = {file_of("loan-document.txt", document)}});
}

TEST(GoldenBundle, RecordWithProvenanceInABlockThatIsFinalByDescent) {
    MemoryChain chain;
    contracts::DepositBody deposit;
    deposit.digests = contracts::digests_of(test::sample_document());
    deposit.size_bytes = test::sample_document().size();
    deposit.media_type = "text/plain";
    deposit.provenance = contracts::Provenance{};
    deposit.provenance->system = "core banking";
    deposit.provenance->method = contracts::CaptureMethod::api;
    deposit.provenance->references = {{"bank-receipt", "BS-2026-0001"}};
    (void)test::record_active_loan(chain);
    chain.next_is_final_by_descent();
    ASSERT_TRUE(chain.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
    const Digest id = chain.last_transaction();
    chain.add_block({});
    const Bundle bundle = gather_record(chain, id).value();
    expect_bundle("record", bundle, {.genesis_digest = chain.chain_id()});
    // The same record as a transparent statement, with a receipt by a validator whose vote stands in the bundle.
    const SecretKey key = test::named_key("validator-0");
    CoseReceipt receipt =
        draft_receipt(*bundle.record, test::sample_genesis().validator_set(), key.public_key().id()).value();
    receipt.signature = key.sign(sha256(signing_bytes(receipt)));
    const TransparentStatement statement{to_bytes(bundle.record->transaction->statement_bytes()), {receipt}};
    expect_golden(golden_vector("bundles/record.cose"), text_of(encode(statement)));
    expect_golden(golden_vector("bundles/record-receipt-key.txt"), to_hex(key.public_key().id().digest) + "\n");
    const auto corpus = std::filesystem::path{PROBATUM_SOURCE_DIR} / "tests" / "fuzz" / "corpus" / "fuzz_cose_receipt";
    expect_golden(corpus / "transparent", text_of(encode(statement)));
    expect_golden(corpus / "receipt", text_of(encode(receipt)));
}

TEST(GoldenBundle, RecordOfAPayment) {
    MemoryChain chain;
    const Digest contract = test::record_active_loan(chain);
    const contracts::DisburseBody body{test::sample_payment(chain, {80'000'000, "BS-2026-0001"})};
    ASSERT_TRUE(chain.record("bank-a/maker-1", {contract, body, {}}).accepted());
    expect_bundle("payment", gather_record(chain, chain.last_transaction()).value(),
                  {.genesis_digest = chain.chain_id()});
}

TEST(GoldenBundle, DocumentThatNobodyRegistered) {
    MemoryChain chain;
    (void)test::record_active_loan(chain);
    expect_bundle("absent-document", gather_document(chain, sha256(as_bytes("never registered"))).value(),
                  {.genesis_digest = chain.chain_id()});
}

TEST(GoldenBundle, StandingOfAContract) {
    MemoryChain chain;
    const Digest id = test::record_sample_loan(chain);
    expect_bundle("standing", gather_standing(chain, id).value(), {.genesis_digest = chain.chain_id()});
}

TEST(GoldenBundle, ContractThatIsNotRegistered) {
    MemoryChain chain;
    (void)test::record_active_loan(chain);
    expect_bundle("absent-contract", gather_standing(chain, sha256(as_bytes("no contract"))).value(),
                  {.genesis_digest = chain.chain_id()});
}

}  // namespace
}  // namespace probatum::evidence
