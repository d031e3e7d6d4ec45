#include <algorithm>
#include <utility>

#include "consensus/machine.h"

/// What each event adds to what is known.
namespace probatum::consensus {

void Core::Machine::on(const ProposalArrived& event) {
    const BlockRef& block = event.block;
    if (block.epoch > setup_.epoch) {
        hear_later_epoch();
        return;
    }
    const VoteTarget expected{VoteKind::notarize, block.epoch, block.view, block.id};
    if (event.leader_vote.target != expected || !is_well_formed(expected)) {
        return;
    }
    if (block.proposer != leader(block.view) || event.leader_vote.signer != block.proposer ||
        !is_foreign(block.proposer)) {
        return;
    }
    const auto known = proposals_.find(block.view);
    if (known != proposals_.end() && known->second.block == block) {
        return;
    }
    const auto vote = ledger::verify_vote(event.leader_vote, setup_.validators, setup_.chain_id, checker_);
    if (!vote || !carries_parent(block, event.parent_certificate)) {
        blame(block.proposer);
        return;
    }

    enter_views();  // The parent's certificate may have carried us on to the very view of this proposal.
    hear(**vote);
    count(pool_.add_verified(*vote), expected);
    if (missing_.contains(block.id)) {
        blocks_.add(block);
    }
    if (block.view < view_) {
        if (repeats_itself(expected, block.proposer, last_stale_vote_)) {
            answer(block.view, block.proposer);
        }
    } else if (block.view.raw() - view_.raw() <= kVoteViewsAhead && !proposals_.contains(block.view)) {
        // One per view: a second one of the same leader is fetched if a quorum should name it after all.
        proposals_.emplace(block.view, Proposal{block, event.leader_vote});
        blocks_.add(block);
    }
}

bool Core::Machine::carries_parent(const BlockRef& block, const std::optional<Certificate>& certificate) {
    if (block.parent_view >= block.view) {
        return false;
    }
    if (stands_on_root(block)) {
        return proves_root(certificate);
    }
    if (!certificate) {
        return false;
    }
    const VoteTarget expected{VoteKind::notarize, block.epoch, block.parent_view, block.parent};
    // Checked even if another certificate of the parent is here: who voted goes on chain with this block.
    return certificate->target == expected && offer(*certificate);
}

void Core::Machine::on(const BlockArrived& event) {
    const BlockRef& block = event.block;
    if (!missing_.contains(block.id) || block.epoch != setup_.epoch || !is_countable(block.view)) {
        return;
    }
    blocks_.add(block);
    if (event.parent_certificate && !book_.is_settled(event.parent_certificate->target)) {
        offer(*event.parent_certificate);
    }
}

void Core::Machine::on(const BlockBuilt& event) {
    const BlockRef& block = event.block;
    if (!leads() || !now_.asked_build || block.view != view_ || block.epoch != setup_.epoch) {
        return;
    }
    if (block.proposer != *setup_.own || block.id.is_zero() || proposals_.contains(view_) || !may_extend(block)) {
        return;
    }
    BlockTree::Entry& entry = blocks_.add(block);
    entry.execution = BlockTree::Execution::valid;
    entry.ref.closing = block.closing;
    entry.timely = true;
    proposals_.emplace(view_, Proposal{block, {}});
}

void Core::Machine::on(const BuildDeclined& event) {
    if (event.view != view_) {
        return;
    }
    now_.asked_build.reset();
    // Work that came while the node was looking may have been missed by it: then ask again.
    has_work_ = work_since_build_;
}

void Core::Machine::on(const BlockExecuted& event) {
    BlockTree::Entry* entry = blocks_.find(event.id);
    if (entry == nullptr || entry->execution != BlockTree::Execution::asked) {
        return;
    }
    entry->ref.closing = event.closing;
    entry->execution = event.valid ? BlockTree::Execution::valid : BlockTree::Execution::invalid;
}

void Core::Machine::on(const BlockTimely& event) {
    if (BlockTree::Entry* entry = blocks_.find(event.id)) {
        entry->timely = true;
    }
}

void Core::Machine::on(const VoteArrived& event) {
    const Vote& vote = event.vote;
    if (vote.target.epoch > setup_.epoch) {
        hear_later_epoch();
        return;
    }
    if (!is_well_formed(vote.target) || !is_foreign(vote.signer)) {
        return;
    }
    if (event.from == vote.signer) {
        hear(vote);
        note_repeat(vote);
        count(pool_.add_direct(vote), vote.target);
    } else {
        take_relayed(vote, event.from);
        return;
    }
    if (vote.target.view < view_) {
        if (repeats_itself(vote.target, event.from, last_stale_vote_)) {
            answer(vote.target.view, event.from);
        }
    } else if (vote.target.view > view_.next() && now_.asked_ahead.insert(event.from).second) {
        emit(AskView{view_, event.from});
    }
}

/// Anybody can send junk in another's name, so it takes no place in the pool before it is proven.
void Core::Machine::take_relayed(const Vote& vote, ValidatorIndex from) {
    if (book_.is_settled(vote.target) || pool_.knows(vote)) {
        return;
    }
    // Whoever is no member shares one place.
    std::uint32_t& bad = now_.bad_relays[std::min(from, static_cast<ValidatorIndex>(setup_.validators.size()))];
    if (bad >= kBadRelays) {
        return;
    }
    const auto verified = ledger::verify_vote(vote, setup_.validators, setup_.chain_id, checker_);
    if (!verified) {
        ++bad;
        return;
    }
    hear(vote);
    count(pool_.add_verified(*verified), vote.target);
}

void Core::Machine::blame(ValidatorIndex peer) {
    if (is_foreign(peer) && blamed_.insert(peer).second) {
        emit(Blame{peer});
    }
}

void Core::Machine::on(const CertificateArrived& event) {
    const VoteTarget& target = event.certificate.target;
    if (target.epoch > setup_.epoch) {
        hear_later_epoch();
        return;
    }
    if (!is_well_formed(target)) {
        return;
    }
    if (!book_.is_settled(target)) {
        if (!offer(event.certificate)) {
            blame(event.from);
        }
        return;
    }
    // Each certificate is broadcast once; who sends the opening one of an old view again still stands there.
    const View standing = target.view.next();
    if (target.kind == VoteKind::finalize || standing >= view_ || !is_foreign(event.from)) {
        return;
    }
    if (repeats_itself(target, event.from, last_stale_certificate_)) {
        answer(standing, event.from);
    }
}

void Core::Machine::on(const ViewAsked& event) { answer(event.view, event.from); }

void Core::Machine::on(const PeerConnected& event) {
    if (is_foreign(event.peer)) {
        silent_.connected(event.peer);
        answer(book_.final_view(), event.peer);
    }
}

void Core::Machine::on(const PeerDisconnected& event) {
    if (is_foreign(event.peer)) {
        silent_.disconnected(event.peer);
    }
}

void Core::Machine::on(const TimerFired& event) {
    const auto kind = timers_.fired(event.timer);
    if (kind == TimerKind::view) {
        now_.timed_out = true;
        now_.ran_out = true;
        silent_.timed_out(leader(view_), view_);
    }
    if (kind == TimerKind::pace) {
        now_.slow = true;
    }
    if (kind == TimerKind::empty_block) {
        now_.empty_due = true;
    }
    if (kind == TimerKind::retry) {
        ++retries_;
        if (is_active()) {
            send_again();
        }
        ask_again();
    }
}

void Core::Machine::on(const WorkChanged& event) {
    has_work_ = event.has_work;
    work_since_build_ = event.has_work;
}

void Core::Machine::on(const SyncedToFinal& event) {
    const BlockRef& block = event.block;
    const VoteTarget& target = event.certificate.target;
    // Only a closing block is proposed, and so finalised, in later views than its own.
    const bool in_its_view = target.view == block.view || (block.closing && target.view > block.view);
    if (target.kind != VoteKind::finalize || target.block != block.id || block.epoch != setup_.epoch || !in_its_view) {
        return;
    }
    if (block.height <= blocks_.final_block().height || !is_well_formed(target) || !offer(event.certificate)) {
        return;
    }
    blocks_.move_final(block);
}

void Core::Machine::count(const std::optional<VotePool::Contradiction>& contradiction, const VoteTarget& target) {
    if (contradiction) {
        emit(Equivocation{contradiction->first, contradiction->second});
    }
    if (book_.is_settled(target)) {
        return;
    }
    if (const auto certificate = pool_.certificate_for(target)) {
        accept(*certificate);
    }
}

void Core::Machine::hear(const Vote& vote) {
    silent_.heard(vote.signer, vote.target.view, view_);
    if (vote.target.view > view_) {
        View& latest = ahead_[vote.signer];
        latest = std::max(latest, vote.target.view);
    }
}

bool Core::Machine::offer(const Certificate& certificate) {
    if (!is_well_formed(certificate.target)) {
        return false;
    }
    const Certificate* same =
        certificate.target.kind == VoteKind::notarize ? book_.notarization(certificate.target.view) : nullptr;
    if (same != nullptr && *same == certificate) {
        return true;
    }
    if (!ledger::verify_certificate(certificate, setup_.validators, setup_.chain_id, checker_)) {
        return false;
    }
    accept(certificate);
    return true;
}

void Core::Machine::accept(const Certificate& certificate) {
    if (!book_.add(certificate)) {
        return;
    }
    // On disk first: what it allows (the next view, a finalize vote) must survive a crash together with it.
    emit(PersistCertificate{certificate});
    if (votes_here()) {
        emit(BroadcastCertificate{certificate});
    }
    changed_ = true;
    if (certificate.target.kind != VoteKind::finalize) {
        return;
    }
    own_votes_.forget_below(book_.final_view());
    move_vote_window();
}

void Core::Machine::move_vote_window() {
    const View floor = std::max(book_.final_view(), below(view_, kVoteViewsBehind));
    for (const Vote& vote : pool_.move_window(floor, View{view_.raw() + kVoteViewsAhead})) {
        count(pool_.add_direct(vote), vote.target);
    }
}

}  // namespace probatum::consensus
