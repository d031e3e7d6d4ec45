// Many documents under one registration: docs/spec/batches.md.

#include "evidence/batch.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "evidence/gather.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "ledger/evidence_log.h"
#include "sample_loan.h"

namespace probatum::evidence {
namespace {

Bytes document(std::size_t number) { return to_bytes(as_bytes("document " + std::to_string(number))); }

BatchLeaf leaf_of(std::size_t number) {
    const Bytes bytes = document(number);
    return {sha256(bytes), sm3(bytes), bytes.size()};
}

std::vector<BatchLeaf> leaves(std::size_t count) {
    std::vector<BatchLeaf> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(leaf_of(i));
    }
    return out;
}

TEST(BatchTree, EveryDocumentIsProvenInTreesOfEverySize) {
    for (std::size_t count = 1; count <= 70; ++count) {
        const BatchTree tree = BatchTree::make(leaves(count)).value();
        ASSERT_EQ(tree.head().count, count);
        std::vector<Digest> hashes;
        for (const BatchLeaf& leaf : tree.leaves()) {
            hashes.push_back(ledger::log::leaf_hash(encode(leaf)));
        }
        ASSERT_EQ(tree.head().root, ledger::log::root_of(hashes)) << "the tree of RFC 9162";
        for (std::size_t i = 0; i < count; ++i) {
            const BatchProof proof = tree.prove(i);
            EXPECT_TRUE(verify_batch_proof(proof)) << i << " of " << count;
            const Bytes bytes = encode(proof);
            EXPECT_LE(bytes.size(), kMaxBatchProofBytes);
            EXPECT_EQ(encode(decode_batch_proof(bytes).value()), bytes);
        }
    }
}

TEST(BatchTree, OrderAndRepetitionChangeNothing) {
    std::vector<BatchLeaf> many = leaves(9);
    const BatchHead head = BatchTree::make(many).value().head();
    std::ranges::reverse(many);
    many.push_back(many.front());
    EXPECT_EQ(BatchTree::make(many).value().head(), head);
}

TEST(BatchTree, RefusesWhatIsNoBatch) {
    EXPECT_EQ(BatchTree::make({}).error().code, Errc::malformed);
    std::vector<BatchLeaf> two = leaves(1);
    two.push_back(two.front());
    two.back().size_bytes += 1;
    EXPECT_EQ(BatchTree::make(two).error().code, Errc::malformed);
    std::vector<BatchLeaf> many(kMaxBatchLeaves + 1);
    for (std::size_t i = 0; i < many.size(); ++i) {
        for (std::size_t byte = 0; byte < 4; ++byte) {
            many[i].sha256.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
        }
    }
    EXPECT_EQ(BatchTree::make(std::move(many)).error().code, Errc::too_large);
}

TEST(BatchProof, AnythingElseDoesNotHold) {
    const BatchTree tree = BatchTree::make(leaves(13)).value();
    const BatchProof good = tree.prove(5);
    BatchProof bad = good;
    bad.leaf = leaf_of(99);
    EXPECT_EQ(verify_batch_proof(bad).error().code, Errc::invalid_proof);
    bad = good;
    bad.index = 6;
    EXPECT_EQ(verify_batch_proof(bad).error().code, Errc::invalid_proof);
    bad = good;
    bad.head.count = 14;
    bad.path.pop_back();
    EXPECT_EQ(verify_batch_proof(bad).error().code, Errc::invalid_proof);
    EXPECT_EQ(decode_batch_proof(as_bytes("anything")).error().code, Errc::unusable_input);
    const Bytes bytes = encode(good);
    EXPECT_FALSE(decode_batch_proof(ByteView{bytes}.first(bytes.size() - 1)));
}

class BatchBundle : public testing::Test {
protected:
    BatchBundle() {
        const Bytes head = encode(tree_.head());
        contracts::DepositBody deposit;
        deposit.digests = contracts::digests_of(head);
        deposit.size_bytes = head.size();
        deposit.media_type = std::string{kBatchMediaType};
        EXPECT_TRUE(chain_.record("bank-a/maker-1", {{}, deposit, {}}).accepted());
        bundle_ = encode(gather_record(chain_, chain_.last_transaction()).value());
    }
    [[nodiscard]] Report verify_document(std::size_t number, std::vector<BatchProof> proofs) const {
        const Bytes bytes = document(number);
        VerifyOptions options{.genesis_digest = chain_.chain_id()};
        options.documents.push_back({"one.txt", bytes.size(), sha256(bytes), sm3(bytes)});
        options.batch_proofs = std::move(proofs);
        return verify(bundle_, options);
    }
    [[nodiscard]] BatchProof proof_of(std::size_t number) const {
        const auto found = std::ranges::find(tree_.leaves(), leaf_of(number));
        return tree_.prove(static_cast<std::uint64_t>(found - tree_.leaves().begin()));
    }

    test::MemoryChain chain_;
    BatchTree tree_{BatchTree::make(leaves(11)).value()};
    Bytes bundle_;
};

TEST_F(BatchBundle, ProvesOneDocumentOfMany) {
    const Report report = verify_document(7, {proof_of(3), proof_of(7)});
    ASSERT_EQ(report.conclusion, Conclusion::valid) << render_text(report, Language::english);
    EXPECT_NE(render_text(report, Language::english).find("1 of 11"), std::string::npos);
}

TEST_F(BatchBundle, WithoutItsProofADocumentIsNotRegistered) {
    EXPECT_EQ(verify_document(7, {}).failed_check, "documents");
    EXPECT_EQ(verify_document(7, {proof_of(3)}).failed_check, "documents");
    EXPECT_EQ(verify_document(99, {proof_of(7)}).failed_check, "documents");
}

TEST_F(BatchBundle, AProofOfAnotherBatchDoesNotStand) {
    const BatchTree other = BatchTree::make(leaves(8)).value();
    const auto found = std::ranges::find(other.leaves(), leaf_of(7));
    const auto index = static_cast<std::uint64_t>(found - other.leaves().begin());
    EXPECT_EQ(verify_document(7, {other.prove(index)}).failed_check, "documents");
    BatchProof forged = proof_of(7);
    forged.path.front() = sha256(as_bytes("elsewhere"));
    EXPECT_EQ(verify_document(7, {forged}).failed_check, "documents");
}

}  // namespace
}  // namespace probatum::evidence
