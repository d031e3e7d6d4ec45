#include <algorithm>
#include <utility>

#include "consensus/machine.h"

/// The rules of docs/spec/consensus.md, each applied to all that is known.
namespace probatum::consensus {

void Core::Machine::enter_views() {
    for (View closed = book_.highest_closed(); closed >= view_; closed = book_.highest_closed()) {
        learn_from_own_proposal();
        // Views jumped over are no reproach to anybody: their votes went past us.
        if (closed == view_) {
            silent_.entered_next_view();
            learn_from_view();
        }
        view_ = closed.next();
        now_ = {};
        proposals_.erase(proposals_.begin(), proposals_.lower_bound(view_));
        repeats_.erase(repeats_.begin(), repeats_.lower_bound(view_));
        std::erase_if(ahead_, [this](const auto& item) { return item.second <= view_; });
        timers_.restart(TimerKind::view);
        timers_.restart(TimerKind::empty_block);
        timers_.restart(TimerKind::pace);
        emit(ViewEntered{view_, leader(view_)});
        changed_ = true;
        move_vote_window();
    }
}

void Core::Machine::learn_from_own_proposal() {
    if (!leads() || !own_votes_.in(view_).notarize) {
        return;
    }
    if (book_.notarization(view_) != nullptr) {
        halvings_ = 0;
    } else if (book_.nullification(view_) != nullptr) {
        halvings_ = std::min(halvings_ + 1, kMaxHalvings);
    }
}

void Core::Machine::learn_from_view() {
    if (book_.nullification(view_) == nullptr) {
        pace_.notarized(!now_.slow && !now_.timed_out);
    } else if (now_.ran_out) {
        pace_.ran_out();
    }
}

void Core::Machine::follow_chains() {
    std::set<Digest> chain;
    std::map<Digest, std::vector<ValidatorIndex>> missing;
    const auto follow = [&](const Certificate& certificate) {
        const auto [reach, at] = blocks_.trace(certificate.target.block, chain);
        if (reach == BlockTree::Reach::missing) {
            missing.try_emplace(at, others(certificate));
        }
        if (reach == BlockTree::Reach::conflict && !alarmed_) {
            alarmed_ = true;
            emit(Alarm{at});
        }
    };
    const auto& finality = book_.finality();
    const BlockTree::Entry* target = finality ? blocks_.find(finality->target.block) : nullptr;
    if (target != nullptr && target->ref.height.raw() > blocks_.final_block().height.raw() + kWalkBlocks) {
        if (catching_up_ != target->ref.id) {
            emit(CatchUp{target->ref, *finality});
        }
        catching_up_ = target->ref.id;
    } else {
        catching_up_.reset();
        if (finality && finality->target.view > blocks_.final_block().view) {
            follow(*finality);
        }
        for (const auto& [view, certificates] : book_.views()) {
            if (certificates.notarization && view > std::max(book_.final_view(), blocks_.final_block().view)) {
                follow(*certificates.notarization);
            }
        }
    }
    if (alarmed_) {
        return;
    }
    for (const auto& [id, from] : missing) {
        if (!missing_.contains(id)) {
            emit(FetchBlock{id, from});
        }
    }
    missing_ = std::move(missing);
    execute(chain);
    blocks_.forget_unused(chain, below(view_, kVoteViewsBehind));
}

void Core::Machine::execute(const std::set<Digest>& chain) {
    const auto consider = [this](const Digest& id, bool check_time) {
        BlockTree::Entry* entry = blocks_.find(id);
        if (entry == nullptr || entry->execution != BlockTree::Execution::unchecked) {
            return;
        }
        if (blocks_.executed(entry->ref.parent) == nullptr) {
            return;
        }
        const bool fits = blocks_.fits_parent(entry->ref);
        entry->execution = fits ? BlockTree::Execution::asked : BlockTree::Execution::invalid;
        if (fits) {
            emit(CheckBlock{id, check_time});
        } else {
            changed_ = true;
        }
    };
    for (const Digest& id : chain) {
        consider(id, false);
    }
    for (const auto& [view, proposal] : proposals_) {
        consider(proposal.block.id, votes_here());
    }
}

void Core::Machine::deliver_final() {
    const auto& finality = book_.finality();
    if (!finality || finality->target.view <= blocks_.final_block().view) {
        return;
    }
    const BlockRef* executed = blocks_.executed(finality->target.block);
    if (executed == nullptr || executed->id == blocks_.final_block().id) {
        return;
    }
    const BlockRef block = *executed;
    blocks_.move_final(block);
    emit(Finalized{block, *finality});
    changed_ = true;
}

void Core::Machine::cast_finalize() {
    if (!votes_here()) {
        return;
    }
    std::vector<VoteTarget> targets;
    for (const auto& [view, certificates] : book_.views()) {
        if (!certificates.notarization || !own_votes_.may_finalize(view)) {
            continue;
        }
        const Digest& block = certificates.notarization->target.block;
        if (blocks_.executed(block) != nullptr) {
            targets.push_back({VoteKind::finalize, setup_.epoch, view, block});
        }
    }
    for (const VoteTarget& target : targets) {
        // An own finalize vote can complete a finality, which settles the earlier views.
        if (own_votes_.may_finalize(target.view)) {
            cast(target.kind, target.view, target.block);
        }
    }
}

void Core::Machine::cast_notarize() {
    const auto proposal = proposals_.find(view_);
    if (!votes_here() || proposal == proposals_.end() || now_.timed_out || !own_votes_.may_notarize(view_)) {
        return;
    }
    const BlockTree::Entry* entry = blocks_.find(proposal->second.block.id);
    if (entry == nullptr) {
        return;
    }
    if (entry->execution == BlockTree::Execution::invalid) {
        now_.timed_out = true;  // Nothing else can come from this leader: the next one need not wait.
        return;
    }
    if (entry->execution != BlockTree::Execution::valid || !entry->timely || !may_extend(entry->ref)) {
        return;
    }
    cast(VoteKind::notarize, view_, entry->ref.id);
}

void Core::Machine::cast_nullify() {
    if (!votes_here()) {
        return;
    }
    const bool proposed = proposals_.contains(view_) || repeats_.contains(view_);
    if (is_active() && silent_.is_silent(leader(view_)) && !proposed) {
        now_.timed_out = true;
    }
    if (now_.timed_out && own_votes_.may_nullify(view_)) {
        cast(VoteKind::nullify, view_, Digest{});
    }
}

void Core::Machine::cast(VoteKind kind, View view, const Digest& block) {
    const VoteTarget target{kind, setup_.epoch, view, block};
    const Vote vote{target, *setup_.own, signer_->sign(target, setup_.validators.at(*setup_.own))};
    own_votes_.record(vote);
    emit(PersistVote{vote});
    if (is_own_proposal(vote)) {
        emit(BroadcastProposal{block, vote});
    } else {
        emit(BroadcastVote{vote});
    }
    pool_.add_own(vote);
    count(std::nullopt, target);
    changed_ = true;
}

bool Core::Machine::is_own_proposal(const Vote& vote) const {
    const BlockTree::Entry* block = blocks_.find(vote.target.block);
    return vote.target.kind == VoteKind::notarize && leader(vote.target.view) == setup_.own && block != nullptr &&
           block->ref.view == vote.target.view;
}

bool Core::Machine::may_extend(const BlockRef& block) {
    if (block.parent_view < book_.final_view() || block.parent_view >= block.view || !blocks_.fits_parent(block)) {
        return false;
    }
    if (!stands_on_root(block) && !book_.is_notarized(block.parent_view, block.parent)) {
        return false;
    }
    const auto gaps = book_.not_nullified_between(block.parent_view, block.view, kAsksAtOnce);
    ask_for(gaps, block.proposer == setup_.own ? std::nullopt : std::optional{block.proposer});
    return gaps.empty();
}

std::optional<Core::Machine::Parent> Core::Machine::choose_parent() {
    const View final_view = book_.final_view();
    std::vector<View> gaps;
    View view = below(view_, 1);
    for (; view > final_view && gaps.size() < kAsksAtOnce && book_.notarization(view) == nullptr;
         view = below(view, 1)) {
        if (book_.nullification(view) == nullptr) {
            gaps.push_back(view);
        }
    }
    const Certificate* notarized = book_.notarization(view);
    // The block carries its parent's notarization; a finality certificate is no substitute.
    if (notarized == nullptr && view > View{0} && gaps.empty()) {
        gaps.push_back(view);
    }
    if (!gaps.empty()) {
        ask_for(gaps, std::nullopt);
        return std::nullopt;
    }
    const Digest& id = notarized != nullptr ? notarized->target.block : setup_.root.id;
    const BlockRef* block = blocks_.executed(id);
    if (block == nullptr) {
        return std::nullopt;
    }
    std::optional<Certificate> certificate;
    if (notarized != nullptr) {
        certificate = *notarized;
    } else if (setup_.root.closing) {
        certificate = setup_.root.closing->finality;
    }
    return Parent{id, view, block->height.next(), std::move(certificate), block->closing};
}

void Core::Machine::propose() {
    if (!leads() || !own_votes_.in(view_).empty() || now_.timed_out || proposals_.contains(view_)) {
        return;
    }
    const bool allow_empty = now_.empty_due && wants_empty_block();
    if (!has_work_ && !allow_empty) {
        return;
    }
    if (now_.asked_build && (*now_.asked_build || !allow_empty)) {
        return;
    }
    const auto parent = choose_parent();
    if (!parent || parent->closing) {
        return;  // On a closing block nothing is built: propose_repeat.
    }
    now_.asked_build = allow_empty;
    work_since_build_ = false;
    emit(BuildBlock{view_, parent->id, parent->view, parent->height, parent->certificate, allow_empty, halvings_});
}

}  // namespace probatum::consensus
