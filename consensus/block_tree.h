#pragma once

#include <map>
#include <optional>
#include <set>

#include "consensus/events.h"

namespace probatum::consensus {

/// The blocks above the last final one that this node holds, and what executing them said.
class BlockTree {
public:
    enum class Execution : std::uint8_t { unchecked, asked, valid, invalid };
    struct Entry {
        BlockRef ref;
        Execution execution{Execution::unchecked};
        bool timely{false};
    };

    explicit BlockTree(BlockRef final_block) : final_{final_block} {}

    [[nodiscard]] const BlockRef& final_block() const { return final_; }
    /// Keeps the first that is told under an id.
    Entry& add(const BlockRef& block) { return entries_.try_emplace(block.id, Entry{block}).first->second; }
    [[nodiscard]] Entry* find(const Digest& id);
    [[nodiscard]] const Entry* find(const Digest& id) const;
    /// The block if it, and so every ancestor, was executed and found valid here; the last final one included.
    [[nodiscard]] const BlockRef* executed(const Digest& id) const;
    /// Whether the block's height and its parent's view agree with its executed parent, and the parent may have
    /// children in this epoch. Precondition: executed(parent).
    [[nodiscard]] bool fits_parent(const BlockRef& block) const;
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    /// Where the way down from a block ends.
    enum class Reach : std::uint8_t {
        final,     ///< At the last final block, or at a block already in `visited`.
        missing,   ///< At a block that is not here.
        conflict,  ///< At a block that is invalid, or that stands beside the final chain.
    };
    struct Trace {
        Reach reach{Reach::final};
        Digest at;
    };
    [[nodiscard]] Trace trace(const Digest& from, std::set<Digest>& visited) const;

    /// Forgets what is not above `block` any more.
    void move_final(const BlockRef& block);
    /// Forgets old proposals that no certificate rests on; should one be named after all, it is fetched.
    void forget_unused(const std::set<Digest>& used, View older_than);

private:
    BlockRef final_;
    std::map<Digest, Entry> entries_;
};

}  // namespace probatum::consensus
