#include "ledger/state_update.h"

#include <algorithm>

namespace probatum::ledger::state {

namespace {

struct Halves {
    std::span<const StateChange> left;
    std::span<const StateChange> right;
};

Halves split(std::span<const StateChange> changes, std::size_t depth) {
    const auto is_left = [depth](const StateChange& change) { return side_of(change.key, depth) == 0; };
    const auto middle = std::ranges::partition_point(changes, is_left);
    const auto count = static_cast<std::size_t>(middle - changes.begin());
    return {changes.first(count), changes.subspan(count)};
}

}  // namespace

void NodeRef::destroy(const Node* node) {
    // A tree is at most 256 deep, so the recursion through the children is.
    if (node->is_leaf) {
        delete static_cast<const Leaf*>(node);
    } else {
        __builtin_prefetch(as_inner(*node).child[0].get(), 1);
        __builtin_prefetch(as_inner(*node).child[1].get(), 1);
        delete static_cast<const Inner*>(node);
    }
}

Subtree StateUpdate::run(const Subtree& before, Changes changes) {
    Draft draft = update(before.node, before.hash, changes, 0);
    Subtree out;
    place(std::move(draft), out.node, out.hash);
    hash_new_nodes();
    return out;
}

StateUpdate::Draft StateUpdate::update(const NodeRef& node, const Digest& hash, Changes changes, std::size_t depth) {
    if (changes.empty()) {
        return {node, hash};
    }
    if (!node) {
        return build(changes, {}, depth);
    }
    if (node->is_leaf) {
        return update_leaf(node, hash, changes, depth);
    }
    const Inner& inner = as_inner(*node.get());
    // The side that stays is counted again when its new parent takes it: let its line come meanwhile.
    __builtin_prefetch(inner.child[0].get(), 1);
    __builtin_prefetch(inner.child[1].get(), 1);
    const Halves halves = split(changes, depth);
    Draft left = update(inner.child[0], inner.hash[0], halves.left, depth + 1);
    Draft right = update(inner.child[1], inner.hash[1], halves.right, depth + 1);
    if (left.node == inner.child[0] && right.node == inner.child[1]) {
        return {node, hash};
    }
    return join(std::move(left), std::move(right), depth);
}

StateUpdate::Draft StateUpdate::update_leaf(const NodeRef& leaf, const Digest& hash, Changes changes,
                                            std::size_t depth) {
    const Leaf& old = as_leaf(*leaf.get());
    const auto named = std::ranges::lower_bound(changes, old.key, {}, &StateChange::key);
    const bool replaced = named != changes.end() && named->key == old.key;
    if (replaced && changes.size() == 1 && named->value_digest == old.value_digest) {
        return {leaf, hash};
    }
    growth_ -= replaced ? 1 : 0;
    return build(changes, replaced ? Draft{} : Draft{leaf, hash}, depth);
}

/// The subtree of the written values alone, and of one older leaf if there is one that no change names.
StateUpdate::Draft StateUpdate::build(Changes changes, Draft older, std::size_t depth) {
    if (changes.empty() || (changes.size() == 1 && !changes.front().value_digest)) {
        return older;
    }
    if (changes.size() == 1 && !older.node) {
        return make_leaf(changes.front());
    }
    const Halves halves = split(changes, depth);
    const bool older_right = older.node && side_of(as_leaf(*older.node.get()).key, depth) == 1;
    Draft none;
    Draft left = build(halves.left, std::move(older_right ? none : older), depth + 1);
    Draft right = build(halves.right, std::move(older_right ? older : none), depth + 1);
    return join(std::move(left), std::move(right), depth);
}

/// An inner node, or what stands in its place: nothing over nothing, and a lone leaf rises.
StateUpdate::Draft StateUpdate::join(Draft left, Draft right, std::size_t depth) {
    if (!right.node && (!left.node || left.node->is_leaf)) {
        return left;
    }
    if (!left.node && right.node->is_leaf) {
        return right;
    }
    auto* const inner = new Inner;
    place(std::move(left), inner->child[0], inner->hash[0]);
    place(std::move(right), inner->child[1], inner->hash[1]);
    return take_new(inner, {&inner->hash[0], &inner->hash[1], nullptr}, depth + 1);
}

StateUpdate::Draft StateUpdate::make_leaf(const StateChange& change) {
    auto* const leaf = new Leaf{{0, true}, change.key, *change.value_digest};
    ++growth_;
    return take_new(leaf, {&leaf->key, &leaf->value_digest, nullptr}, kLeafLevel);
}

StateUpdate::Draft StateUpdate::take_new(const Node* node, PairJob job, std::size_t level) {
    if (level >= levels_.size()) {
        levels_.resize(level + 1);
    }
    levels_[level].push_back(job);
    return {NodeRef{node}, {}, Ticket{level, levels_[level].size() - 1}};
}

void StateUpdate::place(Draft draft, NodeRef& child, Digest& hash) {
    if (draft.ticket) {
        levels_[draft.ticket->level][draft.ticket->index].out = &hash;
    } else {
        hash = draft.hash;
    }
    child = std::move(draft.node);
}

void StateUpdate::hash_new_nodes() {
    if (levels_.empty()) {
        return;
    }
    pair_hash_all(kLeafPrefix, levels_[kLeafLevel]);
    for (std::size_t level = levels_.size() - 1; level > kLeafLevel; --level) {
        pair_hash_all(kInnerPrefix, levels_[level]);
    }
}

}  // namespace probatum::ledger::state
