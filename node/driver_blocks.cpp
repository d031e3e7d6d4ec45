#include <spdlog/spdlog.h>

#include "base/text_encoding.h"
#include "node/driver.h"

/// Blocks for consensus: built, fetched, and checked by the execution lane.
namespace probatum::node {

namespace {

constexpr std::size_t kWorthABlock = 256;
constexpr auto kWorthWaiting = std::chrono::milliseconds{20};
/// Final blocks that may wait for the disk before this node, when it leads, pauses.
constexpr std::uint64_t kMaxUncommitted = 16;
/// A final chain that passed such a block is long known by then.
constexpr auto kPostponedFor = std::chrono::seconds{60};

}  // namespace

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
    if (uncommitted() > kMaxUncommitted) {
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
    if (held->block->header.validators != rules_->validators.digest()) {
        // The statements of another succession may hold as well; it is not the one that this epoch began with.
        step(consensus::BlockExecuted{effect.id, false, false});
        return;
    }
    if (uncommitted() > kMaxUnwritten) {
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
    // One that a certificate names is counted on and not asked for twice: it waits until something above it is final.
    std::erase_if(postponed, [&](const auto& item) { return item.second.until < now && !named_.contains(item.first); });
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

}  // namespace probatum::node
