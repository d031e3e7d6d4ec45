#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/check.h"
#include "base/text_encoding.h"
#include "node/driver.h"

namespace probatum::node {

namespace {

constexpr std::size_t kWorthABlock = 256;
constexpr auto kWorthWaiting = std::chrono::milliseconds{20};
constexpr std::uint64_t kViewsKept = 8;  ///< For proposals that nobody voted on.
constexpr std::size_t kMaxProofs = 64;
constexpr std::uint64_t kMaxUncommitted = 16;  ///< Blocks that may wait for the commit thread before leaders pause.
constexpr std::uint64_t kMaxUnwritten = 64;    ///< And before this node executes no further ones of others.
constexpr auto kPostponedFor =
    std::chrono::seconds{60};  ///< A final chain that passed such a block is long known by then.

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
            begin_epoch();  // Only when nothing of the old machine is left to do: its timers must not reach the new
                            // one.
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

/// Idle, a leader proposes at once; while its parent is still on its way, it waits until the block is worth its cost.
void Driver::apply(const consensus::BuildBlock& effect) {
    const BlockTable::Held* parent = blocks_.find(effect.parent);
    const bool busy = parent != nullptr && parent->ref.has_content && parent->ref.height > final_.height;
    build_ =
        WaitingBuild{effect, parts_.clock.now() + (busy && !effect.allow_empty ? kWorthWaiting : Moment::duration{0})};
    build_if_due();
}

void Driver::build_if_due() {
    if (!build_) {
        return;
    }
    const consensus::BuildBlock& wanted = build_->request;
    if (wanted.height.raw() > committed_.raw() + kMaxUncommitted) {
        return;
    }
    if (parts_.clock.now() < build_->due) {
        const std::size_t waiting = parts_.pool.size().transactions;
        if (waiting < blocks_.transactions_above(wanted.parent, committed_) + kWorthABlock) {
            return;
        }
    }
    const Executor::BuildRequest request{
        wanted.view, wanted.height,       wanted.parent,      wanted.parent_certificate,
        *own_,       parts_.clock.wall(), wanted.allow_empty, wanted.halvings};
    build_.reset();
    parts_.execution.post([this, request, epoch = rules_->epoch] {
        parts_.executor.prune();
        ExecutedPtr built = parts_.executor.build(request);
        post_own([this, request, epoch, built] {
            if (epoch != rules_->epoch) {
                return;  // The same view of another epoch must not take this for its own.
            }
            if (!built) {
                declined_ = true;
                step(consensus::BuildDeclined{request.view});
                // Something came while the pool was looked at: ask again. What ancestors hold is not that.
                if (parts_.pool.size().transactions > blocks_.transactions_above(request.parent, committed_)) {
                    tell_work();
                }
            } else {
                BlockTable::Held& held = blocks_.put(built->block);
                held.needed = true;
                note_executed(held, *built);
                consensus::BlockRef block = held.ref;
                block.closing = built->closing();
                step(consensus::BlockBuilt{block});
            }
        });
    });
}

void Driver::apply(const consensus::CheckBlock& effect) {
    BlockTable::Held* held = blocks_.find(effect.id);
    if (held == nullptr) {
        // Forgotten here as a proposal that nobody voted on, and wanted after all: then it has to come again.
        postpone(effect);
        apply(consensus::FetchBlock{effect.id, everybody()});
        return;
    }
    held->needed = true;
    if (held->ref.height.raw() > committed_.raw() + kMaxUnwritten) {
        // The disk is slower than the others': this node becomes slow, as if it had crashed, instead of big.
        postpone(effect);
        return;
    }
    if (effect.check_time) {
        untimely_.push_back({effect.id, held->block->header.time, held->ref.view});
    }
    tell_timely();
    parts_.execution.post([this, block = held->block] {
        parts_.executor.prune();
        Executor::Checked checked = parts_.executor.check(block, Executor::Trust::peer);
        if (!checked.executed && !checked.refusal) {
            return;
        }  // the final chain has passed it by
        if (checked.refusal) {
            spdlog::warn("block {} is refused: {}", to_hex(block->id), checked.refusal->to_string());
        }
        post_own([this, id = block->id, executed = std::move(checked.executed)] {
            BlockTable::Held* known = blocks_.find(id);
            if (executed && known != nullptr) {
                note_executed(*known, *executed);
            }
            step(consensus::BlockExecuted{id, executed != nullptr, executed && executed->closing()});
        });
    });
}

void Driver::postpone(const consensus::CheckBlock& check) {
    postponed_checks_.try_emplace(check.id, Postponed{check, parts_.clock.now() + kPostponedFor});
}

/// What waited for a block or for the disk: perhaps it need wait no more.
void Driver::resume_checks() {
    const auto now = parts_.clock.now();
    auto postponed = std::exchange(postponed_checks_, {});
    std::erase_if(postponed, [&](const auto& item) { return item.second.until < now; });
    for (const auto& [id, one] : postponed) {
        apply(one.check);
        if (const auto again = postponed_checks_.find(id); again != postponed_checks_.end()) {
            again->second.until = one.until;
        }
    }
}

std::vector<ledger::ValidatorIndex> Driver::everybody() const {
    std::vector<ledger::ValidatorIndex> out;
    for (ledger::ValidatorIndex i = 0; i < rules_->validators.size(); ++i) {
        if (i != own_) {
            out.push_back(i);
        }
    }
    return out;
}

void Driver::note_executed(BlockTable::Held& held, const ExecutedBlock& executed) {
    if (executed.closing()) {
        held.next_rules = executed.child_rules;
    }
}

UnixMs Driver::parent_time(const Digest& parent) {
    if (const BlockTable::Held* held = blocks_.find(parent)) {
        return held->block->header.time;
    }
    const FinalViewPtr view = parts_.committer.view();
    return view->head_id() == parent ? view->head().time : UnixMs{};
}

void Driver::tell_timely() {
    const std::uint64_t now = parts_.clock.wall().raw();
    const std::uint64_t bound = rules_->parameters.clock_bound_ms;
    std::vector<Digest> timely;
    std::erase_if(untimely_, [&](const Timely& one) {
        const BlockTable::Held* held = blocks_.find(one.id);
        if (held == nullptr || one.view < view_) {
            return true;
        }
        const bool least = one.time == parent_time(held->ref.parent).next();
        const bool within = one.time.raw() <= now + bound && one.time.raw() + bound >= now;
        if (least || within) {
            timely.push_back(one.id);
        }
        return least || within;
    });
    for (const Digest& id : timely) {
        step(consensus::BlockTimely{id});
    }
}

void Driver::apply(const consensus::FetchBlock& effect) {
    if (BlockTable::Held* held = blocks_.find(effect.id)) {
        held->needed = true;
        step(consensus::BlockArrived{held->ref, held->block->parent_certificate});
        return;
    }
    const auto now = parts_.clock.now();
    const auto [slot, fresh] = fetching_.try_emplace(effect.id, now);
    if (!fresh && now - slot->second < std::chrono::milliseconds{300}) {
        return;
    }
    slot->second = now;
    const Frame frame = make_frame(FetchBlockMessage{effect.id});
    // Two of the signers at once: one may be silent, and a block is asked for rarely.
    std::size_t sent = 0;
    for (std::size_t i = 0; i < effect.from.size() && sent < 2; ++i) {
        const auto peer =
            directory_.peer_of(effect.from[(i + static_cast<std::size_t>(view_.raw())) % effect.from.size()]);
        sent += peer && parts_.network.send(*peer, frame, Priority::urgent) ? 1 : 0;
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

void Driver::apply(const consensus::Finalized& effect) {
    if (effect.block.height <= final_.height) {
        return;  // synchronisation was faster
    }
    const auto chain = blocks_.chain(effect.block.id, final_.height);
    PROBATUM_CHECK(chain.has_value(), "the ancestors of a final block are held");
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

void Driver::apply(const consensus::ViewEntered& effect) {
    view_ = effect.view;
    build_.reset();
    const View near = view_.raw() > kViewsKept ? View{view_.raw() - kViewsKept} : View{};
    proposals_.prune(near);
    blocks_.prune(Height{0}, near);
}

void Driver::tell_work() {
    const bool work = own_ && parts_.pool.size().transactions > 0;
    if (work == told_work_ && !(work && declined_)) {
        return;
    }
    told_work_ = work;
    declined_ = false;
    step(consensus::WorkChanged{work});
}

}  // namespace probatum::node
