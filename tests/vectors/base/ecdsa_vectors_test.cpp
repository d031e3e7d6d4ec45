// Published ECDSA cases (C2SP/wycheproof): secp256k1 with SHA-256, signatures as r‖s or DER. A valid signature with
// high s is refused by its own name; nothing else that is called valid is refused, nothing that is called invalid is
// accepted.

#include <gtest/gtest.h>
#include <secp256k1.h>

#include <optional>

#include "base/hash.h"
#include "base/key.h"
#include "base/text_encoding.h"
#include "vectors.h"

namespace probatum {
namespace {

using test::Json;

const std::string kHalfOrder = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";

Bytes bytes_of(const Json& hexadecimal) { return from_hex(hexadecimal.get<std::string>()).value(); }

Result<PublicKey> key_of(const Json& group) {
    const Json& described = group.contains("publicKey") ? group["publicKey"] : group["key"];
    const Bytes uncompressed = bytes_of(described["uncompressed"]);
    if (uncompressed.size() != 65) {
        return fail(Errc::malformed);
    }
    Bytes compressed{uncompressed.begin(), uncompressed.begin() + 33};
    compressed.front() = uncompressed.back() % 2 == 0 ? 2 : 3;
    return PublicKey::from_bytes(compressed);
}

/// Strict DER, checked by writing it again; nothing for any other encoding.
std::optional<Signature> from_der(const Bytes& der) {
    secp256k1_ecdsa_signature parsed;
    if (secp256k1_ecdsa_signature_parse_der(secp256k1_context_static, &parsed, der.data(), der.size()) != 1) {
        return std::nullopt;
    }
    Bytes again(80);
    std::size_t size = again.size();
    secp256k1_ecdsa_signature_serialize_der(secp256k1_context_static, again.data(), &size, &parsed);
    again.resize(size);
    if (again != der) {
        return std::nullopt;
    }
    Signature out{};
    secp256k1_ecdsa_signature_serialize_compact(secp256k1_context_static, out.data(), &parsed);
    return out;
}

std::optional<Signature> signature_of(const Json& group, const Bytes& encoded) {
    if (!group["type"].get<std::string>().starts_with("EcdsaP1363")) {
        return from_der(encoded);
    }
    if (encoded.size() != std::tuple_size_v<Signature>) {
        return std::nullopt;
    }
    Signature out{};
    std::ranges::copy(encoded, out.begin());
    return out;
}

Result<void> verdict_of(const Json& group, const Json& item) {
    PROBATUM_LET(key, key_of(group));
    const std::optional<Signature> signature = signature_of(group, bytes_of(item["sig"]));
    if (!signature) {
        return fail(Errc::malformed);
    }
    return key.verify(sha256(bytes_of(item["msg"])), *signature);
}

struct Tally {
    int accepted = 0;
    int high_s = 0;
    int refused = 0;
};

void expect_verdict(const Json& group, const Json& item, Tally& tally) {
    const Result<void> verdict = verdict_of(group, item);
    const std::string published = item["result"].get<std::string>();
    if (published == "invalid") {
        EXPECT_FALSE(verdict.has_value());
        ++tally.refused;
        return;
    }
    if (published != "valid") {
        return;  // "acceptable" leaves the choice open
    }
    const std::optional<Signature> signature = signature_of(group, bytes_of(item["sig"]));
    ASSERT_TRUE(signature.has_value());
    const bool high = to_hex(ByteView{*signature}.subspan(32)) > kHalfOrder;
    if (high) {
        ASSERT_FALSE(verdict.has_value());
        EXPECT_EQ(verdict.error().code, Errc::high_s_signature);
        ++tally.high_s;
    } else {
        EXPECT_TRUE(verdict.has_value()) << verdict.error().to_string();
        ++tally.accepted;
    }
}

TEST(EcdsaVectors, PublishedCasesHaveTheirVerdicts) {
    PROBATUM_REQUIRE_VECTORS("ecdsa");
    Tally tally;
    for (const auto& path : test::published_files("ecdsa")) {
        const Json document = test::read_json(path);
        for (const Json& group : document["testGroups"]) {
            const Json& described = group.contains("publicKey") ? group["publicKey"] : group["key"];
            ASSERT_EQ(described["curve"], "secp256k1") << path;
            ASSERT_EQ(group["sha"], "SHA-256") << path;
            for (const Json& item : group["tests"]) {
                SCOPED_TRACE(path.filename().string() + " case " + item["tcId"].dump() + ": " +
                             item["comment"].get<std::string>());
                expect_verdict(group, item, tally);
            }
        }
    }
    EXPECT_GT(tally.accepted, 0);
    EXPECT_GT(tally.refused, 0);
    RecordProperty("accepted", tally.accepted);
    RecordProperty("high_s", tally.high_s);
    RecordProperty("refused", tally.refused);
}

}  // namespace
}  // namespace probatum
