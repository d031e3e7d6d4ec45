// Published proofs of RFC 9162, good and deliberately broken: every file in the folder `merkle` of the published
// vectors.
#include <gtest/gtest.h>

#include <optional>

#include "base/hash.h"
#include "ledger/evidence_log.h"
#include "vectors.h"

namespace probatum {
namespace {

using test::Json;

std::optional<Bytes> from_base64(std::string_view text) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (!text.empty() && text.back() == '=') {
        text.remove_suffix(1);
    }
    Bytes out;
    std::uint32_t bits = 0;
    std::uint32_t count = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<std::uint8_t>(bits >> count));
        }
    }
    return out;
}

/// Our types hold digests of 32 bytes only, so any other length is refused before a proof is looked at.
std::optional<Digest> digest_in(const Json& text) {
    const std::optional<Bytes> bytes = from_base64(text.get<std::string>());
    if (!bytes || bytes->size() != Digest::kSize) {
        return std::nullopt;
    }
    Digest out;
    std::ranges::copy(*bytes, out.bytes.begin());
    return out;
}

/// Some cases of consistency hold a short text where a root would stand; its hash stands in, equal and unequal as the
/// texts are.
Digest root_in(const Json& text) {
    return digest_in(text).value_or(sha256(from_base64(text.get<std::string>()).value()));
}

std::optional<std::vector<Digest>> path_in(const Json& proof) {
    std::vector<Digest> out;
    if (proof.is_null()) {
        return out;
    }
    for (const Json& element : proof) {
        const std::optional<Digest> digest = digest_in(element);
        if (!digest) {
            return std::nullopt;
        }
        out.push_back(*digest);
    }
    return out;
}

bool inclusion_holds(const Json& c) {
    const auto leaf = digest_in(c.at("leafHash"));
    const auto root = digest_in(c.at("root"));
    const auto path = path_in(c.at("proof"));
    return leaf && root && path &&
           ledger::log::verify_inclusion(*leaf, c.at("leafIdx").get<std::uint64_t>(),
                                         c.at("treeSize").get<std::uint64_t>(), *path, *root)
               .has_value();
}

bool consistency_holds(const Json& c) {
    const Digest first = root_in(c.at("root1"));
    const Digest second = root_in(c.at("root2"));
    const auto path = path_in(c.at("proof"));
    return path && ledger::log::verify_consistency(c.at("size1").get<std::uint64_t>(),
                                                   c.at("size2").get<std::uint64_t>(), *path, first, second)
                       .has_value();
}

TEST(MerkleVectors, EveryPublishedCaseIsAnsweredAsPublished) {
    PROBATUM_REQUIRE_VECTORS("merkle");
    std::size_t cases = 0;
    std::size_t good = 0;
    for (const auto& file : test::published_files("merkle")) {
        for (const Json& c : test::read_json(file)) {
            const bool wanted = !c.at("wantErr").get<bool>();
            const bool inclusion = c.contains("leafHash");
            EXPECT_EQ(inclusion ? inclusion_holds(c) : consistency_holds(c), wanted)
                << file.filename() << ": " << c.value("case", "") << " (" << c.value("desc", "") << ")";
            ++cases;
            good += wanted ? 1 : 0;
        }
    }
    EXPECT_GT(good, 0U);
    EXPECT_GT(cases, good);
    std::cout << cases << " cases, " << good << " of them good\n";
}

}  // namespace
}  // namespace probatum
