#include "ledger/evidence_log.h"

#include <bit>

#include "base/cbor.h"
#include "base/check.h"
#include "base/hash.h"
#include "ledger/pair_hash.h"

namespace probatum::ledger::log {

namespace {

constexpr std::size_t kMaxPeaks = 64;

/// The largest power of two below n; RFC 9162 section 2.1.1. n is at least 2.
constexpr std::uint64_t split_point(std::uint64_t n) { return std::bit_floor(n - 1); }

constexpr bool is_odd(std::uint64_t n) { return (n & 1U) != 0; }

/// Leaves [begin, begin + count). RFC 9162 splits ranges so that begin is a multiple of a power of two not below count.
struct Range {
    std::uint64_t begin;
    std::uint64_t count;
};

Digest fold_peaks(const std::vector<Digest>& peaks) {
    if (peaks.empty()) {
        return empty_root();
    }
    Digest root = peaks.back();
    for (std::size_t i = peaks.size() - 1; i-- > 0;) {
        root = node_hash(peaks[i], root);
    }
    return root;
}

Digest root_of_range(Range range, const NodeSource& source) {
    std::vector<Digest> peaks;
    while (range.count > 0) {
        const std::uint64_t width = std::bit_floor(range.count);
        const auto level = static_cast<std::uint32_t>(std::countr_zero(width));
        peaks.push_back(source(Node{level, range.begin >> level}));
        range = {range.begin + width, range.count - width};
    }
    return fold_peaks(peaks);
}

/// Walks fn and sn of RFC 9162 sections 2.1.3.2 and 2.1.4.2 up to where a left sibling joins.
void skip_missing_levels(std::uint64_t& fn, std::uint64_t& sn) {
    while (fn != 0 && !is_odd(fn)) {
        fn >>= 1U;
        sn >>= 1U;
    }
}

tl::unexpected<Error> invalid(std::string_view why) { return fail(Errc::invalid_proof, "path", std::string{why}); }

}  // namespace

Digest leaf_hash(ByteView leaf) { return Sha256{}.update(kLeafPrefix).update(leaf).finish(); }

Digest node_hash(const Digest& left, const Digest& right) { return pair_hash(kInnerPrefix, left, right); }

Digest empty_root() { return sha256({}); }

void Frontier::append(const Digest& leaf_hash) {
    Digest peak = leaf_hash;
    for (std::uint64_t rest = size; is_odd(rest); rest >>= 1U) {
        peak = node_hash(peaks.back(), peak);
        peaks.pop_back();
    }
    peaks.push_back(peak);
    ++size;
}

Digest Frontier::root() const { return fold_peaks(peaks); }

Bytes encode(const Frontier& frontier) {
    PROBATUM_CHECK(static_cast<std::size_t>(std::popcount(frontier.size)) == frontier.peaks.size(),
                   "one peak per set bit");
    cbor::Writer writer{16 + frontier.peaks.size() * 34};
    writer.array(2).uint(frontier.size).array(frontier.peaks.size());
    for (const Digest& peak : frontier.peaks) {
        writer.digest(peak);
    }
    return writer.take();
}

Result<Frontier> decode_frontier(ByteView bytes) {
    cbor::Reader reader{bytes, {.items = kMaxPeaks}};
    Frontier out;
    reader.array_of(2);
    out.size = reader.field("size").uint();
    const std::uint64_t count = reader.field("peaks").array();
    if (count != static_cast<std::uint64_t>(std::popcount(out.size))) {
        reader.refuse(Errc::malformed, "one peak per set bit of the size");
    }
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        out.peaks.push_back(reader.digest());
    }
    PROBATUM_TRY(reader.finish());
    return out;
}

Digest root_of(const std::vector<Digest>& leaf_hashes) {
    if (leaf_hashes.empty()) {
        return empty_root();
    }
    // Pairing neighbours and promoting an odd last node gives the tree of section 2.1.1.
    std::vector<Digest> level = leaf_hashes;
    while (level.size() > 1) {
        const std::size_t pairs = level.size() / 2;
        for (std::size_t i = 0; i < pairs; ++i) {
            level[i] = node_hash(level[2 * i], level[2 * i + 1]);
        }
        if (is_odd(level.size())) {
            level[pairs] = level.back();
        }
        level.resize(pairs + level.size() % 2);
    }
    return level.front();
}

