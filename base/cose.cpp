#include "base/cose.h"

#include "base/cbor.h"
#include "base/check.h"
#include "base/hash.h"

namespace probatum::cose {

namespace {

constexpr std::uint64_t kTagSign1 = 18;
constexpr std::uint64_t kClaimIssuer = 1;
constexpr std::uint64_t kClaimSubject = 2;
constexpr std::size_t kMaxContentTypeBytes = 128;
constexpr std::size_t kMaxIssuerBytes = 64;
constexpr std::size_t kMaxSubjectBytes = 128;

void expect_label(cbor::Reader& reader, std::string_view field, std::int64_t label) {
    reader.field(field);
    if (reader.integer() != label) {
        reader.refuse(Errc::malformed, "expected label " + std::to_string(label));
    }
}

std::string text_between(cbor::Reader& reader, std::size_t maximum_bytes) {
    const std::string_view text = reader.text_at_most(maximum_bytes);
    if (text.empty()) {
        reader.refuse(Errc::malformed, "may not be empty");
    }
    return std::string{text};
}

void read_claims(cbor::Reader& reader, ProtectedHeader& header) {
    expect_label(reader, "claims", kLabelCwtClaims);
    const std::uint64_t claims = reader.map();
    if (claims != 1 && claims != 2) {
        reader.refuse(Errc::malformed, "expected iss and perhaps sub");
    }
    expect_label(reader, "issuer", kClaimIssuer);
    header.issuer = text_between(reader, kMaxIssuerBytes);
    if (claims == 2) {
        expect_label(reader, "subject", kClaimSubject);
        header.subject = text_between(reader, kMaxSubjectBytes);
    }
    reader.leave();
}

Bytes encode_sign1(ByteView protected_bytes, std::optional<ByteView> payload, const Signature& signature) {
    cbor::Writer writer{protected_bytes.size() + (payload ? payload->size() : 0) + signature.size() + 32};
    writer.tag(kTagSign1).array(4).bytes(protected_bytes).map(0);
    if (payload) {
        writer.bytes(*payload);
    } else {
        writer.null();
    }
    writer.bytes(signature);
    return writer.take();
}

}  // namespace

Bytes encode(const ProtectedHeader& header) {
    cbor::Writer writer{192 + header.content_type.size() + header.issuer.size()};
    writer.map(5);
    writer.integer(kLabelAlgorithm).integer(kAlgorithmEs256k);
    writer.integer(kLabelContentType).text(header.content_type);
    writer.integer(kLabelKeyId).digest(header.key_id.digest);
    writer.integer(kLabelCwtClaims).map(header.subject ? 2 : 1);
    writer.uint(kClaimIssuer).text(header.issuer);
    if (header.subject) {
        writer.uint(kClaimSubject).text(*header.subject);
    }
    writer.integer(kLabelChainId).digest(header.chain_id);
    return writer.take();
}

Result<ProtectedHeader> decode_protected_header(ByteView bytes) {
    cbor::Reader reader{bytes};
    ProtectedHeader header;
    reader.field("protected");
    if (reader.map() != 5) {
        reader.refuse(Errc::malformed, "expected five labels");
    }
    expect_label(reader, "algorithm", kLabelAlgorithm);
    if (reader.integer() != kAlgorithmEs256k) {
        reader.refuse(Errc::unknown_algorithm, "expected ES256K");
    }
    expect_label(reader, "content_type", kLabelContentType);
    header.content_type = text_between(reader, kMaxContentTypeBytes);
    expect_label(reader, "key_id", kLabelKeyId);
    header.key_id = KeyId{reader.digest()};
    read_claims(reader, header);
    expect_label(reader, "chain_id", kLabelChainId);
    header.chain_id = reader.digest();
    PROBATUM_TRY(reader.finish());
    return header;
}

Bytes signing_bytes(ByteView protected_header, ByteView payload) {
    cbor::Writer writer{protected_header.size() + payload.size() + 32};
    writer.array(4).text("Signature1").bytes(protected_header).bytes({}).bytes(payload);
    return writer.take();
}

Digest signing_digest(ByteView protected_header, ByteView payload) {
    return sha256(signing_bytes(protected_header, payload));
}

Result<void> Statement::verify(const PublicKey& key) const {
    return key.verify(signing_digest(protected_bytes, payload), signature);
}

Bytes sign(const SecretKey& key, const ProtectedHeader& header, ByteView payload) {
    const Bytes protected_bytes = encode(header);
    // The reader is the judge of form. A signature under what it does not take could never prove anything.
    PROBATUM_CHECK(decode_protected_header(protected_bytes).has_value(), "what no reader takes is never signed");
    return encode_sign1(protected_bytes, payload, key.sign(signing_digest(protected_bytes, payload)));
}

Bytes assemble(const ProtectedHeader& header, ByteView payload, const Signature& signature) {
    return encode_sign1(encode(header), payload, signature);
}

Bytes assemble_detached(const ProtectedHeader& header, const Signature& signature) {
    return encode_sign1(encode(header), std::nullopt, signature);
}

Result<Statement> decode(ByteView bytes) {
    cbor::Reader reader{bytes};
    Statement out;
    reader.field("statement").tag_of(kTagSign1);
    reader.array_of(4);
    out.protected_bytes = reader.field("protected").bytes();
    if (reader.field("unprotected").map() != 0) {
        reader.refuse(Errc::malformed, "expected an empty map");
    }
    reader.leave();
    out.payload = reader.field("payload").bytes();
    out.signature = reader.field("signature").byte_array<std::tuple_size_v<Signature>>();
    PROBATUM_TRY(reader.finish());
    PROBATUM_LET(header, decode_protected_header(out.protected_bytes));
    out.header = std::move(header);
    return out;
}

}  // namespace probatum::cose
