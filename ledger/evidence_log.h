#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// The Merkle tree of RFC 9162 section 2.1 with SHA-256.
namespace probatum::ledger::log {

/// H(0x00 || leaf)
[[nodiscard]] Digest leaf_hash(ByteView leaf);
/// H(0x01 || left || right)
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);
/// SHA-256 of nothing: the root of the empty log.
[[nodiscard]] Digest empty_root();

/// The right edge of a log: all that is needed to append and to know the root. Peaks are the roots of the perfect
/// subtrees from left (largest) to right; there is one per set bit of size.
struct Frontier {
    std::uint64_t size{0};
    std::vector<Digest> peaks{};

    void append(const Digest& leaf_hash);
    [[nodiscard]] Digest root() const;
    friend bool operator==(const Frontier&, const Frontier&) = default;
};

/// [size, [* peak]]; the number of peaks is the number of set bits of size.
[[nodiscard]] Bytes encode(const Frontier& frontier);
[[nodiscard]] Result<Frontier> decode_frontier(ByteView bytes);

/// A perfect subtree: leaves [index << level, (index + 1) << level).
struct Node {
    std::uint32_t level;
    std::uint64_t index;
};
/// Gives the hash of a perfect subtree that is complete in the log.
using NodeSource = std::function<Digest(Node)>;

[[nodiscard]] Digest root_of(const std::vector<Digest>& leaf_hashes);
/// The root of the first `size` leaves, from complete subtrees.
[[nodiscard]] Digest root_at(std::uint64_t size, const NodeSource& source);

/// RFC 9162 section 2.1.3.1. Preconditions: index < size.
[[nodiscard]] std::vector<Digest> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeSource& source);
/// RFC 9162 section 2.1.4.1. Preconditions: 0 < first <= second.
[[nodiscard]] std::vector<Digest> prove_consistency(std::uint64_t first, std::uint64_t second,
                                                    const NodeSource& source);

/// RFC 9162 section 2.1.3.2. invalid_proof unless the path leads exactly to the root.
[[nodiscard]] Result<void> verify_inclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                                            const std::vector<Digest>& path, const Digest& root);
/// RFC 9162 section 2.1.4.2. invalid_proof unless both roots follow; from the empty log (first is 0)
/// nothing follows.
[[nodiscard]] Result<void> verify_consistency(std::uint64_t first, std::uint64_t second,
                                              const std::vector<Digest>& path, const Digest& first_root,
                                              const Digest& second_root);

}  // namespace probatum::ledger::log
