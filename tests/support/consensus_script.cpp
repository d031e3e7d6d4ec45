#include "consensus_script.h"

#include <algorithm>

#include "consensus/limits.h"

namespace probatum::testing {

using namespace consensus;
using ledger::Certificate;
using ledger::ValidatorIndex;

namespace {

/// What is known before execution.
BlockRef header_of(BlockRef block) {
    block.closing = false;
    return block;
}

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

// --- The story ---

Event ConsensusScript::some_vote() {
    const ValidatorIndex signer = member();
    ledger::Vote vote = signers_.vote(some_target(), signer);
    switch (below(6)) {
        case 0:
            vote.signature[3] ^= 1;
            break;
        case 1:
            vote.signer = byte();
            break;
        case 2:
            return VoteArrived{vote, member()};
        case 3:
            vote = signers_.vote({VoteKind::nullify, Epoch{0}, View{std::uint64_t{byte()} << below(64)}, {}}, signer);
            break;
        default:
            break;
    }
    return VoteArrived{vote, vote.signer};
}

std::optional<Event> ConsensusScript::some_certificate() {
    const ledger::VoteTarget target = some_target();
    const bool sound = below(5) != 0;
    if (sound && !world_allows(target)) {
        return std::nullopt;
    }
    Certificate certificate = quorum(target);
    if (!sound) {
        if (below(2) == 0) {
            certificate.signers.pop_back();
        } else {
            certificate.signers[below(certificate.signers.size())].signature[5] ^= 1;
        }
    }
    return CertificateArrived{certificate, member()};
}

std::optional<Event> ConsensusScript::some_answer() {
    switch (below(4)) {
        case 0: {
            if (asked_to_check_.empty()) {
                return std::nullopt;
            }
            auto id = asked_to_check_.begin();
            std::advance(id, static_cast<std::ptrdiff_t>(below(asked_to_check_.size())));
            const Digest chosen = *id;
            const bool valid = byte() % 16 != 0 ||
                               std::ranges::any_of(notarized_, [&](const auto& item) { return item.second == chosen; });
            if (valid) {
                executed_.insert(chosen);
            }
            const BlockRef* block = find(chosen);
            return BlockExecuted{chosen, valid, block != nullptr && block->closing};
        }
        case 1: {
            if (fetched_.empty()) {
                return std::nullopt;
            }
            auto id = fetched_.begin();
            std::advance(id, static_cast<std::ptrdiff_t>(below(fetched_.size())));
            const BlockRef* block = find(*id);
            if (block == nullptr) {
                return std::nullopt;
            }
            return BlockArrived{header_of(*block), parent_certificate(*block)};
        }
        case 2:
            return BlockTimely{some_block().id};
        default:
            break;
    }
    if (!build_) {
        return std::nullopt;
    }
    if (below(4) == 0) {
        return BuildDeclined{build_->view};
    }
    BlockRef block;
    block.id = digest_of_text("built " + std::to_string(build_->view.raw()) + " " + std::to_string(at_));
    block.view = build_->view;
    block.height = build_->height;
    block.parent = build_->parent;
    block.parent_view = build_->parent_view;
    block.proposer = own_.value_or(0);
    block.has_content = true;
    block.closing = byte() % 8 == 1;
    blocks_.push_back(block);
    executed_.insert(block.id);
    return BlockBuilt{block};
}

std::optional<Event> ConsensusScript::next_event() {
    switch (below(12)) {
        case 0:
        case 1: {
            const BlockRef& block = some_block();
            const auto certificate = parent_certificate(block);
            return ProposalArrived{header_of(block),
                                   signers_.vote({VoteKind::notarize, Epoch{0}, block.view, block.id}, block.proposer),
                                   certificate};
        }
        case 2:
        case 3:
            return some_vote();
        case 4:
        case 5:
            return some_certificate();
        case 6:
        case 7:
        case 8:
            return some_answer();
        case 9: {
            const auto timer = timers_.find(static_cast<TimerKind>(below(kTimerKinds)));
            if (timer == timers_.end()) {
                return TimerFired{byte()};
            }
            const std::uint64_t id = timer->second;
            timers_.erase(timer);
            return TimerFired{id};
        }
        case 10:
            return WorkChanged{below(3) != 0};
        default:
            break;
    }
    switch (below(5)) {
        case 3:
            return PeerDisconnected{byte()};
        case 0:
            return ViewAsked{View{byte()}, member()};
        case 1:
            return PeerConnected{byte()};
        case 2:
            return WorkChanged{true};
        default:
            restart();
            return Started{};
    }
}

void ConsensusScript::restart() {
    Restored restored;
    restored.final = final_;
    const View above = final_ ? final_->block.view : View{0};
    for (const ledger::Vote& vote : votes_) {
        if (vote.target.view > above) {
            restored.own_votes.push_back(vote);
        }
        const BlockRef* block = find(vote.target.block);
        if (block != nullptr) {
            restored.blocks.push_back(*block);
        }
    }
    for (const Certificate& certificate : certificates_) {
        if (certificate.target.view >= above) {
            restored.certificates.push_back(certificate);
        }
    }
    timers_.clear();
    build_.reset();
    executed_.clear();
    asked_to_check_.clear();
    fetched_.clear();
    alarmed_ = false;
    Setup setup{set_, own_, chain_id_, Epoch{0}, {chain_id_, Height{0}}, {}};
    core_.emplace(std::move(setup), checker_, signer_ ? &*signer_ : nullptr, std::move(restored));
    if (core_->status().view < view_) {
        blame("came back in an earlier view than it had left");
    }
}

const std::string& ConsensusScript::run() {
    restart();
    tell(Started{});
    while (at_ < bytes_.size() && blame_.empty()) {
        if (const auto event = next_event()) {
            tell(*event);
        }
    }
    return blame_;
}

void ConsensusScript::tell(const Event& event) {
    const bool deaf = alarmed_;
    const Effects effects = core_->step(event);
    if (deaf && !effects.empty()) {
        blame("spoke after an alarm");
    }
    for (const Effect& effect : effects) {
        if (alarmed_) {
            blame("did something after an alarm");
        }
        std::visit([this](const auto& known) { watch(known); }, effect);
    }
    watch_memory();
}

// --- The eye ---

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
