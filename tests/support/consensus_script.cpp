#include "consensus_script.h"

/// What the machine is told.
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

}  // namespace

Event ConsensusScript::some_vote() {
    const ValidatorIndex signer = member();
    ledger::Vote vote = signers_.vote(some_target(), signer);
    switch (below(6)) {
        case 0:
            vote.signature[3] ^= 1;
            culprits_.insert(signer);
            break;
        case 1:
            vote.signer = byte();
            culprits_.insert(vote.signer);
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
    const ValidatorIndex from = member();
    if (!sound) {
        culprits_.insert(from);
        if (below(2) == 0) {
            certificate.signers.pop_back();
        } else {
            certificate.signers[below(certificate.signers.size())].signature[5] ^= 1;
        }
    }
    return CertificateArrived{certificate, from};
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
            if (!certificate && block.parent != chain_id_) {
                culprits_.insert(block.proposer);
            }
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

}  // namespace probatum::testing
