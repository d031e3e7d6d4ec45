#include "ledger/evidence_log.h"

#include <gtest/gtest.h>

#include "base/text_encoding.h"
#include "ledger_samples.h"

namespace probatum::ledger::log {
namespace {

std::vector<Digest> leaves(std::size_t count) {
    std::vector<Digest> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(test::named_digest("leaf " + std::to_string(i)));
    }
    return out;
}

/// MTH of RFC 9162 section 2.1.1, word by word.
Digest naive_root(const std::vector<Digest>& d, std::size_t begin, std::size_t end) {
    const std::size_t n = end - begin;
    if (n == 0) {
        return sha256({});
    }
    if (n == 1) {
        return d[begin];
    }
    std::size_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    return node_hash(naive_root(d, begin, begin + k), naive_root(d, begin + k, end));
}

/// Answers only for perfect subtrees that are complete within `size` leaves.
NodeSource source_of(const std::vector<Digest>& d, std::size_t size) {
    return [&d, size](Node node) {
        const std::size_t begin = node.index << node.level;
        const std::size_t end = (node.index + 1) << node.level;
        EXPECT_LE(end, size);
        return naive_root(d, begin, end);
    };
}

TEST(EvidenceLog, HashesAsTheStandardSays) {
    EXPECT_EQ(to_hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    // SHA-256(0x00): the well known leaf hash of the empty leaf.
    EXPECT_EQ(to_hex(leaf_hash({})), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    const Digest a = test::named_digest("a");
    const Digest b = test::named_digest("b");
    Bytes message{0x01};
    message.insert(message.end(), a.bytes.begin(), a.bytes.end());
    message.insert(message.end(), b.bytes.begin(), b.bytes.end());
    EXPECT_EQ(node_hash(a, b), sha256(message));
}

TEST(EvidenceLog, FrontierRootOfAndRootAtAgreeWithTheDefinition) {
    const std::vector<Digest> d = leaves(70);
    Frontier frontier;
    for (std::size_t size = 0; size <= d.size(); ++size) {
        const Digest root = naive_root(d, 0, size);
        EXPECT_EQ(frontier.root(), root) << size;
        EXPECT_EQ(root_of({d.begin(), d.begin() + static_cast<std::ptrdiff_t>(size)}), root) << size;
        EXPECT_EQ(root_at(size, source_of(d, size)), root) << size;
        EXPECT_EQ(decode_frontier(encode(frontier)).value(), frontier);
        if (size < d.size()) {
            frontier.append(d[size]);
        }
    }
}

TEST(EvidenceLog, EveryLeafOfEverySizeIsProven) {
    const std::vector<Digest> d = leaves(40);
    for (std::size_t size = 1; size <= d.size(); ++size) {
        const Digest root = naive_root(d, 0, size);
        for (std::size_t i = 0; i < size; ++i) {
            const std::vector<Digest> path = prove_inclusion(i, size, source_of(d, size));
            EXPECT_TRUE(verify_inclusion(d[i], i, size, path, root)) << i << " of " << size;
            EXPECT_FALSE(verify_inclusion(d[i], (i + 1) % (size + 1), size, path, root)) << i << " of " << size;
        }
    }
}

TEST(EvidenceLog, EveryPairOfSizesIsConsistent) {
    const std::vector<Digest> d = leaves(33);
    for (std::size_t second = 1; second <= d.size(); ++second) {
        const Digest second_root = naive_root(d, 0, second);
        for (std::size_t first = 1; first <= second; ++first) {
            const Digest first_root = naive_root(d, 0, first);
            const std::vector<Digest> path = prove_consistency(first, second, source_of(d, second));
            EXPECT_TRUE(verify_consistency(first, second, path, first_root, second_root)) << first << ' ' << second;
            std::vector<Digest> longer = path;
            longer.push_back(d[0]);
            EXPECT_FALSE(verify_consistency(first, second, longer, first_root, second_root)) << first << ' ' << second;
        }
    }
}

TEST(EvidenceLog, AProofForADifferentLogIsRefused) {
    std::vector<Digest> d = leaves(11);
    const Digest first_root = naive_root(d, 0, 6);
    const Digest second_root = naive_root(d, 0, 11);
    const std::vector<Digest> path = prove_consistency(6, 11, source_of(d, 11));
    d[2] = test::named_digest("changed");
    EXPECT_FALSE(verify_consistency(6, 11, path, naive_root(d, 0, 6), second_root));
    EXPECT_FALSE(verify_consistency(6, 11, path, first_root, naive_root(d, 0, 11)));
    EXPECT_FALSE(verify_consistency(11, 6, path, second_root, first_root));
    EXPECT_FALSE(verify_consistency(6, 6, {}, first_root, second_root));
    EXPECT_FALSE(verify_consistency(0, 6, {}, second_root, first_root));
    EXPECT_FALSE(verify_consistency(0, 6, {}, empty_root(), first_root));
}

TEST(EvidenceLog, SizesUpToTheLastBitAreAnswered) {
    const std::uint64_t huge = ~std::uint64_t{0};
    const Digest any = test::named_digest("any");
    EXPECT_FALSE(verify_inclusion(any, huge - 1, huge, std::vector<Digest>(64, any), any));
    EXPECT_FALSE(verify_inclusion(any, huge, huge, {}, any));
    EXPECT_FALSE(verify_consistency(huge - 1, huge, std::vector<Digest>(64, any), any, any));
    const NodeSource constant = [&](Node) { return any; };
    const Digest root = root_at(huge, constant);
    EXPECT_TRUE(verify_inclusion(any, huge - 1, huge, prove_inclusion(huge - 1, huge, constant), root));
}

TEST(Frontier, HasOnePeakPerSetBit) {
    cbor::Writer too_few;
    too_few.array(2).uint(3).array(1).digest(Digest{});
    EXPECT_EQ(decode_frontier(too_few.view()).error().code, Errc::malformed);
    cbor::Writer too_many;
    too_many.array(2).uint(0).array(1).digest(Digest{});
    EXPECT_EQ(decode_frontier(too_many.view()).error().code, Errc::malformed);
}

}  // namespace
}  // namespace probatum::ledger::log
