#include "ledger/state_tree.h"

#include <algorithm>

#include "base/check.h"
#include "ledger/pair_hash.h"

namespace probatum::ledger {

struct StateTree::Node {
    Digest hash;
    std::uint64_t leaves;  ///< Under this node, itself included: one exactly for a leaf.
    [[nodiscard]] bool is_leaf() const { return leaves == 1; }
};

namespace {

using NodePtr = std::shared_ptr<const StateTree::Node>;
using Changes = std::span<const StateChange>;

struct Leaf : StateTree::Node {
    Digest key;
    Digest value_digest;
};

struct Inner : StateTree::Node {
    NodePtr left;
    NodePtr right;
};

const Leaf& as_leaf(const StateTree::Node& node) { return static_cast<const Leaf&>(node); }
const Inner& as_inner(const StateTree::Node& node) { return static_cast<const Inner&>(node); }

Digest hash_of(const NodePtr& node) { return node ? node->hash : Digest{}; }
std::uint64_t leaves_of(const NodePtr& node) { return node ? node->leaves : 0; }

bool bit_at(const Digest& key, std::size_t depth) { return (key.bytes[depth / 8] >> (7 - depth % 8) & 1U) != 0; }

NodePtr make_leaf(const StateChange& change) {
    const Digest& value = *change.value_digest;
    return std::make_shared<const Leaf>(Leaf{{pair_hash(kLeafPrefix, change.key, value), 1}, change.key, value});
}

/// An inner node, or what stands in its place: nothing over nothing, and a lone leaf rises.
NodePtr join(NodePtr left, NodePtr right) {
    if (!left && !right) {
        return nullptr;
    }
    if (!right && left->is_leaf()) {
        return left;
    }
    if (!left && right->is_leaf()) {
        return right;
    }
    const Digest hash = pair_hash(kInnerPrefix, hash_of(left), hash_of(right));
    const std::uint64_t leaves = leaves_of(left) + leaves_of(right);
    return std::make_shared<const Inner>(Inner{{hash, leaves}, std::move(left), std::move(right)});
}

struct Halves {
    Changes left;
    Changes right;
};

Halves split(Changes changes, std::size_t depth) {
    const auto middle =
        std::ranges::partition_point(changes, [depth](const StateChange& c) { return !bit_at(c.key, depth); });
    const auto count = static_cast<std::size_t>(middle - changes.begin());
    return {changes.first(count), changes.subspan(count)};
}

/// The subtree of the written values alone, and of one older leaf if there is one that no change names.
NodePtr build(Changes changes, const NodePtr& older, std::size_t depth) {
    if (changes.empty()) {
        return older;
    }
    if (changes.size() == 1 && !older) {
        return changes.front().value_digest ? make_leaf(changes.front()) : nullptr;
    }
    if (changes.size() == 1 && !changes.front().value_digest) {
        return older;
    }
    const Halves halves = split(changes, depth);
    const bool older_is_right = older && bit_at(as_leaf(*older).key, depth);
    return join(build(halves.left, older_is_right ? nullptr : older, depth + 1),
                build(halves.right, older_is_right ? older : nullptr, depth + 1));
}

NodePtr update_leaf(const NodePtr& leaf, Changes changes, std::size_t depth) {
    const Digest& key = as_leaf(*leaf).key;
    const auto same = std::ranges::lower_bound(changes, key, {}, &StateChange::key);
    const bool named = same != changes.end() && same->key == key;
    if (named && same->value_digest == as_leaf(*leaf).value_digest && changes.size() == 1) {
        return leaf;
    }
    return build(changes, named ? nullptr : leaf, depth);
}

NodePtr update(const NodePtr& node, Changes changes, std::size_t depth) {
    if (changes.empty()) {
        return node;
    }
    if (!node) {
        return build(changes, nullptr, depth);
    }
    if (node->is_leaf()) {
        return update_leaf(node, changes, depth);
    }
    const Inner& inner = as_inner(*node);
    const Halves halves = split(changes, depth);
    NodePtr left = update(inner.left, halves.left, depth + 1);
    NodePtr right = update(inner.right, halves.right, depth + 1);
    if (left == inner.left && right == inner.right) {
        return node;
    }
    return join(std::move(left), std::move(right));
}

}  // namespace

Digest StateTree::root() const { return hash_of(root_); }

std::uint64_t StateTree::size() const { return leaves_of(root_); }

std::optional<Digest> StateTree::find(const Digest& key) const {
    const Node* node = root_.get();
    for (std::size_t depth = 0; node && !node->is_leaf(); ++depth) {
        const Inner& inner = as_inner(*node);
        node = bit_at(key, depth) ? inner.right.get() : inner.left.get();
    }
    if (!node || as_leaf(*node).key != key) {
        return std::nullopt;
    }
    return as_leaf(*node).value_digest;
}

StateTree StateTree::apply(std::span<const StateChange> sorted_changes) const {
    const auto not_ascending = [](const StateChange& a, const StateChange& b) { return a.key >= b.key; };
    PROBATUM_CHECK(std::ranges::adjacent_find(sorted_changes, not_ascending) == sorted_changes.end(),
                   "changes are sorted and distinct");
    StateTree out;
    out.root_ = update(root_, sorted_changes, 0);
    return out;
}

StateProof StateTree::prove(const Digest& key) const {
    StateProof out;
    const Node* node = root_.get();
    for (std::size_t depth = 0; node && !node->is_leaf(); ++depth) {
        const Inner& inner = as_inner(*node);
        const bool right = bit_at(key, depth);
        out.siblings.push_back(hash_of(right ? inner.left : inner.right));
        node = right ? inner.right.get() : inner.left.get();
    }
    if (node) {
        out.leaf = StateProof::Leaf{as_leaf(*node).key, as_leaf(*node).value_digest};
    }
    return out;
}

}  // namespace probatum::ledger
