#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "node/driver.h"

/// From one epoch to the next: docs/spec/consensus.md, rules E4 to E7.
namespace probatum::node {

namespace {

/// How often one peer is told how its epoch ended.
constexpr auto kTellAgain = std::chrono::milliseconds{200};
constexpr View kAllViews{std::numeric_limits<std::uint64_t>::max()};

}  // namespace

consensus::Core Driver::make_core(consensus::Root root, consensus::Restored restored) const {
    consensus::Setup setup{rules_->validators,           own_, rules_->chain_id, rules_->epoch, std::move(root),
                           timing_of(rules_->parameters)};
    return consensus::Core{std::move(setup), parts_.checker, own_ ? parts_.signer : nullptr, std::move(restored)};
}

void Driver::enter_set() {
    directory_.enter(rules_->validators);
    votes_ = own_.has_value();
}

void Driver::close_epoch(const consensus::BlockRef& block, const ledger::Certificate& finality, RulesPtr next) {
    PROBATUM_CHECK(next != nullptr, "a closing block was executed here");
    next_epoch_ =
        NextEpoch{std::move(next), {block.id, block.height, consensus::Closing{rules_->validators, finality}}};
}

void Driver::begin_epoch() {
    NextEpoch next = *std::exchange(next_epoch_, std::nullopt);
    // A finality whose block is still missing here counts as much as one that was applied: the present machine, which
    // is the last to know of it, ends with this.
    const auto& known = core_.highest_finality();
    if (next.rules->epoch <= rules_->epoch || next.root.id != final_.id ||
        (known && known->target.block != final_.id)) {
        raise({Errc::succession_invalid, "last",
               "this node knows a final block above the one that the next epoch would begin with"});
        return;
    }
    if (next.rules->rules_version > contracts::kHighestRulesVersion) {
        raise({Errc::internal, "rules_version",
               "this program does not know the rules of epoch " + std::to_string(next.rules->epoch.raw())});
        return;
    }
    rules_ = std::move(next.rules);
    own_ = parts_.key ? rules_->validators.index_of(*parts_.key) : std::nullopt;
    enter_set();
    parts_.network.know(directory_.all());
    spdlog::info("epoch {} begins at height {} with {} validators; this node {}", rules_->epoch.raw(),
                 final_.height.next().raw(), rules_->validators.size(), own_ ? "votes" : "follows");

    timers_ = {};
    build_.reset();
    untimely_.clear();
    fetching_.clear();
    postponed_checks_.clear();
    ahead_.clear();
    named_.clear();
    view_segments_.clear();
    proposals_.prune(kAllViews);
    blocks_.prune(Height{0}, kAllViews);
    view_ = View{};
    told_work_ = false;
    declined_ = false;
    // The journal may know this epoch already: a crash cost the record that the one before had ended, no more.
    consensus::Restored restored = from_journal_;
    restored.final.reset();
    opened_by_ = next.root.closing;
    core_ = make_core(std::move(next.root), std::move(restored));
    publish_status();
    // Its last block may have been on disk before this epoch began, so that no commit to come asks for it.
    consider_succession();
    if (next_epoch_) {
        return;
    }
    step(consensus::Started{});
    tell_work();
    seek_range();
}

/// Goes on from the block that the recovery authorities named, when it is the last final one here and on disk.
void Driver::consider_succession() {
    auto& plan = parts_.succession;
    if (!plan || next_epoch_ || stopped_by_alarm_) {
        return;
    }
    if (final_.height < plan->said.height || committed_ < final_.height) {
        return;
    }
    const FinalViewPtr view = parts_.committer.view();
    const auto ahead = is_ahead(*plan, *view, parts_.genesis);
    if (!ahead) {
        raise(ahead.error());
        return;
    }
    if (!*ahead) {
        plan.reset();  // recorded: nothing is left to do for it
        return;
    }
    if (rules_->epoch > plan->said.epoch) {
        return;  // begun, and not recorded yet
    }
    auto next = succeed(*plan, *view, parts_.genesis);
    if (!next) {
        raise(next.error());
        return;
    }
    spdlog::warn("succession: {} recovery authorities named {} validators that go on from height {}: {}",
                 plan->statements.size(), plan->said.next.size(), plan->said.height.raw(), plan->said.reason);
    parts_.execution.post([this, last = plan->said.last, statements = plan->statements] {
        parts_.executor.accept_succession(last, statements);
    });
    next_epoch_ = NextEpoch{std::move(next->rules), std::move(next->root)};
}

/// A quorum of the successors finalised what begins with this block, and its statements hold by genesis.
void Driver::follow_succession(const ExecutedBlock& first) {
    const ledger::Certificate& finality = *first.block->parent_certificate;
    // The last final block is of this epoch, or it closed the one before. Its state may not be written yet.
    const bool within = finality.target.epoch == rules_->epoch;
    PROBATUM_CHECK(within || opened_by_, "the last final block belongs to this epoch or opened it");
    const ledger::ValidatorSet& before = within ? rules_->validators : opened_by_->validators;
    spdlog::warn("succession: the chain goes on from height {} with {} validators that recovery authorities named",
                 final_.height.raw(), first.rules->validators.size());
    next_epoch_ = NextEpoch{first.rules, {final_.id, final_.height, consensus::Closing{before, finality}}};
    carry_out();
}

bool Driver::is_for_nobody(PeerId from, Epoch epoch) {
    if (epoch < rules_->epoch) {
        serve_epoch_end(from, epoch);
        return true;
    }
    if (epoch > rules_->epoch) {
        // Blocks are asked for beside the certificate that consensus asks for: this node may be several epochs behind.
        claimed_height_ = std::max(claimed_height_, final_.height.next());
        seek_range();
        return false;
    }
    // Who is no member has nothing to say in this epoch; even a false vote of its would cost a check.
    return epoch == rules_->epoch && directory_.index_of(from) == PeerDirectory::kNoMember;
}

void Driver::serve_epoch_end(PeerId to, Epoch epoch) {
    const auto now = parts_.clock.now();
    const auto [told, first] = told_end_.try_emplace(to, now);
    if (!first && now - told->second < kTellAgain) {
        return;
    }
    told->second = now;
    (void)parts_.serving.try_post([this, to, epoch] {
        const FinalViewPtr view = parts_.committer.view();
        const auto next = contracts::find_terms(*view, epoch.next());
        if (!next || next->first.raw() == 0) {
            return;
        }
        const Height closing{next->first.raw() - 1};
        const auto direct = view->chain().finality_at_or_after(closing);
        if (direct && direct->height == closing) {
            parts_.network.send(to, make_frame(CertificateMessage{direct->certificate}), Priority::urgent);
        }
    });
}

}  // namespace probatum::node
