#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/check.h"
#include "base/text_encoding.h"
#include "node/driver.h"

namespace probatum::node {

namespace {

constexpr std::uint64_t kViewsKept = 8;  ///< For proposals that nobody voted on.
constexpr std::size_t kMaxProofs = 64;

}  // namespace

void Driver::step(const consensus::Event& event) {
    if (stopped_by_alarm_) {
        return;
    }
    const StageTimer timer{parts_.costs, Stage::vote, std::holds_alternative<consensus::VoteArrived>(event) ? 1U : 0U};
    consensus::Effects effects = core_.step(event);
    std::ranges::move(effects, std::back_inserter(effects_));
}

/// Whatever several steps want on disk goes there first and with one sync; that is earlier than asked for, never later.
void Driver::carry_out() {
    while (!effects_.empty() || next_epoch_) {
        if (effects_.empty()) {
            // Only when nothing of the old machine is left to do: its timers must not reach the new one.
            begin_epoch();
            continue;
        }
        const consensus::Effects effects = std::exchange(effects_, {});
        persist(effects);
        for (const consensus::Effect& effect : effects) {
            if (stopped_by_alarm_) {
                return;
            }
            std::visit([this](const auto& one) { apply(one); }, effect);
        }
    }
}

void Driver::persist(const consensus::Effects& effects) {
    const std::uint64_t segment = parts_.journal.last_segment();
    for (const consensus::Effect& effect : effects) {
        if (const auto* entered = std::get_if<consensus::ViewEntered>(&effect)) {
            view_segments_.try_emplace(entered->view, segment);
        }
        if (const auto* own = std::get_if<consensus::PersistVote>(&effect)) {
            signed_votes_.add(own->vote.target);
            if (own->vote.target.kind == ledger::VoteKind::notarize) {
                BlockTable::Held* held = blocks_.find(own->vote.target.block);
                PROBATUM_CHECK(held != nullptr, "one notarizes only a block that is held");
                write_block(*held);
            }
            parts_.journal.append(own->vote);
            dirty_ = true;
        } else if (const auto* certificate = std::get_if<consensus::PersistCertificate>(&effect)) {
            if (!remembers(certificate->certificate)) {
                return;
            }
            parts_.journal.append(certificate->certificate);
            dirty_ = true;
            note_named(certificate->certificate.target);
        } else if (const auto* final = std::get_if<consensus::Finalized>(&effect)) {
            if (final->block.height <= final_.height) {
                continue;  // synchronisation was faster
            }
            auto chain = blocks_.chain(final->block.id, final_.height);
            PROBATUM_CHECK(chain.has_value(), "the ancestors of a final block are held");
            for (BlockTable::Held* held : *chain) {
                write_block(*held);
            }
        }
    }
    if (dirty_) {
        sync_journal();
    }
}

bool Driver::remembers(const ledger::Certificate& certificate) {
    // Positions belong to an epoch: the finality that opens one was signed in the set before.
    if (!own_ || certificate.target.epoch != rules_->epoch || !signed_votes_.lacks(certificate, *own_)) {
        return true;
    }
    raise({Errc::journal_missing, "view " + std::to_string(certificate.target.view.raw()),
           "a certificate holds a vote of this key that the journal does not know: this is not its journal"});
    return false;
}

/// Consensus may come back to such a block long after its view, when the parent is here at last.
void Driver::note_named(const ledger::VoteTarget& target) {
    if (target.kind == ledger::VoteKind::nullify) {
        return;
    }
    named_[target.block] = target.view;
    if (BlockTable::Held* held = blocks_.find(target.block)) {
        held->needed = true;
    }
}

void Driver::write_block(BlockTable::Held& held) {
    if (held.position.segment != 0) {
        return;
    }
    held.position = parts_.journal.append(*held.block);
    dirty_ = true;
}

void Driver::sync_journal() {
    const StageTimer timer{parts_.costs, Stage::disk, 0};
    parts_.journal.sync();
    dirty_ = false;
}

void Driver::apply(const consensus::BroadcastProposal& effect) {
    const BlockTable::Held* held = blocks_.find(effect.id);
    if (held != nullptr) {
        parts_.network.broadcast(make_frame(proposal_of(*held->block, effect.leader_vote)), Priority::urgent);
    }
}

void Driver::apply(const consensus::BroadcastVote& effect) {
    parts_.network.broadcast(make_frame(VoteMessage{effect.vote}), Priority::urgent);
}

void Driver::apply(const consensus::BroadcastCertificate& effect) {
    parts_.network.broadcast(make_frame(CertificateMessage{effect.certificate}), Priority::urgent);
}

void Driver::apply(const consensus::SendCertificate& effect) {
    if (const auto peer = directory_.peer_of(effect.to)) {
        parts_.network.send(*peer, make_frame(CertificateMessage{effect.certificate}), Priority::urgent);
    }
}

void Driver::apply(const consensus::AskView& effect) {
    const Frame frame = make_frame(AskViewMessage{rules_->epoch, effect.view});
    if (effect.to) {
        if (const auto peer = directory_.peer_of(*effect.to)) {
            parts_.network.send(*peer, frame, Priority::urgent);
        }
    } else {
        parts_.network.broadcast(frame, Priority::urgent);
    }
}

void Driver::apply(const consensus::CatchUp& effect) {
    proven_height_ = std::max(proven_height_, effect.target.height);
    seek_range();
}

void Driver::apply(const consensus::SetTimer& effect) {
    timers_.at(static_cast<std::size_t>(effect.kind)) =
        Timer{effect.timer, parts_.clock.now() + std::chrono::milliseconds{effect.after_ms}};
}

void Driver::apply(const consensus::CancelTimer& effect) { timers_.at(static_cast<std::size_t>(effect.kind)).reset(); }

/// What is final once is final in one way.
bool Driver::contradicts_final(const consensus::BlockRef& block) {
    if (block.height == final_.height) {
        return block.id != final_.id;
    }
    if (block.height <= committed_) {
        return !parts_.committer.view()->chain().height_of(block.id);
    }
    const auto above = blocks_.chain(final_.id, Height{block.height.raw() - 1});
    return above && !above->empty() && above->front()->ref.id != block.id;
}

void Driver::apply(const consensus::Finalized& effect) {
    const auto two_chains = [this] {
        raise({Errc::internal, "height " + std::to_string(final_.height.raw()), "two final blocks at one height"});
    };
    if (effect.block.height <= final_.height) {
        if (contradicts_final(effect.block)) {
            two_chains();
        }
        return;  // synchronisation was faster
    }
    const auto chain = blocks_.chain(effect.block.id, final_.height);
    PROBATUM_CHECK(chain.has_value(), "the ancestors of a final block are held");
    if (chain->front()->ref.parent != final_.id) {
        two_chains();
        return;
    }
    std::vector<FinalBlock> final_blocks;
    for (const BlockTable::Held* held : *chain) {
        final_blocks.push_back({nullptr, held->position, std::nullopt, scan_from(held->ref.view, held->ref.height)});
    }
    final_blocks.back().finality = effect.certificate;
    std::vector<Digest> ids;
    for (const BlockTable::Held* held : *chain) {
        ids.push_back(held->ref.id);
    }
    final_ = {effect.block.height, effect.block.id};
    signed_votes_.forget_to(effect.certificate.target.epoch, effect.certificate.target.view);
    forget_segments(effect.block.view);
    if (effect.block.closing) {
        close_epoch(effect.block, effect.certificate, chain->back()->next_rules);
    }
    // Results lie with the execution thread, which executed these blocks before consensus called them final.
    parts_.execution.post([this, ids, final_blocks]() mutable {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            final_blocks[i].executed = parts_.executor.find(ids[i]);
            PROBATUM_CHECK(final_blocks[i].executed != nullptr, "a final block was executed here");
            parts_.committer.push(std::move(final_blocks[i]));
        }
    });
}

