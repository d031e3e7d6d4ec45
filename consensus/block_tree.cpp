#include "consensus/block_tree.h"

namespace probatum::consensus {

BlockTree::Entry* BlockTree::find(const Digest& id) {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

const BlockTree::Entry* BlockTree::find(const Digest& id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

const BlockRef* BlockTree::executed(const Digest& id) const {
    if (id == final_.id) {
        return &final_;
    }
    const Entry* entry = find(id);
    return entry != nullptr && entry->execution == Execution::valid ? &entry->ref : nullptr;
}

bool BlockTree::fits_parent(const BlockRef& block) const {
    const BlockRef* parent = executed(block.parent);
    return parent != nullptr && !parent->closing && block.height == parent->height.next() &&
           block.parent_view == parent->view;
}

BlockTree::Trace BlockTree::trace(const Digest& from, std::set<Digest>& visited) const {
    for (Digest id = from; id != final_.id && !visited.contains(id);) {
        const Entry* entry = find(id);
        if (entry == nullptr) {
            return {Reach::missing, id};
        }
        visited.insert(id);
        const BlockRef& block = entry->ref;
        const bool beside =
            block.height <= final_.height || (block.height == final_.height.next() && block.parent != final_.id);
        if (beside || entry->execution == Execution::invalid) {
            return {Reach::conflict, id};
        }
        id = block.parent;
    }
    return {Reach::final, final_.id};
}

void BlockTree::move_final(const BlockRef& block) {
    final_ = block;
    std::set<Digest> dead;
    const auto is_dead = [&](const auto& item) {
        const BlockRef& ref = item.second.ref;
        const bool beside = ref.height <= final_.height || dead.contains(ref.parent) ||
                            (ref.height == final_.height.next() && ref.parent != final_.id);
        if (beside) {
            dead.insert(ref.id);
        }
        return beside;
    };
    // Taking one block away can orphan another that was looked at before: repeat until calm.
    while (std::erase_if(entries_, is_dead) != 0) {
    }
}

void BlockTree::forget_unused(const std::set<Digest>& used, View older_than) {
    std::erase_if(entries_,
                  [&](const auto& item) { return item.second.ref.view < older_than && !used.contains(item.first); });
}

}  // namespace probatum::consensus
