// COSE Receipts and transparent statements: docs/spec/receipts.md.

#include "evidence/cose_receipt.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "evidence/gather.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

class CoseReceipts : public testing::Test {
protected:
    CoseReceipts() {
        contracts::DepositBody deposit;
        deposit.digests = contracts::digests_of(test::sample_document());
        deposit.size_bytes = test::sample_document().size();
        deposit.media_type = "text/plain";
        for (int i = 0; i < 6; ++i) {
            EXPECT_TRUE(chain_.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
        }
        record_ = gather_record(chain_, chain_.last_transaction()).value().record;
        statement_ = {to_bytes(record_->transaction->statement_bytes()), {issue("validator-1")}};
    }
    [[nodiscard]] static ledger::ValidatorSet set() { return test::sample_genesis().validator_set(); }
    [[nodiscard]] CoseReceipt issue(std::string_view validator) const {
        const SecretKey key = test::named_key(validator);
        CoseReceipt out = draft_receipt(*record_, set(), key.public_key().id()).value();
        out.signature = key.sign(sha256(signing_bytes(out)));
        return out;
    }
    CoseReceipt& receipt() { return statement_.receipts.front(); }
    void sign_again() { receipt().signature = test::named_key("validator-1").sign(sha256(signing_bytes(receipt()))); }
    [[nodiscard]] Result<void> check() const {
        return verify_transparent(statement_, chain_.genesis(), chain_.chain_id());
    }

    test::MemoryChain chain_;
    std::optional<RecordPart> record_;
    TransparentStatement statement_;
};

TEST_F(CoseReceipts, HoldAndHaveOneEncoding) {
    ASSERT_TRUE(check()) << check().error().to_string();
    statement_.receipts.push_back(issue("validator-3"));
    const Bytes bytes = encode(statement_);
    const auto decoded = decode_transparent(bytes);
    ASSERT_TRUE(decoded) << decoded.error().to_string();
    EXPECT_EQ(encode(*decoded), bytes);
    EXPECT_EQ(sha256(decoded->statement), record_->transaction->id()) << "the receipts came off again";
    EXPECT_TRUE(verify_transparent(*decoded, chain_.genesis(), chain_.chain_id()));
}

TEST_F(CoseReceipts, CarryTheLabelsOfTheStandards) {
    // RFC 9942: vds (395) = RFC9162_SHA256 (1) in the protected header; vdp (396) -> inclusion (-1) -> one proof.
    const std::string receipt_hex = to_hex(encode(receipt()));
    EXPECT_TRUE(receipt_hex.starts_with("d284"));
    EXPECT_NE(receipt_hex.find("19018b01"), std::string::npos);
    EXPECT_NE(receipt_hex.find("19018ca12081"), std::string::npos);
    EXPECT_NE(to_hex(encode(statement_)).find("a119018a81"), std::string::npos);
    // The payload is detached: the log root is what was signed.
    const Bytes message = signing_bytes(receipt());
    EXPECT_TRUE(to_hex(message).ends_with("5820" + to_hex(record_->block.header.log_root)));
}

TEST_F(CoseReceipts, AreForTheStatementTheyNameOnly) {
    const Digest other = chain_.entry(0).value().transaction;
    statement_.statement = to_bytes(chain_.transaction(other).value()->statement_bytes());
    EXPECT_EQ(check().error().code, Errc::evidence_mismatch);
}

TEST_F(CoseReceipts, AForgedSignatureIsRefused) {
    receipt().signature[40] ^= 1U;
    EXPECT_EQ(check().error().code, Errc::bad_signature);
}

TEST_F(CoseReceipts, OnlyAValidatorOfTheEpochIssuesThem) {
    EXPECT_EQ(draft_receipt(*record_, set(), test::named_key("bank-a/maker-1").public_key().id()).error().code,
              Errc::validator_unknown);
    const SecretKey stranger = test::named_key("bank-a/maker-1");
    receipt().key_id = stranger.public_key().id();
    receipt().signature = stranger.sign(sha256(signing_bytes(receipt())));
    EXPECT_EQ(check().error().code, Errc::validator_unknown);
}

TEST_F(CoseReceipts, AValidatorSpeaksForItsOwnOrganisation) {
    receipt().issuer = "court-d";
    sign_again();
    EXPECT_EQ(check().error().code, Errc::validator_unknown);
}

TEST_F(CoseReceipts, TheLeafCannotBeMovedOrItsOutcomeChanged) {
    receipt().leaf_index -= 1;
    EXPECT_EQ(check().error().code, Errc::invalid_proof);
    receipt() = issue("validator-1");
    receipt().entry.outcome = {static_cast<std::uint16_t>(Errc::role_missing), "role"};
    EXPECT_EQ(check().error().code, Errc::invalid_proof);
    receipt() = issue("validator-1");
    receipt().tree_size += 1;
    EXPECT_EQ(check().error().code, Errc::evidence_mismatch);
}

TEST_F(CoseReceipts, TheBlockMustBeFinal) {
    receipt().block.finality.certificate.signers.pop_back();
    EXPECT_EQ(check().error().code, Errc::certificate_invalid);
}

TEST_F(CoseReceipts, AnotherNetworkIsRefused) {
    EXPECT_EQ(verify_transparent(statement_, chain_.genesis(), record_->transaction->id()).error().code,
              Errc::wrong_genesis);
}

TEST_F(CoseReceipts, CarryATimeStampInItsOwnLabel) {
    receipt().time_stamp = to_bytes(as_bytes("a token"));
    const Bytes bytes = encode(statement_);
    const auto decoded = decode_transparent(bytes);
    ASSERT_TRUE(decoded) << decoded.error().to_string();
    EXPECT_EQ(decoded->receipts.front().time_stamp, receipt().time_stamp);
    EXPECT_NE(to_hex(bytes).find("a319010e47"), std::string::npos) << "RFC 9921: label 270";
    // The imprint is over the signature as a CBOR byte string of 64 bytes.
    EXPECT_EQ(to_hex(stamped_bytes(receipt())), "5840" + to_hex(receipt().signature));
    EXPECT_TRUE(check());
}

TEST_F(CoseReceipts, OneValidatorCountsOnce) {
    statement_.receipts.push_back(issue("validator-1"));
    EXPECT_EQ(decode_transparent(encode(statement_)).error().code, Errc::malformed);
}

TEST_F(CoseReceipts, OneByteMoreOrLessDoesNotDecode) {
    Bytes bytes = encode(statement_);
    EXPECT_FALSE(decode_transparent(ByteView{bytes}.first(bytes.size() - 1)));
    bytes.push_back(0);
    EXPECT_FALSE(decode_transparent(bytes));
    EXPECT_FALSE(decode_transparent(statement_.statement)) << "without a receipt it is a plain statement";
}

}  // namespace
}  // namespace probatum::evidence
