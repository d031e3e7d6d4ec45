#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace probatum::ledger {

/// SHA-256 of the deterministic CBOR array [type, canonical id]. `type` is a short text of the contracts' registry.
[[nodiscard]] Digest state_key(std::string_view type, ByteView canonical_id);

/// One write of a block: the new digest of a value, or none where the key is removed.
struct StateChange {
    Digest key;
    std::optional<Digest> value_digest;
    friend bool operator==(const StateChange&, const StateChange&) = default;
};

/// A path through the tree from the root to where the key is or would be.
struct StateProof {
    /// The leaf that stands on the path: the key itself, another key (which proves absence), or none (an empty slot).
    struct Leaf {
        Digest key;
        Digest value_digest;
        friend bool operator==(const Leaf&, const Leaf&) = default;
    };
    std::optional<Leaf> leaf;
    std::vector<Digest> siblings;  ///< From the root downwards; the empty hash (zero) where the other side is empty.
    friend bool operator==(const StateProof&, const StateProof&) = default;
};

/// [leaf / null, [* sibling]]; at most 256 siblings.
[[nodiscard]] Bytes encode(const StateProof& proof);
[[nodiscard]] Result<StateProof> decode_state_proof(ByteView bytes);

/// The value digest that stands under `key` in the tree of `root`, or none where the proof shows absence; invalid_proof
/// where it shows neither. A proof in a form that no tree has (a lone leaf below an empty sibling) is refused.
[[nodiscard]] Result<std::optional<Digest>> verify_state_proof(const Digest& root, const Digest& key,
                                                               const StateProof& proof);

/// An authenticated map from 32-byte keys to value digests; a binary tree over the key's bits (most significant first)
/// in which a leaf stands as high as it is alone.
/// leaf = H(0x00, full key, value digest), inner = H(0x01, left, right), empty = 32 zero bytes; H is SHA-256.
///
/// A value: copying costs a pointer, apply() gives a new tree that shares what did not change, so pending blocks and
/// older versions live beside each other and vanish when the last user lets go.
/// Threads: any number may read one tree; nodes are immutable.
class StateTree {
public:
    StateTree() = default;
    [[nodiscard]] Digest root() const;
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] std::optional<Digest> find(const Digest& key) const;

    /// The tree after the changes, which are sorted by key and distinct (checked).
    [[nodiscard]] StateTree apply(std::span<const StateChange> sorted_changes) const;
    [[nodiscard]] StateProof prove(const Digest& key) const;

private:
    struct Version;
    std::shared_ptr<const Version> version_{};
};

/// SHA-256 of the deterministic CBOR array of sorted [key, value digest / null]: what one transaction changed.
[[nodiscard]] Digest change_digest(std::span<const StateChange> sorted_changes);

}  // namespace probatum::ledger
