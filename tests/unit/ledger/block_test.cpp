#include "ledger/block.h"

#include <gtest/gtest.h>

#include "ledger/evidence_log.h"
#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::named_digest;
using test::sample_certificate;
using test::sample_chain;
using test::sample_chain_of_blocks;
using test::sample_header;
using test::sample_set;
using test::sample_transaction;

Error refusal(const Bytes& bytes) {
    const auto decoded = decode_block(bytes);
    EXPECT_FALSE(decoded.has_value());
    return decoded ? Error{Errc::internal, {}, {}} : decoded.error();
}

/// Encodes parts that need not fit each other.
Bytes forge(const Header& header, const std::optional<Certificate>& certificate,
            const std::vector<TransactionPtr>& transactions) {
    Block block;
    block.header = header;
    block.parent_certificate = certificate;
    block.transactions = transactions;
    return encode(block);
}

TEST(Header, ComesBackFromItsBytes) {
    const auto blocks = sample_chain_of_blocks(2, sample_set(4));
    for (const BlockPtr& block : blocks) {
        EXPECT_EQ(decode_header(encode(block->header)).value(), block->header);
        EXPECT_EQ(id_of(block->header), sha256(encode(block->header)));
    }
}

TEST(Header, OfHeightOneStandsOnGenesisAndNoOtherDoes) {
    const ValidatorSet set = sample_set(4);
    Header first = sample_header(1, sample_chain(), set);
    EXPECT_TRUE(decode_header(encode(first)));
    first.parent = named_digest("elsewhere");
    EXPECT_FALSE(decode_header(encode(first)));
    first = sample_header(1, sample_chain(), set);
    first.parent_certificate = named_digest("certificate");
    EXPECT_FALSE(decode_header(encode(first)));
    EXPECT_FALSE(decode_header(encode(sample_header(0, sample_chain(), set))));
    EXPECT_FALSE(decode_header(encode(sample_header(2, named_digest("parent"), set))));
}

TEST(Header, OfAnotherFormatVersionIsRefused) {
    Header header = sample_header(1, sample_chain(), sample_set(4));
    header.version = 2;
    EXPECT_EQ(decode_header(encode(header)).error().field, "version");
}

TEST(Block, ComesBackFromItsBytes) {
    for (const BlockPtr& block : sample_chain_of_blocks(3, sample_set(4), 5)) {
        const Bytes bytes = encode(*block);
        const BlockPtr again = decode_block(bytes).value();
        EXPECT_EQ(again->header, block->header);
        EXPECT_EQ(again->id, block->id);
        EXPECT_EQ(again->parent_certificate, block->parent_certificate);
        ASSERT_EQ(again->transactions.size(), 5U);
        EXPECT_EQ(again->transactions[4]->id(), block->transactions[4]->id());
        EXPECT_EQ(encode(*again), bytes);
    }
}

TEST(Block, PayloadRootIsTheTreeHashOverCertificateAndTransactions) {
    const auto blocks = sample_chain_of_blocks(2, sample_set(4), 1);
    const Block& block = *blocks[1];
    const TransactionPtr& transaction = block.transactions[0];
    const Bytes leaf = cbor::Writer{}.array(2).digest(transaction->id()).digest(transaction->openings_digest()).take();
    EXPECT_EQ(block.header.payload_root,
              log::node_hash(log::leaf_hash(encode(*block.parent_certificate)), log::leaf_hash(leaf)));
    EXPECT_EQ(payload_root(std::nullopt, {}), log::leaf_hash(Bytes{0xF6}));
}

TEST(Block, WithOtherContentThanItsHeaderSaysIsRefused) {
    const auto blocks = sample_chain_of_blocks(2, sample_set(4));
    const Block& block = *blocks[1];
    std::vector<TransactionPtr> fewer = block.transactions;
    fewer.pop_back();
    EXPECT_EQ(refusal(forge(block.header, block.parent_certificate, fewer)).field, "payload_root");
    std::vector<TransactionPtr> swapped{block.transactions[1], block.transactions[0]};
    EXPECT_EQ(refusal(forge(block.header, block.parent_certificate, swapped)).code, Errc::invalid_block);
    // Openings are covered too: the same statement with none.
    const auto bare = Transaction::decode(encode_transaction(block.transactions[0]->statement_bytes(), {})).value();
    std::vector<TransactionPtr> hidden{bare, block.transactions[1]};
    EXPECT_EQ(refusal(forge(block.header, block.parent_certificate, hidden)).field, "payload_root");
}

