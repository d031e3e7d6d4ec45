// Golden vectors of our own, every signed byte shown: generated here from fixed inputs and compared with the committed
// files.

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/commitment.h"
#include "base/cose.h"
#include "base/hash.h"
#include "base/key_file.h"
#include "base/text_encoding.h"
#include "vectors.h"

namespace probatum {
namespace {

using Document = nlohmann::ordered_json;

SecretKey fixed_key(std::uint8_t fill) { return SecretKey::from_bytes(Bytes(SecretKey::kSize, fill)).value(); }

void expect_golden_document(std::string_view name, const Document& document) {
    test::expect_golden(test::golden_vector(name), document.dump(2) + "\n");
}

Document statement_case(std::string_view what, const SecretKey& key, const cose::ProtectedHeader& header,
                        ByteView payload) {
    const Bytes protected_bytes = cose::encode(header);
    const Bytes statement = cose::sign(key, header, payload);
    Document out;
    out["what"] = what;
    out["content_type"] = header.content_type;
    out["issuer"] = header.issuer;
    if (header.subject) {
        out["subject"] = *header.subject;
    }
    out["chain_id"] = to_hex(header.chain_id);
    out["secret_key"] = to_hex(key.scalar());
    out["public_key"] = to_hex(key.public_key().bytes());
    out["key_id"] = to_hex(header.key_id.digest);
    out["payload"] = to_hex(payload);
    out["protected_header"] = to_hex(protected_bytes);
    out["protected_header_diagnostic"] = cbor::diagnose(protected_bytes).value();
    out["sig_structure"] = to_hex(cose::signing_bytes(protected_bytes, payload));
    out["digest"] = to_hex(cose::signing_digest(protected_bytes, payload));
    out["signature"] = to_hex(cose::decode(statement)->signature);
    out["statement"] = to_hex(statement);
    out["detached"] = to_hex(cose::assemble_detached(header, cose::decode(statement)->signature));
    return out;
}

TEST(GoldenVectors, Statements) {
    const SecretKey key = fixed_key(0x11);
    cose::ProtectedHeader header{"application/vnd.probatum.transaction+cbor", key.public_key().id(),
                                 sha256(as_bytes("genesis")), "lender", "c0ffee"};
    cbor::Writer payload;
    payload.map(2).uint(1).uint(7).uint(2).text("放款 100000.00 CNY");
    Document document;
    document["source"] =
        "docs/spec/encoding.md, statements: COSE_Sign1 (RFC 9052) with ES256K (RFC 8812), nonce of RFC 6979, low s";
    document["cases"].push_back(statement_case("a statement about a contract", key, header, payload.view()));
    header.subject.reset();
    document["cases"].push_back(statement_case("no contract is named", key, header, payload.view()));
    document["cases"].push_back(statement_case("an empty payload", key, header, {}));
    header.content_type = "application/vnd.probatum.other+cbor";
    document["cases"].push_back(statement_case("the same payload for another purpose", key, header, payload.view()));
    expect_golden_document("cose.json", document);
}

TEST(GoldenVectors, Commitments) {
    Document document;
    document["source"] = "docs/spec/encoding.md, commitments: SHA-256 of the CBOR array [salt, name, value]";
    const auto add = [&](std::string_view name, const cbor::Writer& value, std::uint8_t fill) {
        Salt salt{};
        salt.fill(fill);
        cbor::Writer preimage;
        preimage.array(3).bytes(salt).text(name).raw(value.view());
        Document item;
        item["salt"] = to_hex(salt);
        item["name"] = name;
        item["value"] = to_hex(value.view());
        item["preimage"] = to_hex(preimage.view());
        item["commitment"] = to_hex(commit(salt, name, value.view()));
        document["cases"].push_back(item);
    };
    add("amount_minor", cbor::Writer{}.uint(10'000'000), 0x00);
    add("amount_minor", cbor::Writer{}.uint(10'000'000), 0x01);
    add("借款人", cbor::Writer{}.text("示例科技有限公司"), 0x5A);
    add("bank_reference", cbor::Writer{}.array(2).text("ICBC").text("20261121-000001"), 0xFF);
    expect_golden_document("commitment.json", document);
}

TEST(GoldenVectors, KeyFiles) {
    Document document;
    document["source"] = "docs/spec/encoding.md, key files: scrypt (RFC 7914), AES-256-GCM (NIST SP 800-38D)";
    key_file::Randomness randomness{};
    randomness.salt.fill(0x5A);
    randomness.nonce.fill(0xA5);
    const key_file::Cost cost{.log2_n = 10, .r = 8, .p = 1};
    const SecretKey key = fixed_key(0x11);
    for (const std::string passphrase : {"correct horse battery staple", "口令"}) {
        const Bytes file = key_file::seal(key, {"lender", "maker"}, passphrase, randomness, cost);
        Document item;
        item["passphrase"] = passphrase;
        item["secret_key"] = to_hex(key.scalar());
        item["file"] = to_hex(file);
        item["diagnostic"] = cbor::diagnose(file).value();
        document["cases"].push_back(item);
        EXPECT_TRUE(key_file::open(file, passphrase).has_value());
    }
    expect_golden_document("key_file.json", document);
}

}  // namespace
}  // namespace probatum
