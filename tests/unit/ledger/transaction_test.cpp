#include "ledger/transaction.h"

#include <gtest/gtest.h>

#include "ledger/limits.h"
#include "ledger_samples.h"

namespace probatum::ledger {
namespace {

using test::sample_transaction;
using test::sample_transaction_bytes;

Bytes nested_item(std::size_t depth) {
    cbor::Writer writer;
    for (std::size_t i = 0; i < depth; ++i) {
        writer.array(1);
    }
    return writer.uint(7).take();
}

Errc refusal(Bytes wire) {
    const auto decoded = Transaction::decode(std::move(wire));
    EXPECT_FALSE(decoded.has_value());
    return decoded ? Errc::internal : decoded.error().code;
}

Bytes statement_with(const Payload& payload, std::string_view content_type = kTransactionContentType) {
    const SecretKey key = test::named_key("lender-a");
    const cose::ProtectedHeader header{std::string{content_type}, key.public_key().id(), test::sample_chain(),
                                       "lender-a", std::nullopt};
    return cose::sign(key, header, encode(payload));
}

Payload plain_payload() {
    Payload payload;
    payload.valid_until = UnixMs{5};
    payload.action = "a.b";
    payload.body = cbor::Writer{}.uint(1).take();
    return payload;
}

TEST(Transaction, KeepsItsBytesAndNamesItselfByItsStatement) {
    const Bytes wire = sample_transaction_bytes(1);
    const auto transaction = Transaction::decode(wire).value();
    EXPECT_TRUE(equal(transaction->wire(), wire));
    EXPECT_EQ(transaction->id(), sha256(transaction->statement_bytes()));
    EXPECT_EQ(transaction->openings_digest(), sha256(transaction->openings_bytes()));
    EXPECT_TRUE(equal(encode_transaction(transaction->statement_bytes(), transaction->openings()), wire));
    EXPECT_TRUE(equal(encode(transaction->payload()), transaction->statement().payload));
    EXPECT_EQ(transaction->payload().action, "evidence.deposit");
}

TEST(Transaction, SignatureHoldsOverTheSigningDigest) {
    const auto transaction = sample_transaction(2);
    const PublicKey key = test::named_key("lender-a").public_key();
    EXPECT_TRUE(key.verify(transaction->signing_digest(), transaction->statement().signature));
    EXPECT_TRUE(transaction->statement().verify(key));
}

TEST(Transaction, HidingTheOpeningsKeepsTheId) {
    const auto whole = sample_transaction(3);
    const auto hidden = Transaction::decode(encode_transaction(whole->statement_bytes(), {})).value();
    EXPECT_EQ(hidden->id(), whole->id());
    EXPECT_NE(hidden->openings_digest(), whole->openings_digest());
    EXPECT_EQ(hidden->opening("amount"), nullptr);
    ASSERT_NE(whole->opening("amount"), nullptr);
    EXPECT_EQ(whole->opening("amount")->name, "amount");
}

TEST(Transaction, EveryCutAndEveryAddedByteIsRefused) {
    const Bytes wire = sample_transaction_bytes(4);
    for (std::size_t length = 0; length < wire.size(); ++length) {
        EXPECT_FALSE(Transaction::decode(Bytes(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(length))));
    }
    Bytes longer = wire;
    longer.push_back(0);
    EXPECT_EQ(refusal(longer), Errc::malformed);
}

TEST(Transaction, StatementOfAnotherPurposeIsRefused) {
    EXPECT_EQ(refusal(encode_transaction(statement_with(plain_payload(), "application/vnd.probatum.vote+cbor"), {})),
              Errc::malformed);
}

TEST(Transaction, AboveTheSizeLimitIsRefusedBeforeDecoding) {
    EXPECT_EQ(refusal(Bytes(kMaxTransactionBytes + 1, 0)), Errc::too_large);
}

TEST(Transaction, OpeningsAreOrderedByTheirEncodedNames) {
    const Salt salt{};
    const Bytes one = cbor::Writer{}.uint(1).take();
    const Bytes sorted = encode_openings({{"aa", salt, one}, {"b", salt, one}, {"a", salt, one}});
    const std::vector<Opening> decoded = decode_openings(sorted).value();
    ASSERT_EQ(decoded.size(), 3U);
    EXPECT_EQ(decoded[0].name, "a");
    EXPECT_EQ(decoded[1].name, "b");
    EXPECT_EQ(decoded[2].name, "aa");
    EXPECT_TRUE(cbor::check_deterministic(sorted));

    cbor::Writer swapped;
    swapped.map(2).text("b").array(2).bytes(salt).uint(1).text("a").array(2).bytes(salt).uint(1);
    EXPECT_EQ(decode_openings(swapped.view()).error().code, Errc::not_deterministic);
    cbor::Writer twice;
    twice.map(2).text("a").array(2).bytes(salt).uint(1).text("a").array(2).bytes(salt).uint(1);
    EXPECT_EQ(decode_openings(twice.view()).error().code, Errc::malformed);
    cbor::Writer nameless;
    nameless.map(1).text("").array(2).bytes(salt).uint(1);
    EXPECT_EQ(decode_openings(nameless.view()).error().code, Errc::malformed);
}

TEST(Transaction, TooManyOpeningsAreRefused) {
    std::vector<Opening> openings;
    for (std::size_t i = 0; i < kMaxOpenings; ++i) {
        openings.push_back({"n" + std::to_string(i), Salt{}, cbor::Writer{}.uint(i).take()});
    }
    EXPECT_TRUE(decode_openings(encode_openings(openings)));
    openings.push_back({"one more", Salt{}, cbor::Writer{}.uint(1).take()});
    EXPECT_EQ(decode_openings(encode_openings(openings)).error().code, Errc::too_large);
}

TEST(Transaction, EmbeddedItemsMayNestUpToTheLimitAndNoDeeper) {
    Payload payload = plain_payload();
    payload.body = nested_item(kMaxItemDepth);
    const std::vector<Opening> deep{{"deep", Salt{}, nested_item(kMaxItemDepth)}};
    EXPECT_TRUE(Transaction::decode(encode_transaction(statement_with(payload), deep)));
    EXPECT_TRUE(decode_openings(encode_openings(deep)));
    const std::vector<Opening> deeper{{"deep", Salt{}, nested_item(kMaxItemDepth + 1)}};
    EXPECT_EQ(refusal(encode_transaction(statement_with(payload), deeper)), Errc::too_deep);
    EXPECT_EQ(decode_openings(encode_openings(deeper)).error().code, Errc::too_deep);
    payload.body = nested_item(kMaxItemDepth + 1);
    EXPECT_EQ(refusal(encode_transaction(statement_with(payload), deep)), Errc::too_deep);
}

TEST(Transaction, ActionNamesAreShortLowerCaseWords) {
    const auto decodes = [](std::string action) {
        Payload payload = plain_payload();
        payload.action = std::move(action);
        return decode_payload(encode(payload)).has_value();
    };
    EXPECT_TRUE(decodes("fund.disburse"));
    EXPECT_TRUE(decodes(std::string(kMaxActionNameBytes, 'a')));
    EXPECT_FALSE(decodes(std::string(kMaxActionNameBytes + 1, 'a')));
    EXPECT_FALSE(decodes(""));
    EXPECT_FALSE(decodes("Fund.disburse"));
    EXPECT_FALSE(decodes("fund disburse"));
}

TEST(Transaction, PayloadTakesExactlyItsFourKeys) {
    cbor::Writer missing;
    missing.map(3).uint(1).bytes(IdempotencyKey{}).uint(2).uint(5).uint(3).text("a");
    EXPECT_EQ(decode_payload(missing.view()).error().code, Errc::malformed);
    cbor::Writer other;
    other.map(4).uint(1).bytes(IdempotencyKey{}).uint(2).uint(5).uint(3).text("a").uint(5).uint(1);
    EXPECT_EQ(decode_payload(other.view()).error().code, Errc::malformed);
    Payload not_deterministic = plain_payload();
    not_deterministic.body = {0x18, 0x01};
    EXPECT_EQ(decode_payload(encode(not_deterministic)).error().code, Errc::not_deterministic);
}

}  // namespace
}  // namespace probatum::ledger
