#include "base/cose.h"

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/hash.h"
#include "support.h"

namespace probatum::cose {
namespace {

using test::code_of;
using test::secret;

ProtectedHeader header_of(const SecretKey& key) {
    return {"application/vnd.probatum.transaction+cbor", key.public_key().id(), sha256(as_bytes("genesis")), "lender",
            "c0ffee"};
}

struct Labels {
    std::int64_t algorithm = kAlgorithmEs256k;
    std::string content_type = "application/x";
    std::string issuer = "lender";
    std::string subject = "c0ffee";
};

/// A protected header written by hand, so that wrong ones can be made.
Bytes protected_header(const Labels& labels) {
    cbor::Writer writer;
    writer.map(5).uint(1).integer(labels.algorithm).uint(3).text(labels.content_type).uint(4).digest({});
    writer.uint(15).map(2).uint(1).text(labels.issuer).uint(2).text(labels.subject).integer(-70001).digest({});
    return writer.take();
}

TEST(Cose, EncodesTheProtectedHeaderByTheSpecification) {
    const ProtectedHeader header{"application/x", KeyId{}, Digest{}, "lender", std::nullopt};
    const std::string zeros(64, '0');
    EXPECT_EQ(to_hex(encode(header)),
              "a5"
              "01382e"
              "036d6170706c69636174696f6e2f78"
              "045820" +
                  zeros +
                  "0fa101666c656e646572"
                  "3a000111705820" +
                  zeros);
}

TEST(Cose, ATextThatNoReaderTakesIsNeverSigned) {
    const ProtectedHeader most{std::string(128, 'c'), {}, {}, std::string(64, 'i'), std::string(128, 's')};
    EXPECT_EQ(decode(sign(secret(1), most, {}))->header, most);
    for (auto spoil : {+[](ProtectedHeader& h) { h.content_type += 'c'; }, +[](ProtectedHeader& h) { h.issuer += 'i'; },
                       +[](ProtectedHeader& h) { *h.subject += 's'; }, +[](ProtectedHeader& h) { h.content_type = ""; },
                       +[](ProtectedHeader& h) { h.issuer = ""; }, +[](ProtectedHeader& h) { h.subject = ""; }}) {
        ProtectedHeader header = most;
        spoil(header);
        EXPECT_FALSE(decode_protected_header(encode(header)).has_value());
        EXPECT_DEATH((void)sign(secret(1), header, as_bytes("payload")), "never signed");
    }
}

TEST(Cose, SigStructureIsThatOfRfc9052) {
    EXPECT_EQ(to_hex(signing_bytes(test::hex("a0"), test::hex("0102"))), "846a5369676e61747572653141a040420102");
    EXPECT_EQ(signing_digest(test::hex("a0"), test::hex("0102")),
              sha256(signing_bytes(test::hex("a0"), test::hex("0102"))));
}

TEST(Cose, AStatementRoundTripsAndVerifies) {
    const SecretKey key = secret(1);
    for (const auto& subject : {std::optional<std::string>{"c0ffee"}, std::optional<std::string>{}}) {
        ProtectedHeader header = header_of(key);
        header.subject = subject;
        const Bytes bytes = sign(key, header, as_bytes("payload"));
        const auto statement = decode(bytes);
        ASSERT_TRUE(statement.has_value()) << statement.error().to_string();
        EXPECT_EQ(statement->header, header);
        EXPECT_EQ(as_text(statement->payload), "payload");
        EXPECT_TRUE(statement->verify(key.public_key()).has_value());
        EXPECT_EQ(assemble(header, statement->payload, statement->signature), bytes);
        EXPECT_TRUE(cbor::check_deterministic(bytes).has_value());
    }
}

TEST(Cose, NoChangedByteVerifiesAsTheSameStatement) {
    const SecretKey key = secret(1);
    const Bytes bytes = sign(key, header_of(key), as_bytes("payload"));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
            Bytes changed = bytes;
            changed[i] = static_cast<std::uint8_t>(changed[i] ^ flip);
            const auto statement = decode(changed);
            EXPECT_FALSE(statement.has_value() && statement->verify(key.public_key()).has_value()) << "byte " << i;
        }
    }
}

TEST(Cose, PurposeChainAndOrganisationAreUnderTheSignature) {
    const SecretKey key = secret(1);
    const ProtectedHeader header = header_of(key);
    const Signature signature = decode(sign(key, header, as_bytes("payload")))->signature;
    const auto verdict = [&](const ProtectedHeader& other, std::string_view payload) {
        const Bytes bytes = assemble(other, as_bytes(payload), signature);
        return decode(bytes)->verify(key.public_key());
    };
    EXPECT_TRUE(verdict(header, "payload").has_value());
    EXPECT_EQ(code_of(verdict(header, "payloae")), Errc::bad_signature);
    ProtectedHeader other = header;
    other.content_type = "application/vnd.probatum.vote+cbor";
    EXPECT_EQ(code_of(verdict(other, "payload")), Errc::bad_signature);
    other = header;
    other.chain_id = sha256(as_bytes("another genesis"));
    EXPECT_EQ(code_of(verdict(other, "payload")), Errc::bad_signature);
    other = header;
    other.issuer = "borrower";
    EXPECT_EQ(code_of(verdict(other, "payload")), Errc::bad_signature);
    other = header;
    other.subject.reset();
    EXPECT_EQ(code_of(verdict(other, "payload")), Errc::bad_signature);
}

