#include "ledger/state_tree.h"

#include <algorithm>

#include "base/check.h"
#include "ledger/state_node.h"
#include "ledger/state_update.h"

namespace probatum::ledger {

using state::as_inner;
using state::as_leaf;
using state::side_of;

struct StateTree::Version {
    state::Subtree top;
    std::uint64_t size{0};
};

namespace {
const Digest kEmptyRoot{};
}

Digest StateTree::root() const { return version_ ? version_->top.hash : kEmptyRoot; }

std::uint64_t StateTree::size() const { return version_ ? version_->size : 0; }

std::optional<Digest> StateTree::find(const Digest& key) const {
    const state::Node* node = version_ ? version_->top.node.get() : nullptr;
    for (std::size_t depth = 0; node != nullptr && !node->is_leaf; ++depth) {
        node = as_inner(*node).child[side_of(key, depth)].get();
    }
    if (node == nullptr || as_leaf(*node).key != key) {
        return std::nullopt;
    }
    return as_leaf(*node).value_digest;
}

StateTree StateTree::apply(std::span<const StateChange> sorted_changes) const {
    const auto not_ascending = [](const StateChange& a, const StateChange& b) { return a.key >= b.key; };
    PROBATUM_CHECK(std::ranges::adjacent_find(sorted_changes, not_ascending) == sorted_changes.end(),
                   "changes are sorted and distinct");
    state::StateUpdate update;
    state::Subtree top = update.run(version_ ? version_->top : state::Subtree{}, sorted_changes);
    StateTree out;
    if (top.node) {
        const std::uint64_t size_after = size() + static_cast<std::uint64_t>(update.growth());
        out.version_ = std::make_shared<const Version>(Version{std::move(top), size_after});
    }
    return out;
}

StateProof StateTree::prove(const Digest& key) const {
    StateProof out;
    const state::Node* node = version_ ? version_->top.node.get() : nullptr;
    for (std::size_t depth = 0; node != nullptr && !node->is_leaf; ++depth) {
        const state::Inner& inner = as_inner(*node);
        const std::size_t side = side_of(key, depth);
        out.siblings.push_back(inner.hash[1 - side]);
        node = inner.child[side].get();
    }
    if (node != nullptr) {
        out.leaf = StateProof::Leaf{as_leaf(*node).key, as_leaf(*node).value_digest};
    }
    return out;
}

}  // namespace probatum::ledger