Digest root_at(std::uint64_t size, const NodeSource& source) { return root_of_range({0, size}, source); }

std::vector<Digest> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeSource& source) {
    PROBATUM_CHECK(index < size, "only a leaf of the log can be proven");
    std::vector<Digest> path;
    Range range{0, size};
    while (range.count > 1) {
        const std::uint64_t k = split_point(range.count);
        const Range left{range.begin, k};
        const Range right{range.begin + k, range.count - k};
        const bool in_left = index < right.begin;
        path.push_back(root_of_range(in_left ? right : left, source));
        range = in_left ? left : right;
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<Digest> prove_consistency(std::uint64_t first, std::uint64_t second, const NodeSource& source) {
    PROBATUM_CHECK(0 < first && first <= second, "a log only grows, and from nothing follows anything");
    std::vector<Digest> path;
    Range range{0, second};
    std::uint64_t known = first;  // m of SUBPROOF(m, D[n], b)
    while (known != range.count) {
        const std::uint64_t k = split_point(range.count);
        const Range left{range.begin, k};
        const Range right{range.begin + k, range.count - k};
        if (known <= k) {
            path.push_back(root_of_range(right, source));
            range = left;
        } else {
            path.push_back(root_of_range(left, source));
            range = right;
            known -= k;
        }
    }
    // b of SUBPROOF: the old root itself is known to the verifier and not repeated.
    if (range.begin != 0) {
        path.push_back(root_of_range(range, source));
    }
    std::ranges::reverse(path);
    return path;
}

Result<void> verify_inclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                              const std::vector<Digest>& path, const Digest& root) {
    if (index >= size) {
        return invalid("the index is beyond the log");
    }
    std::uint64_t fn = index;
    std::uint64_t sn = size - 1;
    Digest reached = leaf_hash;
    for (const Digest& sibling : path) {
        if (sn == 0) {
            return invalid("the path is too long");
        }
        if (is_odd(fn) || fn == sn) {
            reached = node_hash(sibling, reached);
            skip_missing_levels(fn, sn);
        } else {
            reached = node_hash(reached, sibling);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    if (sn != 0) {
        return invalid("the path is too short");
    }
    if (reached != root) {
        return invalid("the path leads to another root");
    }
    return {};
}

Result<void> verify_consistency(std::uint64_t first, std::uint64_t second, const std::vector<Digest>& path,
                                const Digest& first_root, const Digest& second_root) {
    if (first > second) {
        return invalid("a log only grows");
    }
    if (first == 0) {
        return invalid("from the empty log follows anything");
    }
    if (first == second) {
        return path.empty() && first_root == second_root ? Result<void>{}
                                                         : invalid("one size has one root and no path");
    }
    std::uint64_t fn = first - 1;
    std::uint64_t sn = second - 1;
    while (is_odd(fn)) {
        fn >>= 1U;
        sn >>= 1U;
    }
    // Where the old log is one perfect subtree, its root starts the path and is not repeated.
    std::size_t used = std::has_single_bit(first) ? 0 : 1;
    if (path.size() <= used) {
        return invalid("the path is too short");
    }
    Digest old_root = used == 0 ? first_root : path.front();
    Digest new_root = old_root;
    for (; used < path.size(); ++used) {
        const Digest& sibling = path[used];
        if (sn == 0) {
            return invalid("the path is too long");
        }
        if (is_odd(fn) || fn == sn) {
            old_root = node_hash(sibling, old_root);
            new_root = node_hash(sibling, new_root);
            skip_missing_levels(fn, sn);
        } else {
            new_root = node_hash(new_root, sibling);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    if (sn != 0) {
        return invalid("the path is too short");
    }
    if (old_root != first_root) {
        return invalid("the path leads to another first root");
    }
    if (new_root != second_root) {
        return invalid("the path leads to another second root");
    }
    return {};
}

}  // namespace probatum::ledger::log
