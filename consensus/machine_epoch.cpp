#include <algorithm>

#include "base/check.h"
#include "consensus/machine.h"

/// How an epoch begins and ends: rules E1 to E6 of docs/spec/consensus.md.
namespace probatum::consensus {

bool Core::Machine::stands_on_root(const BlockRef& block) const {
    return block.parent_view == View{0} && block.parent == setup_.root.id;
}

bool Core::Machine::proves_root(const std::optional<Certificate>& certificate) const {
    const auto& closing = setup_.root.closing;
    if (!closing || !certificate) {
        return closing.has_value() == certificate.has_value();
    }
    const VoteTarget& target = certificate->target;
    if (target.kind != VoteKind::finalize || target.block != setup_.root.id ||
        target.epoch != closing->finality.target.epoch) {
        return false;
    }
    return *certificate == closing->finality ||
           ledger::verify_certificate(*certificate, closing->validators, setup_.chain_id, checker_).has_value();
}

void Core::Machine::check_root() const {
    const auto& closing = setup_.root.closing;
    PROBATUM_CHECK(closing.has_value() == (setup_.epoch != Epoch{0}), "an epoch begins where another one ended");
    if (closing) {
        const VoteTarget& target = closing->finality.target;
        PROBATUM_CHECK(
            target.kind == VoteKind::finalize && target.block == setup_.root.id && target.epoch < setup_.epoch,
            "the root is what an epoch before ended with");
    }
}

void Core::Machine::hear_later_epoch() {
    if (!later_epoch_heard_) {
        later_epoch_heard_ = true;
        emit(AskView{view_, std::nullopt});
    }
}

void Core::Machine::note_repeat(const Vote& vote) {
    const View view = vote.target.view;
    const bool near = view >= view_ && view.raw() - view_.raw() <= kVoteViewsAhead;
    if (vote.target.kind == VoteKind::notarize && vote.signer == leader(view) && near) {
        repeats_.try_emplace(view, vote);
    }
}

bool Core::Machine::may_repeat(const BlockRef& block) {
    std::vector<View> gaps;
    const View oldest = std::max(block.view, book_.final_view().next());
    for (View view = below(view_, 1); view >= oldest && gaps.size() < kAsksAtOnce; view = below(view, 1)) {
        if (book_.is_notarized(view, block.id)) {
            ask_for(gaps, leader(view_));
            return gaps.empty();
        }
        if (book_.nullification(view) == nullptr) {
            gaps.push_back(view);
        }
    }
    ask_for(gaps, leader(view_));
    return false;
}

void Core::Machine::propose_repeat() {
    // The pause gives the finality of the view before the time to arrive.
    if (!leads() || !now_.empty_due || now_.timed_out || !own_votes_.may_notarize(view_)) {
        return;
    }
    if (proposals_.contains(view_)) {
        return;
    }
    const auto parent = choose_parent();
    if (!parent || !parent->closing) {
        return;
    }
    emit(BroadcastCertificate{*parent->certificate});
    cast(VoteKind::notarize, view_, parent->id);
}

void Core::Machine::cast_repeat() {
    const auto repeat = repeats_.find(view_);
    if (!votes_here() || repeat == repeats_.end() || now_.timed_out || !own_votes_.may_notarize(view_)) {
        return;
    }
    const BlockRef* block = blocks_.executed(repeat->second.target.block);
    // Neither executed nor asked for its time again: it is notarized already.
    if (block == nullptr || !block->closing || block->view >= view_ || !may_repeat(*block)) {
        return;
    }
    if (!ledger::verify_vote(repeat->second, setup_.validators, setup_.chain_id, checker_)) {
        repeats_.erase(repeat);
        return;
    }
    cast(VoteKind::notarize, view_, block->id);
}

void Core::Machine::end_epoch() {
    for (const TimerKind kind : {TimerKind::view, TimerKind::retry, TimerKind::empty_block, TimerKind::pace}) {
        timers_.keep(kind, false, 0, effects_);
    }
    proposals_.clear();
    repeats_.clear();
    missing_.clear();
    ahead_.clear();
    catching_up_.reset();
}

void Core::Machine::serve_end(const Event& event) {
    const auto tell = [this](ValidatorIndex to) {
        if (is_foreign(to)) {
            emit(SendCertificate{*book_.finality(), to});
        }
    };
    if (const auto* asked = std::get_if<ViewAsked>(&event)) {
        tell(asked->from);
    } else if (const auto* connected = std::get_if<PeerConnected>(&event)) {
        tell(connected->peer);
    } else if (const auto* arrived = std::get_if<VoteArrived>(&event)) {
        // Who still votes in this epoch has not heard that it is over.
        if (is_well_formed(arrived->vote.target)) {
            tell(arrived->from);
        }
    }
}

}  // namespace probatum::consensus
