#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ledger/pair_hash.h"
#include "ledger/state_node.h"
#include "ledger/state_tree.h"

namespace probatum::ledger::state {

/// A subtree of some depth: none, a leaf, or an inner node, with its hash.
struct Subtree {
    NodeRef node{};
    Digest hash{};
};

/// One batch of changes on its way into a tree; internal to StateTree. First the new nodes are made, from the top down
/// and back, then they are hashed level by level, many at a time, each once.
class StateUpdate {
public:
    /// The subtree after the changes, which are sorted, distinct and agree with the path to it.
    [[nodiscard]] Subtree run(const Subtree& before, std::span<const StateChange> changes);
    /// Leaves added less leaves taken away.
    [[nodiscard]] std::int64_t growth() const { return growth_; }

private:
    using Changes = std::span<const StateChange>;
    static constexpr std::size_t kLeafLevel = 0;  ///< An inner node at depth d has level d + 1.

    /// Where in `levels_` a new node waits for its hash.
    struct Ticket {
        std::size_t level;
        std::size_t index;
    };
    /// A subtree whose hash is known, or will be once its new node is hashed.
    struct Draft {
        NodeRef node{};
        Digest hash{};
        std::optional<Ticket> ticket{};
    };

    Draft update(const NodeRef& node, const Digest& hash, Changes changes, std::size_t depth);
    Draft update_leaf(const NodeRef& leaf, const Digest& hash, Changes changes, std::size_t depth);
    Draft build(Changes changes, Draft older, std::size_t depth);
    Draft join(Draft left, Draft right, std::size_t depth);
    Draft make_leaf(const StateChange& change);
    Draft take_new(const Node* node, PairJob job, std::size_t level);
    void place(Draft draft, NodeRef& child, Digest& hash);
    void hash_new_nodes();

    std::vector<std::vector<PairJob>> levels_;
    std::int64_t growth_{0};
};

}  // namespace probatum::ledger::state
