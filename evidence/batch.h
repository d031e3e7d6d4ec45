#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// Many documents under one registration. What one `evidence.deposit` registers is a small document, the batch head: a
/// count and the root of an RFC 9162 tree over the documents. Each document gets a small proof file of its own.
/// Source: docs/spec/batches.md, docs/formats.cddl.
namespace probatum::evidence {

inline constexpr std::string_view kBatchMediaType = "application/vnd.probatum.batch+cbor";
inline constexpr std::string_view kBatchProofSuffix = ".proof";
inline constexpr std::size_t kMaxBatchLeaves = 1'000'000;
inline constexpr std::size_t kMaxBatchProofBytes = 4096;

/// One document of a batch.
struct BatchLeaf {
    Digest sha256;
    Digest sm3;
    std::uint64_t size_bytes{0};
    friend auto operator<=>(const BatchLeaf&, const BatchLeaf&) = default;
};
/// [sha-256, sm3, size]
[[nodiscard]] Bytes encode(const BatchLeaf& leaf);

struct BatchHead {
    std::uint64_t count{0};  ///< 1..kMaxBatchLeaves
    Digest root;
    friend bool operator==(const BatchHead&, const BatchHead&) = default;
};
/// ["probatum batch", 1, count, root]
[[nodiscard]] Bytes encode(const BatchHead& head);

/// What goes with one document. Together with the bundle of the deposit it proves the document.
struct BatchProof {
    BatchHead head;
    std::uint64_t index{0};
    BatchLeaf leaf;
    std::vector<Digest> path;
};
/// ["probatum batch proof", 1, count, root, index, leaf, [* digest]]
[[nodiscard]] Bytes encode(const BatchProof& proof);
/// unusable_input where it is none at all; malformed, not_deterministic, too_large.
[[nodiscard]] Result<BatchProof> decode_batch_proof(ByteView bytes);
/// invalid_proof unless the path leads from the leaf to the root.
[[nodiscard]] Result<void> verify_batch_proof(const BatchProof& proof);

/// The tree over a batch. Leaves ascend by SHA-256 and are distinct, so one set of documents has one root whatever the
/// order in which they were found. 64 bytes for each leaf.
class BatchTree {
public:
    /// Sorts, and drops what stands there twice. too_large above kMaxBatchLeaves; malformed where there is none, or
    /// where one SHA-256 comes with two other digests or sizes.
    [[nodiscard]] static Result<BatchTree> make(std::vector<BatchLeaf> leaves);

    [[nodiscard]] BatchHead head() const { return {leaves_.size(), levels_.back().front()}; }
    [[nodiscard]] const std::vector<BatchLeaf>& leaves() const { return leaves_; }
    /// Precondition: index < leaves().size().
    [[nodiscard]] BatchProof prove(std::uint64_t index) const;

private:
    BatchTree() = default;
    std::vector<BatchLeaf> leaves_;
    std::vector<std::vector<Digest>> levels_;  ///< From the leaf hashes up to the root.
};

}  // namespace probatum::evidence
