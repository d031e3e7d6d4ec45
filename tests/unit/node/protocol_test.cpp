#include "node/protocol.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "contracts_world.h"

namespace probatum::node {
namespace {

Digest digest(std::string_view text) { return sha256(as_bytes(text)); }

ledger::Vote vote() {
    return {{ledger::VoteKind::notarize, Epoch{0}, View{7}, digest("block")}, 2, Signature{1, 2, 3}};
}
ledger::Certificate certificate() {
    return {{ledger::VoteKind::finalize, Epoch{0}, View{6}, digest("parent")},
            {{0, Signature{1}}, {1, Signature{2}}, {3, Signature{3}}}};
}

std::vector<Message> samples() {
    ledger::Header header;
    header.height = Height{9};
    header.view = View{7};
    header.parent_certificate = ledger::digest_of(certificate());
    ledger::Header first;
    first.height = Height{1};
    first.view = View{1};
    return {
        Hello{kProtocolVersion, digest("chain"), KeyId{digest("key")}, Height{5}, UnixMs{123}, Bytes{1, 2, 3}},
        Hello{kProtocolVersion, digest("chain"), std::nullopt, Height{0}, UnixMs{123}, {}},
        Proposal{header, certificate(), {digest("a"), digest("b")}, vote()},
        Proposal{first, std::nullopt, {}, vote()},
        VoteMessage{vote()},
        CertificateMessage{certificate()},
        TransactionsMessage{{{digest("t"), Bytes{9, 9}}, {digest("u"), Bytes{}}}},
        AskViewMessage{Epoch{0}, View{4}},
        FetchBlockMessage{digest("x")},
        BlockMessage{Bytes{1, 2}},
        FetchTransactionsMessage{digest("x"), {0, 5, 4000}},
        BlockTransactionsMessage{digest("x"), {Bytes{1}, Bytes{2, 3}}},
        FetchRangeMessage{Height{17}},
        RangeMessage{Height{17}, {Bytes{1}, Bytes{2}}, certificate()},
        RangeMessage{Height{17}, {Bytes{1}}, certificate(), {header}},
        RangeMessage{Height{17}, {}, std::nullopt},
        StatusMessage{Height{1}, View{2}, UnixMs{3}},
    };
}

TEST(Protocol, EveryMessageSurvivesTheWire) {
    for (const Message& message : samples()) {
        const auto decoded = decode_message(encode(message));
        ASSERT_TRUE(decoded.has_value()) << "kind " << message.index() << ": " << decoded.error().to_string();
        EXPECT_EQ(*decoded, message) << "kind " << message.index();
    }
}

TEST(Protocol, EveryCutMessageIsRefused) {
    for (const Message& message : samples()) {
        const Bytes whole = encode(message);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_FALSE(decode_message(ByteView{whole}.first(size)).has_value())
                << "kind " << message.index() << " at " << size;
        }
        Bytes longer = whole;
        longer.push_back(0);
        EXPECT_FALSE(decode_message(longer).has_value());
    }
}

TEST(Protocol, UnknownKindAndWrongFieldCountAreRefused) {
    EXPECT_FALSE(decode_message(Bytes{0x81, 0x0d}).has_value());
    EXPECT_FALSE(decode_message(Bytes{0x82, 0x02, 0x00}).has_value());
    EXPECT_FALSE(decode_message(Bytes{0x81, 0x02}).has_value());
}

TEST(Protocol, PositionsAscend) {
    EXPECT_FALSE(decode_message(encode(FetchTransactionsMessage{digest("x"), {5, 5}})).has_value());
    EXPECT_FALSE(decode_message(encode(FetchTransactionsMessage{digest("x"), {5, 4}})).has_value());
}

TEST(Protocol, ARangeHasItsCertificateExactlyWithBlocks) {
    EXPECT_FALSE(decode_message(encode(RangeMessage{Height{1}, {Bytes{1}}, std::nullopt})).has_value());
    EXPECT_FALSE(decode_message(encode(RangeMessage{Height{1}, {}, certificate()})).has_value());
}

TEST(Protocol, AFrameIsTheMessageBehindItsLength) {
    const Message message = FetchRangeMessage{Height{3}};
    const Frame frame = make_frame(message);
    const Bytes body = encode(message);
    ASSERT_EQ(frame->size(), body.size() + 4);
    EXPECT_EQ((*frame)[3], body.size());
    EXPECT_TRUE(equal(ByteView{*frame}.subspan(4), body));
}

TEST(Protocol, GossipFramesDecodeToWhatWasSent) {
    contracts::DepositBody body;
    body.digests = contracts::digests_of(as_bytes("document"));
    body.size_bytes = 8;
    body.media_type = "text/plain";
    const SecretKey key = test::key_of("bank-a/maker-1");
    const contracts::SignerContext signer{Digest{}, "bank-a", key.public_key().id(), {}, UnixMs{1}};
    const auto one = *ledger::Transaction::decode(
        contracts::build_transaction({.body = body}, signer, [] { return Salt{}; })->sign(key));
    const Frame frame = make_gossip_frame({one});
    const auto decoded = decode_message(ByteView{*frame}.subspan(4));
    ASSERT_TRUE(decoded.has_value());
    const TransactionsMessage expected{{{one->id(), to_bytes(one->wire())}}};
    EXPECT_EQ(std::get<TransactionsMessage>(*decoded), expected);
}

}  // namespace
}  // namespace probatum::node
