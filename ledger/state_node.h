#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/bytes.h"

/// The nodes of a StateTree; internal to it. A node is made, filled and hashed by one update, then never changes.
namespace probatum::ledger::state {

/// What every node begins with. `users` counts the references from parents and trees of any thread.
struct Node {
    mutable std::uint32_t users{0};
    bool is_leaf{false};
};

/// Shares a node. A leaf costs 80 bytes of memory and an inner node 96; std::shared_ptr would add a third.
class NodeRef {
public:
    NodeRef() = default;
    explicit NodeRef(const Node* node) : node_{node} { retain(); }
    NodeRef(const NodeRef& other) : node_{other.node_} { retain(); }
    NodeRef(NodeRef&& other) noexcept : node_{std::exchange(other.node_, nullptr)} {}
    NodeRef& operator=(NodeRef other) noexcept {
        std::swap(node_, other.node_);
        return *this;
    }
    ~NodeRef() {
        if (node_ != nullptr && std::atomic_ref{node_->users}.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            destroy(node_);
        }
    }

    [[nodiscard]] const Node* get() const { return node_; }
    [[nodiscard]] explicit operator bool() const { return node_ != nullptr; }
    [[nodiscard]] const Node* operator->() const { return node_; }
    friend bool operator==(const NodeRef&, const NodeRef&) = default;

private:
    void retain() const {
        if (node_ != nullptr) {
            std::atomic_ref{node_->users}.fetch_add(1, std::memory_order_relaxed);
        }
    }
    static void destroy(const Node* node);
    const Node* node_{nullptr};
};

struct Leaf : Node {
    Digest key;
    Digest value_digest;
};

/// Holds the hashes of its children, so that a proof or an update reads no node beside its path. The hash is zero where
/// the child is none.
struct Inner : Node {
    NodeRef child[2];
    Digest hash[2];
};

[[nodiscard]] inline const Leaf& as_leaf(const Node& node) { return static_cast<const Leaf&>(node); }
[[nodiscard]] inline const Inner& as_inner(const Node& node) { return static_cast<const Inner&>(node); }

/// The bit that decides at this depth: 0 left, 1 right. Most significant first.
[[nodiscard]] inline std::size_t side_of(const Digest& key, std::size_t depth) {
    return key.bytes[depth / 8] >> (7 - depth % 8) & 1U;
}

}  // namespace probatum::ledger::state