void Driver::commit_chain(const std::vector<ExecutedPtr>& chain, const ledger::Certificate& finality) {
    for (const ExecutedPtr& executed : chain) {
        const BlockTable::Held* held = blocks_.find(executed->block->id);
        const bool last = executed == chain.back();
        parts_.committer.push({executed, held->position, last ? std::optional{finality} : std::nullopt,
                               scan_from(held->ref.view, held->ref.height)});
    }
    final_ = {chain.back()->block->header.height, chain.back()->block->id};
    signed_votes_.forget_to(finality.target.epoch, finality.target.view);
    forget_segments(chain.back()->block->header.view);
}

std::uint64_t Driver::scan_from(View view, Height height) const {
    std::uint64_t out = parts_.journal.last_segment();
    if (auto entered = view_segments_.upper_bound(view); entered != view_segments_.begin()) {
        out = std::min(out, std::prev(entered)->second);
    } else {
        out = 0;
    }  // entered before the start: the whole journal is scanned, once
    // What was voted in later epochs before a crash lies before what this life has written.
    if (rules_->epoch < restored_until_) {
        out = std::min(out, restored_from_);
    }
    return std::min(out, blocks_.lowest_segment(Height{height.raw() - 1}, out));
}

void Driver::forget_segments(View final) {
    std::erase_if(named_, [&](const auto& item) { return item.second < final; });
    const auto after = view_segments_.upper_bound(final);
    if (after != view_segments_.begin()) {
        view_segments_.erase(view_segments_.begin(), std::prev(after));
    }
}

void Driver::apply(const consensus::Alarm& effect) {
    raise({Errc::internal, to_hex(effect.id),
           "a block that a quorum notarized proves invalid here, or contradicts a final one"});
}

void Driver::apply(const consensus::Equivocation& effect) {
    auto proof = ledger::make_misbehaviour(effect.first, effect.second, rules_->validators);
    if (!proof) {
        return;
    }
    spdlog::error("{} signed two contradictory votes in view {}: {}", proof->validator.organisation, proof->view.raw(),
                  to_hex(ledger::encode(*proof)));
    if (misbehaviour_.size() < kMaxProofs) {
        misbehaviour_.push_back(*std::move(proof));
    }
}

void Driver::apply(const consensus::Blame& effect) {
    if (const auto peer = directory_.peer_of(effect.peer)) {
        parts_.network.disconnect(*peer, "sent a vote, proposal or certificate that does not hold");
    }
}

void Driver::apply(const consensus::ViewEntered& effect) {
    view_ = effect.view;
    build_.reset();
    const View near = view_.raw() > kViewsKept ? View{view_.raw() - kViewsKept} : View{};
    proposals_.prune(near);
    blocks_.prune(Height{0}, near);
}

void Driver::tell_work() {
    const bool unrecorded = rules_->succeeds && *rules_->succeeds == final_.id;
    const bool work = own_ && (unrecorded || parts_.pool.size().transactions > 0);
    if (work == told_work_ && !(work && declined_)) {
        return;
    }
    told_work_ = work;
    declined_ = false;
    step(consensus::WorkChanged{work});
}

}  // namespace probatum::node