TEST(Cose, HighSIsNamed) {
    const SecretKey key = secret(1);
    const ProtectedHeader header = header_of(key);
    // s and n - s: only the first is ours.
    const Bytes order = test::hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    Signature signature = decode(sign(key, header, {}))->signature;
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int difference = order[i] - signature[32 + i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        signature[32 + i] = static_cast<std::uint8_t>(difference & 0xFF);
    }
    const Bytes bytes = assemble(header, {}, signature);
    EXPECT_EQ(code_of(decode(bytes)->verify(key.public_key())), Errc::high_s_signature);
}

TEST(Cose, EveryPrefixAndEverySuffixIsRefused) {
    const SecretKey key = secret(1);
    Bytes bytes = sign(key, header_of(key), as_bytes("payload"));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(decode(ByteView{bytes}.first(size)).has_value()) << size;
    }
    bytes.push_back(0);
    EXPECT_EQ(code_of(decode(bytes)), Errc::malformed);
}

TEST(Cose, TheShapeIsFixed) {
    const std::string p = "58" + to_hex(ByteView{Bytes{static_cast<std::uint8_t>(protected_header({}).size())}}) +
                          to_hex(protected_header({}));
    const std::string s = "5840" + std::string(128, '1');
    EXPECT_TRUE(decode(test::hex("d284" + p + "a040" + s)).has_value());
    EXPECT_EQ(code_of(decode(test::hex("84" + p + "a040" + s))), Errc::malformed) << "untagged";
    EXPECT_EQ(code_of(decode(test::hex("d184" + p + "a040" + s))), Errc::malformed) << "COSE_Mac0";
    EXPECT_EQ(code_of(decode(test::hex("d283" + p + "a040"))), Errc::malformed) << "three elements";
    EXPECT_EQ(code_of(decode(test::hex("d284" + p + "a1044040" + s))), Errc::malformed) << "an unprotected label";
    EXPECT_EQ(code_of(decode(test::hex("d284" + p + "a0f6" + s))), Errc::malformed) << "detached";
    EXPECT_EQ(code_of(decode(test::hex("d284" + p + "a0405841" + std::string(130, '1')))), Errc::malformed)
        << "65 bytes";
    EXPECT_EQ(code_of(decode(test::hex("d284" + p + "bfff40" + s))), Errc::not_deterministic) << "indefinite map";
}

TEST(Cose, LabelsAreExactlyOurs) {
    EXPECT_TRUE(decode_protected_header(protected_header({})).has_value());
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.algorithm = -7}))), Errc::unknown_algorithm);
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.content_type = ""}))), Errc::malformed);
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.content_type = std::string(129, 'x')}))),
              Errc::too_large);
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.issuer = ""}))), Errc::malformed);
    EXPECT_TRUE(decode_protected_header(protected_header({.issuer = std::string(64, 'x')})).has_value());
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.issuer = std::string(65, 'x')}))), Errc::too_large);
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.subject = ""}))), Errc::malformed);
    EXPECT_TRUE(decode_protected_header(protected_header({.subject = std::string(128, 'x')})).has_value());
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.subject = std::string(129, 'x')}))), Errc::too_large);
    EXPECT_EQ(code_of(decode_protected_header(protected_header({.issuer = "\xff"}))), Errc::malformed);
    EXPECT_EQ(code_of(decode_protected_header(test::hex("a0"))), Errc::malformed);
    EXPECT_EQ(code_of(decode_protected_header({})), Errc::malformed);
}

TEST(Cose, ClaimsAreIssuerAndPerhapsSubject) {
    for (const std::uint64_t claimed_count : {0, 2, 3}) {
        cbor::Writer writer;
        writer.map(5).uint(1).integer(-47).uint(3).text("application/x").uint(4).digest({});
        writer.uint(15).map(claimed_count).uint(1).text("x").integer(-70001).digest({});
        EXPECT_EQ(code_of(decode_protected_header(writer.view())), Errc::malformed) << claimed_count;
    }
}

TEST(Cose, OrderOfLabelsIsFixed) {
    cbor::Writer writer;
    writer.map(5).uint(3).text("application/x").uint(1).integer(-47).uint(4).digest({});
    writer.uint(15).map(1).uint(1).text("x").integer(-70001).digest({});
    EXPECT_EQ(code_of(decode_protected_header(writer.view())), Errc::malformed);
}

TEST(Cose, DetachedHoldsNullWhereThePayloadWas) {
    const SecretKey key = secret(1);
    const ProtectedHeader header = header_of(key);
    const Bytes attached = sign(key, header, {});
    const auto statement = decode(attached);
    Bytes expected = attached;
    const std::size_t payload_at = attached.size() - 64 - 2 - 1;
    ASSERT_EQ(expected[payload_at], 0x40);
    expected[payload_at] = 0xF6;
    EXPECT_EQ(assemble_detached(header, statement->signature), expected);
}

}  // namespace
}  // namespace probatum::cose
