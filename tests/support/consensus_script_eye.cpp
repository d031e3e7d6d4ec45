#include <algorithm>

#include "consensus/limits.h"
#include "consensus_script.h"

/// What the machine does, and whether it may.
namespace probatum::testing {

using namespace consensus;
using ledger::Certificate;

bool ConsensusScript::proven(const ledger::VoteTarget& target) const {
    return std::ranges::any_of(certificates_, [&](const Certificate& kept) { return kept.target == target; });
}

void ConsensusScript::watch(const PersistVote& effect) {
    const ledger::VoteTarget& target = effect.vote.target;
    if (final_ && final_->block.closing) {
        blame("voted after the epoch's end");
    }
    if (!own_ || effect.vote.signer != *own_) {
        return blame("voted in another's name");
    }
    for (const ledger::Vote& other : votes_) {
        if (other.target.view != target.view) {
            continue;
        }
        if (other.target.kind == target.kind) {
            blame("voted twice in one view");
        }
        if (other.target.kind == VoteKind::nullify) {
            blame("voted after nullify");
        }
        if (other.target.kind == VoteKind::finalize) {
            blame("voted after finalize");
        }
    }
    if (target.kind == VoteKind::notarize) {
        watch_notarize(target);
    }
    if (target.kind == VoteKind::finalize) {
        if (!proven({VoteKind::notarize, Epoch{0}, target.view, target.block})) {
            blame("finalize without a notarization on disk");
        }
        if (!executed_.contains(target.block)) {
            blame("finalize for a block not executed here");
        }
    }
    votes_.push_back(effect.vote);
}

void ConsensusScript::watch_notarize(const ledger::VoteTarget& target) {
    const BlockRef* block = find(target.block);
    const bool again = block != nullptr && block->closing && block->view < target.view;
    if (block == nullptr || (block->view != target.view && !again) || target.view != view_) {
        return blame("notarized out of its view");
    }
    if (!executed_.contains(block->id)) {
        blame("notarized a block not executed here");
    }
    if (again) {
        return watch_repeat(*block, target.view);
    }
    if (const BlockRef* parent = find(block->parent); parent != nullptr && parent->closing) {
        blame("notarized a child of a closing block");
    }
    if (block->proposer != leader_of(Epoch{0}, block->view, set_.size())) {
        blame("notarized a block of another than the leader");
    }
    const ledger::VoteTarget parent{VoteKind::notarize, Epoch{0}, block->parent_view, block->parent};
    ledger::VoteTarget final_parent = parent;
    final_parent.kind = VoteKind::finalize;
    if (block->parent != chain_id_ && !proven(parent) && !proven(final_parent)) {
        blame("notarized on an unproven parent");
    }
    for (View view = block->parent_view.next(); view < block->view; view = view.next()) {
        if (!proven({VoteKind::nullify, Epoch{0}, view, {}})) {
            blame("notarized over a view that is not nullified");
        }
    }
}

void ConsensusScript::watch_repeat(const BlockRef& block, View again) {
    for (View view{again.raw() - 1}; view >= block.view; view = View{view.raw() - 1}) {
        if (proven({VoteKind::notarize, Epoch{0}, view, block.id}) ||
            proven({VoteKind::finalize, Epoch{0}, view, block.id})) {
            return;
        }
        if (!proven({VoteKind::nullify, Epoch{0}, view, {}})) {
            return blame("notarized again over a view that is not nullified");
        }
    }
    blame("notarized again what was not notarized");
}

void ConsensusScript::watch(const PersistCertificate& effect) {
    if (!ledger::verify_certificate(effect.certificate, set_, chain_id_, checker_)) {
        blame("kept a certificate that does not hold");
    }
    certificates_.push_back(effect.certificate);
}

void ConsensusScript::watch(const BroadcastProposal& effect) {
    if (std::ranges::count(votes_, effect.leader_vote) != 1) {
        blame("a proposal left before its vote was on disk");
    }
}

void ConsensusScript::watch(const BroadcastVote& effect) {
    if (std::ranges::count(votes_, effect.vote) != 1) {
        blame("a vote left before it was on disk");
    }
}

void ConsensusScript::watch(const BroadcastCertificate& effect) {
    if (std::ranges::count(certificates_, effect.certificate) == 0) {
        blame("a certificate left before it was on disk");
    }
}

void ConsensusScript::watch(const BuildBlock& effect) {
    const Digest& final_id = final_ ? final_->block.id : chain_id_;
    if (effect.parent != final_id && !executed_.contains(effect.parent)) {
        blame("builds on a block not executed here");
    }
    build_ = effect;
}

void ConsensusScript::watch(const CheckBlock& effect) {
    const BlockRef* block = find(effect.id);
    const Digest& final_id = final_ ? final_->block.id : chain_id_;
    if (block == nullptr || (block->parent != final_id && !executed_.contains(block->parent))) {
        blame("check before the parent");
    }
    asked_to_check_.insert(effect.id);
}

void ConsensusScript::watch(const FetchBlock& effect) { fetched_.insert(effect.id); }
void ConsensusScript::watch(const SetTimer& effect) { timers_[effect.kind] = effect.timer; }
void ConsensusScript::watch(const CancelTimer& effect) { timers_.erase(effect.kind); }

void ConsensusScript::watch(const Finalized& effect) {
    if (!proven(effect.certificate.target) || effect.certificate.target.kind != VoteKind::finalize) {
        blame("final without proof on disk");
    }
    if (effect.certificate.target.block != effect.block.id) {
        blame("final by another block's certificate");
    }
    if (final_ && effect.block.height <= final_->block.height) {
        blame("final below what was final");
    }
    const Digest stop = final_ ? final_->block.id : chain_id_;
    for (const BlockRef* block = &effect.block; block->parent != stop; block = find(block->parent)) {
        if (find(block->parent) == nullptr || !executed_.contains(block->parent)) {
            return blame("final beside what was final");
        }
    }
    if (!executed_.contains(effect.block.id)) {
        blame("final before it was executed");
    }
    final_ = {effect.block, effect.certificate};
}

void ConsensusScript::watch(const Alarm&) { alarmed_ = true; }

void ConsensusScript::watch(const Equivocation& effect) {
    for (const ledger::Vote& vote : {effect.first, effect.second}) {
        if (!ledger::verify_vote(vote, set_, chain_id_, checker_)) {
            blame("an accusation without proof");
        }
    }
    const bool twice =
        effect.first.target.kind == effect.second.target.kind && effect.first.target != effect.second.target;
    const bool excluded = std::max(effect.first.target.kind, effect.second.target.kind) == VoteKind::finalize &&
                          std::min(effect.first.target.kind, effect.second.target.kind) == VoteKind::nullify;
    if (effect.first.signer != effect.second.signer || !(twice || excluded)) {
        blame("an accusation of no contradiction");
    }
    if (own_ == effect.first.signer) {
        blame("accused itself");
    }
}

void ConsensusScript::watch(const Blame& effect) {
    if (!culprits_.contains(effect.peer)) {
        blame("blamed one who did nothing");
    }
}

void ConsensusScript::watch(const ViewEntered& effect) {
    if (effect.view < view_) {
        blame("went back to an earlier view");
    }
    view_ = effect.view;
}

void ConsensusScript::watch_memory() {
    const Status status = core_->status();
    const std::size_t members = set_.size();
    if (status.pooled_votes > members + 3 * members * (kVoteViewsBehind + kVoteViewsAhead + 1)) {
        blame("keeps too many votes");
    }
    if (status.known_blocks > blocks_.size()) {
        blame("keeps too many blocks");
    }
    if (status.held_certificates > certificates_.size()) {
        blame("keeps more certificates than were proven");
    }
}

}  // namespace probatum::testing