TEST(Block, CarriesTheNotarizationOfItsParent) {
    const ValidatorSet set = sample_set(4);
    const auto blocks = sample_chain_of_blocks(2, set);
    const Block& block = *blocks[1];
    EXPECT_EQ(refusal(forge(block.header, std::nullopt, block.transactions)).field, "parent_certificate");
    const auto with = [&](const VoteTarget& target) {
        const Certificate other = sample_certificate(target, set);
        return encode(*make_block(block.header, other, block.transactions));
    };
    const Digest parent = block.header.parent;
    EXPECT_TRUE(decode_block(with({VoteKind::notarize, Epoch{0}, View{1}, parent})));
    EXPECT_EQ(refusal(with({VoteKind::finalize, Epoch{0}, View{1}, parent})).field, "parent_certificate");
    EXPECT_EQ(refusal(with({VoteKind::notarize, Epoch{0}, View{1}, named_digest("uncle")})).field,
              "parent_certificate");
    const Certificate other_view = sample_certificate({VoteKind::notarize, Epoch{0}, View{7}, parent}, set);
    EXPECT_EQ(refusal(forge(block.header, other_view, block.transactions)).field, "parent_certificate");
}

TEST(Block, CarriesTheFinalityOfItsParentExactlyWhereItOpensAnEpoch) {
    const ValidatorSet set = sample_set(4);
    const Digest closing = named_digest("closing block");
    Header header = sample_header(7, closing, set);
    header.epoch = Epoch{2};
    header.view = View{1};
    const auto bytes = [&](const VoteTarget& target) {
        return encode(*make_block(header, sample_certificate(target, set), {}));
    };
    EXPECT_TRUE(decode_block(bytes({VoteKind::finalize, Epoch{1}, View{90}, closing})));
    EXPECT_TRUE(decode_block(bytes({VoteKind::notarize, Epoch{2}, View{1}, closing})));
    for (const VoteTarget& target : {VoteTarget{VoteKind::finalize, Epoch{2}, View{90}, closing},
                                     VoteTarget{VoteKind::finalize, Epoch{0}, View{90}, closing},
                                     VoteTarget{VoteKind::finalize, Epoch{3}, View{90}, closing},
                                     VoteTarget{VoteKind::finalize, Epoch{1}, View{90}, named_digest("uncle")},
                                     VoteTarget{VoteKind::notarize, Epoch{1}, View{90}, closing},
                                     VoteTarget{VoteKind::nullify, Epoch{1}, View{90}, {}}}) {
        EXPECT_EQ(refusal(bytes(target)).field, "parent_certificate");
    }
}

/// The first block of an epoch that recovery authorities began.
class SuccessionBlock : public testing::Test {
protected:
    [[nodiscard]] Bytes bytes(Epoch epoch, const VoteTarget& target, std::vector<Bytes> statements,
                              std::vector<TransactionPtr> transactions = {}) const {
        Header header = sample_header(7, last_, set_);
        header.epoch = epoch;
        header.view = View{1};
        return encode(
            *make_block(header, sample_certificate(target, set_), std::move(transactions), std::move(statements)));
    }
    const ValidatorSet set_ = sample_set(4);
    const Digest last_ = named_digest("last final block");
    const VoteTarget final_{VoteKind::finalize, Epoch{1}, View{90}, last_};
    const std::vector<Bytes> statements_{{1, 2, 3}, {4}};
};

TEST_F(SuccessionBlock, ComesBackWithItsStatements) {
    const Bytes encoded = bytes(Epoch{2}, final_, statements_);
    const Result<BlockPtr> block = decode_block(encoded);
    ASSERT_TRUE(block) << block.error().to_string();
    EXPECT_EQ((*block)->succession, statements_);
    EXPECT_EQ(encode(**block), encoded);
    const Bytes leaf = cbor::Writer{}
                           .array(2)
                           .raw(encode(*(*block)->parent_certificate))
                           .array(2)
                           .bytes(statements_[0])
                           .bytes(statements_[1])
                           .take();
    EXPECT_EQ((*block)->header.payload_root, log::leaf_hash(leaf));
}

TEST_F(SuccessionBlock, CoversThemByThePayloadRoot) {
    const BlockPtr block = decode_block(bytes(Epoch{2}, final_, statements_)).value();
    for (const std::vector<Bytes>& other : {std::vector<Bytes>{}, {{1, 2, 3}}, {{4}, {1, 2, 3}}, {{1, 2}, {3, 4}}}) {
        Block forged = *block;
        forged.succession = other;
        EXPECT_EQ(refusal(encode(forged)).field, "payload_root");
    }
}

