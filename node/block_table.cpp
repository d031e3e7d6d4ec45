#include "node/block_table.h"

#include <algorithm>

namespace probatum::node {

consensus::BlockRef ref_of(const ledger::Header& header, const Digest& id, View parent_view, bool has_content) {
    return {id,          header.epoch,    header.height, header.view, header.parent,
            parent_view, header.proposer, has_content,   false};
}

consensus::BlockRef ref_of(const ledger::Block& block) {
    // What opens an epoch carries a finality, whose view belongs to the epoch before.
    const auto& certificate = block.parent_certificate;
    const bool within = certificate && certificate->target.kind == ledger::VoteKind::notarize;
    const View parent_view = within ? certificate->target.view : View{};
    return ref_of(block.header, block.id, parent_view, !block.transactions.empty() || !block.succession.empty());
}

BlockTable::Held& BlockTable::put(ledger::BlockPtr block) {
    const Digest id = block->id;
    const auto [slot, fresh] = held_.try_emplace(id);
    if (fresh) {
        slot->second.ref = ref_of(*block);
        slot->second.block = std::move(block);
    }
    return slot->second;
}

BlockTable::Held* BlockTable::find(const Digest& id) {
    const auto found = held_.find(id);
    return found == held_.end() ? nullptr : &found->second;
}

std::optional<std::vector<BlockTable::Held*>> BlockTable::chain(const Digest& id, Height height) {
    std::vector<Held*> out;
    for (Held* at = find(id);; at = find(at->ref.parent)) {
        if (at == nullptr) {
            return std::nullopt;
        }
        if (at->ref.height <= height) {
            break;
        }
        out.push_back(at);
        if (at->ref.height == height.next()) {
            break;
        }
    }
    std::ranges::reverse(out);
    return out;
}

std::size_t BlockTable::transactions_above(const Digest& id, Height committed) {
    std::size_t out = 0;
    for (const Held* at = find(id); at != nullptr && at->ref.height > committed; at = find(at->ref.parent)) {
        out += at->block->transactions.size();
    }
    return out;
}

std::uint64_t BlockTable::lowest_segment(Height height, std::uint64_t otherwise) const {
    std::uint64_t out = otherwise;
    for (const auto& [id, held] : held_) {
        if (held.ref.height > height && held.position.segment != 0) {
            out = std::min(out, held.position.segment);
        }
    }
    return out;
}

std::size_t BlockTable::count_in(View view) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(held_, [&](const auto& item) { return item.second.ref.view == view; }));
}

void BlockTable::prune(Height height, View view) {
    std::erase_if(held_, [&](const auto& item) {
        const Held& held = item.second;
        return held.ref.height <= height || (!held.needed && held.position.segment == 0 && held.ref.view < view);
    });
}

}  // namespace probatum::node
