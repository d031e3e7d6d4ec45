#include "consensus/machine.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace probatum::consensus {
namespace {

/// The root stands for a block of view 0, so that its children obey the ordinary parent rule.
BlockRef final_block(const Setup& setup, const Restored& restored) {
    if (restored.final) {
        return restored.final->block;
    }
    BlockRef root;
    root.id = setup.root.id;
    root.epoch = setup.epoch;
    root.height = setup.root.height;
    return root;
}

}  // namespace

Core::Machine::Machine(Setup setup, const ledger::SignatureChecker& checker, const VoteSigner* signer,
                       Restored restored)
    : setup_{std::move(setup)},
      checker_{checker},
      signer_{signer},
      pool_{setup_.validators, setup_.chain_id, checker},
      blocks_{final_block(setup_, restored)},
      silent_{{setup_.validators.size(), setup_.validators.max_faulty(), setup_.timing.silent_leader_views},
              setup_.own},
      pace_{{setup_.timing.view_timeout_ms, setup_.timing.view_timeout_min_ms, setup_.timing.view_timeout_max_ms,
             setup_.validators.size(), setup_.validators.max_faulty()}} {
    PROBATUM_CHECK(!setup_.own || is_member(*setup_.own), "own index lies outside the validator set");
    PROBATUM_CHECK(setup_.own.has_value() == (signer_ != nullptr), "a signer exactly for a validator");
    check_root();
    restore(restored);
}

void Core::Machine::restore(const Restored& restored) {
    if (restored.final) {
        book_.add(restored.final->certificate);
    }
    for (const Certificate& certificate : restored.certificates) {
        if (is_well_formed(certificate.target)) {
            book_.add(certificate);
        }
    }
    own_votes_.forget_below(book_.final_view());
    for (const Vote& vote : restored.own_votes) {
        if (is_well_formed(vote.target) && setup_.own == vote.signer) {
            own_votes_.restore(vote);
        }
    }
    for (const BlockRef& block : restored.blocks) {
        if (block.epoch == setup_.epoch && block.height > blocks_.final_block().height) {
            blocks_.add(block);
        }
    }
    view_ = book_.highest_closed().next();
    move_vote_window();
}

void Core::Machine::start() {
    started_ = true;
    if (has_ended()) {
        return;
    }
    emit(ViewEntered{view_, leader(view_)});
    // Own votes count again; with one validator they alone make the certificate that the crash kept from being written.
    std::vector<VoteTarget> targets;
    for (const auto& [view, votes] : own_votes_.all()) {
        for (const auto* vote : {&votes.notarize, &votes.nullify, &votes.finalize}) {
            if (!*vote) {
                continue;
            }
            pool_.add_own(**vote);
            targets.push_back((*vote)->target);
        }
    }
    for (const VoteTarget& target : targets) {
        count(std::nullopt, target);
    }
    send_again();
}

Effects Core::Machine::step(const Event& event) {
    if (alarmed_) {
        return {};
    }
    if (!started_) {
        start();
    }
    if (has_ended()) {
        serve_end(event);
    } else {
        std::visit([this](const auto& known) { on(known); }, event);
        settle();
    }
    for (const ValidatorIndex signer : pool_.take_caught()) {
        blame(signer);
    }
    blamed_.clear();
    // The writes first: one sync then serves the whole step.
    Effects effects = std::exchange(writes_, {});
    std::ranges::move(std::exchange(effects_, {}), std::back_inserter(effects));
    return effects;
}

void Core::Machine::settle() {
    do {
        changed_ = false;
        enter_views();
        follow_chains();
        if (alarmed_) {
            return;
        }
        deliver_final();
        if (has_ended()) {
            end_epoch();
            return;
        }
        cast_finalize();
        cast_notarize();
        propose_repeat();
        cast_repeat();
        cast_nullify();
    } while (changed_);
    propose();
    run_timers();
}

void Core::Machine::run_timers() {
    const Timing& timing = setup_.timing;
    const bool active = is_active();
    const auto& own = own_votes_.in(view_);
    const bool waits = votes_here() && active && !now_.timed_out && !own.nullify;
    const bool pauses = leads() && wants_empty_block() && own.empty() && !now_.empty_due && !now_.timed_out;
    const bool measures = waits && !now_.slow && pace_.can_shrink();
    const bool repeats =
        active || later_epoch_heard_ || is_behind() || !missing_.empty() || catching_up_ || !now_.asked_views.empty();
    timers_.keep(TimerKind::view, waits, pace_.timeout_ms(), effects_);
    timers_.keep(TimerKind::pace, measures, pace_.quick_ms(), effects_);
    timers_.keep(TimerKind::empty_block, pauses, timing.idle_empty_block_ms, effects_);
    timers_.keep(TimerKind::retry, repeats, timing.retry_interval_ms, effects_);
}

bool Core::Machine::content_pending() const {
    return std::ranges::any_of(book_.views(), [this](const auto& item) {
        const auto& [view, certificates] = item;
        if (view <= book_.final_view() || !certificates.notarization) {
            return false;
        }
        const BlockTree::Entry* block = blocks_.find(certificates.notarization->target.block);
        // Unknown: it may have. A closing block is wanted for its own sake.
        return block == nullptr || block->ref.has_content || block->ref.closing;
    });
}

bool Core::Machine::wants_empty_block() const {
    return content_pending() || (is_active() && view_.raw() > book_.final_view().raw() + kMaxIdleViews);
}

bool Core::Machine::is_active() const {
    return !has_ended() && (has_work_ || pool_.has_votes(view_) || content_pending());
}

bool Core::Machine::is_behind() const {
    return std::ranges::any_of(ahead_, [this](const auto& item) { return item.second > view_; });
}

bool Core::Machine::is_well_formed(const VoteTarget& target) const {
    const bool known_kind =
        target.kind == VoteKind::notarize || target.kind == VoteKind::nullify || target.kind == VoteKind::finalize;
    return known_kind && target.epoch == setup_.epoch && is_countable(target.view) &&
           target.block.is_zero() == (target.kind == VoteKind::nullify);
}

std::vector<ValidatorIndex> Core::Machine::others(const Certificate& certificate) const {
    std::vector<ValidatorIndex> signers;
    for (const auto& signer : certificate.signers) {
        if (setup_.own != signer.index) {
            signers.push_back(signer.index);
        }
    }
    return signers;
}

Status Core::Machine::status() const {
    Status status;
    status.epoch = setup_.epoch;
    status.ended = has_ended();
    status.view = view_;
    status.leader = leader(view_);
    status.active = is_active();
    status.final_block = blocks_.final_block();
    status.certified_view = book_.final_view();
    status.view_timeout_ms = pace_.timeout_ms();
    status.last_heard = silent_.last_heard();
    status.silent = silent_.all();
    status.misbehaving = {pool_.misbehaving().begin(), pool_.misbehaving().end()};
    status.pooled_votes = pool_.size();
    status.held_certificates = book_.size();
    status.known_blocks = blocks_.size();
    status.alarmed = alarmed_;
    return status;
}

}  // namespace probatum::consensus
