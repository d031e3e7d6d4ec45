#include "evidence/batch.h"

#include <algorithm>
#include <utility>

#include "base/cbor.h"
#include "base/check.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

constexpr std::string_view kHeadMagic = "probatum batch";
constexpr std::string_view kProofMagic = "probatum batch proof";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMaxPath = 20;  // A million leaves.

bool is_proof(ByteView bytes) {
    cbor::Reader in{bytes};
    const std::uint64_t count = in.array();
    const std::string_view magic = in.text();
    return !in.failed() && count == 7 && magic == kProofMagic && in.uint() == kVersion;
}

/// Pairs hash to their parent; a node without a sibling stands for its parent, which is the tree of RFC 9162.
std::vector<Digest> level_above(const std::vector<Digest>& below) {
    std::vector<Digest> out;
    out.reserve((below.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
        out.push_back(ledger::log::node_hash(below[i], below[i + 1]));
    }
    if (below.size() % 2 == 1) {
        out.push_back(below.back());
    }
    return out;
}

}  // namespace

Bytes encode(const BatchLeaf& leaf) {
    cbor::Writer out{80};
    out.array(3).digest(leaf.sha256).digest(leaf.sm3).uint(leaf.size_bytes);
    return out.take();
}

Bytes encode(const BatchHead& head) {
    cbor::Writer out{64};
    out.array(4).text(kHeadMagic).uint(kVersion).uint(head.count).digest(head.root);
    return out.take();
}

Bytes encode(const BatchProof& proof) {
    cbor::Writer out{192 + proof.path.size() * 34};
    out.array(7).text(kProofMagic).uint(kVersion).uint(proof.head.count).digest(proof.head.root).uint(proof.index);
    out.raw(encode(proof.leaf)).array(proof.path.size());
    for (const Digest& sibling : proof.path) {
        out.digest(sibling);
    }
    return out.take();
}

Result<BatchProof> decode_batch_proof(ByteView bytes) {
    if (bytes.size() > kMaxBatchProofBytes) {
        return fail(Errc::too_large, "batch_proof");
    }
    if (!is_proof(bytes)) {
        return fail(Errc::unusable_input, "batch_proof", "not a batch proof of version 1");
    }
    cbor::Reader in{bytes};
    BatchProof out;
    in.array_of(7);
    in.text();
    in.uint();
    out.head.count = in.field("batch_proof.count").uint_at_most(kMaxBatchLeaves);
    out.head.root = in.field("batch_proof.root").digest();
    out.index = in.field("batch_proof.index").uint();
    in.field("batch_proof.leaf").array_of(3);
    out.leaf.sha256 = in.digest();
    out.leaf.sm3 = in.digest();
    out.leaf.size_bytes = in.uint();
    in.leave();
    const std::uint64_t count = in.field("batch_proof.path").array();
    if (count > kMaxPath) {
        in.refuse(Errc::too_large, "a path of at most 20");
    }
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        out.path.push_back(in.digest());
    }
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    return out;
}

Result<void> verify_batch_proof(const BatchProof& proof) {
    return ledger::log::verify_inclusion(ledger::log::leaf_hash(encode(proof.leaf)), proof.index, proof.head.count,
                                         proof.path, proof.head.root);
}

Result<BatchTree> BatchTree::make(std::vector<BatchLeaf> leaves) {
    std::ranges::sort(leaves);
    const auto twice = std::ranges::unique(leaves);
    leaves.erase(twice.begin(), twice.end());
    if (leaves.empty()) {
        return fail(Errc::malformed, "batch", "there is nothing in it");
    }
    if (leaves.size() > kMaxBatchLeaves) {
        return fail(Errc::too_large, "batch", "more than a million documents");
    }
    if (std::ranges::adjacent_find(leaves, {}, &BatchLeaf::sha256) != leaves.end()) {
        return fail(Errc::malformed, "batch", "one SHA-256 with two other digests or sizes");
    }
    BatchTree out;
    std::vector<Digest> level;
    level.reserve(leaves.size());
    for (const BatchLeaf& leaf : leaves) {
        level.push_back(ledger::log::leaf_hash(encode(leaf)));
    }
    out.leaves_ = std::move(leaves);
    out.levels_.push_back(std::move(level));
    while (out.levels_.back().size() > 1) {
        out.levels_.push_back(level_above(out.levels_.back()));
    }
    return out;
}

BatchProof BatchTree::prove(std::uint64_t index) const {
    PROBATUM_CHECK(index < leaves_.size(), "only what is in the batch is proven");
    BatchProof out{head(), index, leaves_[index], {}};
    for (const std::vector<Digest>& level : levels_) {
        const std::uint64_t sibling = index ^ 1U;
        if (sibling < level.size()) {
            out.path.push_back(level[sibling]);
        }
        index >>= 1U;
    }
    return out;
}

}  // namespace probatum::evidence
