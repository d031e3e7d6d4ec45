#include "consensus_script.h"

#include <algorithm>

/// The world that the story is told in: blocks, certificates, and what is possible with at most f liars.
namespace probatum::testing {

using namespace consensus;
using ledger::Certificate;
using ledger::ValidatorIndex;

namespace {

constexpr std::array<std::size_t, 6> kSizes{1, 2, 3, 4, 5, 7};

/// Made once per size: a fuzzer runs this a million times.
const ledger::ValidatorSet& set_for(ByteView bytes) {
    static const std::array<ledger::ValidatorSet, kSizes.size()> sets{validators(kSizes[0]), validators(kSizes[1]),
                                                                      validators(kSizes[2]), validators(kSizes[3]),
                                                                      validators(kSizes[4]), validators(kSizes[5])};
    return sets[bytes.empty() ? 3 : bytes[0] % kSizes.size()];
}

}  // namespace

ConsensusScript::ConsensusScript(ByteView bytes)
    : bytes_{bytes}, at_{1}, chain_id_{digest_of_text("genesis")}, set_{set_for(bytes)}, signers_{set_, chain_id_} {
    const std::uint64_t own = below(set_.size() + 1);
    if (own < set_.size()) {
        own_ = static_cast<ValidatorIndex>(own);
        signer_.emplace(signers_, *own_);
    }
    make_blocks();
}

void ConsensusScript::make_blocks() {
    // Two blocks for each view, on random earlier ones; some claim what does not fit.
    for (std::size_t i = 0; i < kBlocks; ++i) {
        const std::size_t choice = below(i + 3);
        BlockRef block;
        block.id = digest_of_text("block " + std::to_string(i));
        block.view = View{i / 2 + 1};
        const BlockRef* parent = choice < i && blocks_[choice].view < block.view ? &blocks_[choice] : nullptr;
        block.parent = parent != nullptr ? parent->id : chain_id_;
        block.parent_view = parent != nullptr ? parent->view : View{0};
        block.height = parent != nullptr ? parent->height.next() : Height{1};
        const std::uint8_t flaw = byte();
        block.has_content = flaw % 3 != 0;
        block.proposer = leader_of(Epoch{0}, block.view, set_.size());
        block.closing = flaw % 8 == 1;
        if (flaw == 255) {
            block.height = Height{5};
        }
        if (flaw == 254) {
            block.proposer = 0;
        }
        blocks_.push_back(block);
    }
}

const BlockRef* ConsensusScript::find(const Digest& id) const {
    const auto found = std::ranges::find(blocks_, id, &BlockRef::id);
    return found == blocks_.end() ? nullptr : &*found;
}

ledger::VoteTarget ConsensusScript::some_target() {
    const auto kind = static_cast<VoteKind>(1 + below(3));
    const BlockRef& block = some_block();
    // A closing block is proposed again in later views.
    const View view{block.view.raw() + (block.closing ? below(4) : 0)};
    return {kind, Epoch{0}, view, kind == VoteKind::nullify ? Digest{} : block.id};
}

bool ConsensusScript::world_repeats(const BlockRef& block, View again) {
    if (const auto known = notarized_.find(again); known != notarized_.end()) {
        return known->second == block.id;
    }
    if (!block.closing || !world_notarizes(block)) {
        return false;
    }
    View last = block.view;
    for (View view = block.view.next(); view < again; view = view.next()) {
        if (const auto known = notarized_.find(view); known != notarized_.end() && known->second == block.id) {
            last = view;
        }
    }
    for (View view = last.next(); view < again; view = view.next()) {
        if (finalized_.contains(view)) {
            return false;
        }
    }
    for (View view = last.next(); view < again; view = view.next()) {
        nullified_.insert(view);
    }
    notarized_[again] = block.id;
    return true;
}

bool ConsensusScript::world_notarizes(const BlockRef& block) {
    if (const auto known = notarized_.find(block.view); known != notarized_.end()) {
        return known->second == block.id;
    }
    const BlockRef* parent = find(block.parent);
    if (parent != nullptr && parent->closing) {
        return false;
    }
    if (block.height != (parent != nullptr ? parent->height.next() : Height{1})) {
        return false;
    }
    for (View view = block.parent_view.next(); view < block.view; view = view.next()) {
        if (finalized_.contains(view)) {
            return false;
        }
    }
    if (parent != nullptr && !world_notarizes(*parent)) {
        return false;
    }
    for (View view = block.parent_view.next(); view < block.view; view = view.next()) {
        nullified_.insert(view);
    }
    notarized_[block.view] = block.id;
    return true;
}

bool ConsensusScript::world_allows(const ledger::VoteTarget& target) {
    if (target.kind == VoteKind::nullify) {
        if (!finalized_.contains(target.view)) {
            nullified_.insert(target.view);
        }
        return nullified_.contains(target.view);
    }
    const BlockRef* block = find(target.block);
    if (block == nullptr ||
        !(block->view == target.view ? world_notarizes(*block) : world_repeats(*block, target.view))) {
        return false;
    }
    if (target.kind == VoteKind::notarize) {
        return true;
    }
    if (!nullified_.contains(target.view)) {
        finalized_.insert(target.view);
    }
    return finalized_.contains(target.view);
}

Certificate ConsensusScript::quorum(const ledger::VoteTarget& target) {
    std::vector<ValidatorIndex> members;
    const auto first = static_cast<ValidatorIndex>(below(set_.max_faulty() + 1));
    for (ValidatorIndex i = 0; i < set_.quorum(); ++i) {
        members.push_back(first + i);
    }
    return signers_.certificate(target, members);
}

std::optional<Certificate> ConsensusScript::parent_certificate(const BlockRef& block) {
    const BlockRef* parent = find(block.parent);
    if (parent == nullptr || !world_notarizes(*parent)) {
        return std::nullopt;
    }
    return quorum({VoteKind::notarize, Epoch{0}, parent->view, parent->id});
}

}  // namespace probatum::testing