TEST_F(SuccessionBlock, OnlyOpensAnEpochAndStandsAlone) {
    const VoteTarget notarized{VoteKind::notarize, Epoch{2}, View{1}, last_};
    EXPECT_EQ(refusal(bytes(Epoch{2}, notarized, statements_)).field, "succession");
    EXPECT_EQ(refusal(bytes(Epoch{2}, final_, statements_, {sample_transaction(1)})).field, "succession");
    EXPECT_FALSE(decode_block(bytes(Epoch{2}, final_, std::vector<Bytes>(kMaxSuccessionStatements + 1))));
    EXPECT_FALSE(decode_block(bytes(Epoch{2}, final_, {Bytes(kMaxStatementBytes + 1)})));
    const BlockPtr plain = decode_block(bytes(Epoch{2}, final_, {})).value();
    Bytes empty_list = encode(*plain);
    empty_list[0] = 0x84;
    empty_list.push_back(0x80);
    EXPECT_FALSE(decode_block(empty_list));
}

TEST_F(SuccessionBlock, MayPassOverAnEpochThatNeverHadABlock) {
    EXPECT_TRUE(decode_block(bytes(Epoch{3}, final_, statements_)));
    EXPECT_EQ(refusal(bytes(Epoch{3}, final_, {})).field, "parent_certificate");
    EXPECT_EQ(refusal(bytes(Epoch{4}, final_, statements_)).field, "parent_certificate");
}

TEST(Block, WithOneTransactionTwiceIsRefused) {
    const TransactionPtr transaction = sample_transaction(1);
    const auto bare = Transaction::decode(encode_transaction(transaction->statement_bytes(), {})).value();
    const Header header = sample_header(1, sample_chain(), sample_set(4));
    const Error same = refusal(encode(*make_block(header, std::nullopt, {transaction, transaction})));
    EXPECT_EQ(same.code, Errc::invalid_block);
    EXPECT_EQ(same.field, "transactions");
    EXPECT_EQ(refusal(encode(*make_block(header, std::nullopt, {transaction, bare}))).field, "transactions");
}

TEST(Block, PartsAreCheckedAsTheWholeIs) {
    const Header first = sample_header(1, sample_chain(), sample_set(4));
    const std::vector<Digest> ids{named_digest("a"), named_digest("b")};
    EXPECT_TRUE(check_parts(first, std::nullopt, ids));
    EXPECT_FALSE(check_parts(first, std::nullopt, std::vector<Digest>{ids[0], ids[1], ids[0]}));
    Header second = first;
    second.height = Height{2};
    EXPECT_EQ(check_parts(second, std::nullopt, ids).error().field, "parent_certificate");
    EXPECT_FALSE(check_parts(first, std::nullopt, std::vector<Digest>(kMaxBlockTransactions + 1)));
}

TEST(Block, TellsItsIdFromItsFirstBytes) {
    const BlockPtr block =
        make_block(sample_header(1, sample_chain(), sample_set(4)), std::nullopt, {sample_transaction(1)});
    const Bytes bytes = encode(*block);
    EXPECT_EQ(block_id_of(bytes).value(), block->id);
    EXPECT_EQ(block_id_of(ByteView{bytes}.first(bytes.size() - 1)).value(), block->id);
    EXPECT_FALSE(block_id_of(ByteView{bytes}.first(20)));
}

TEST(Block, NamesTheTransactionThatDoesNotDecode) {
    const BlockPtr block = make_block(sample_header(1, sample_chain(), sample_set(4)), std::nullopt,
                                      {sample_transaction(1), sample_transaction(2)});
    Bytes bytes = encode(*block);
    const Bytes wire = to_bytes(block->transactions[1]->wire());
    const auto at = std::ranges::search(bytes, wire).begin();
    // The first byte inside the second statement: tag 18 becomes tag 17.
    *(at + 4) = 0xD1;
    EXPECT_TRUE(refusal(bytes).field.starts_with("transactions[1]")) << refusal(bytes).to_string();
}

TEST(Block, AboveALimitIsRefused) {
    EXPECT_EQ(refusal(Bytes(kMaxBlockBytes + 1, 0)).code, Errc::too_large);
    const Header header = sample_header(1, sample_chain(), sample_set(4));
    const TransactionPtr transaction = sample_transaction(1, 1);
    const std::vector<TransactionPtr> many(kMaxBlockTransactions + 1, transaction);
    EXPECT_EQ(refusal(encode(*make_block(header, std::nullopt, many))).code, Errc::too_large);
}

TEST(Block, EveryCutIsRefused) {
    const auto blocks = sample_chain_of_blocks(2, sample_set(4));
    const Bytes bytes = encode(*blocks[1]);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(decode_block(ByteView{bytes}.first(length)));
    }
}

TEST(BlockDeathTest, IsNotMadeWithoutItsParentCertificate) {
    const Header header = sample_header(2, named_digest("parent"), sample_set(4));
    EXPECT_DEATH((void)make_block(header, std::nullopt, {}), "parent certificate");
}

}  // namespace
}  // namespace probatum::ledger
