#include "scenario.h"

namespace probatum::consensus {
namespace {

std::string number(View view) { return std::to_string(view.raw()); }

std::string name_of(TimerKind kind) {
    switch (kind) {
        case TimerKind::view:
            return "view";
        case TimerKind::retry:
            return "retry";
        case TimerKind::empty_block:
            return "empty block";
        case TimerKind::pace:
            break;
    }
    return "pace";
}

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

}  // namespace

Scenario::Scenario(std::size_t validators, std::optional<ValidatorIndex> own, Timing timing, Epoch epoch)
    : chain_id_{testing::digest_of_text("genesis")},
      signers_{testing::validators(validators), chain_id_},
      signers_before_{testing::validators(7), chain_id_},
      own_{own},
      timing_{timing},
      epoch_{epoch} {
    if (own) {
        signer_ = std::make_unique<testing::MemberSigner>(signers_, *own);
    }
    BlockRef root;
    root.id = epoch == Epoch{0} ? chain_id_ : testing::digest_of_text("root");
    root.epoch = epoch;
    root.height = epoch == Epoch{0} ? Height{0} : Height{40};
    blocks_["root"] = root;
    boot({});
}

void Scenario::boot(Restored restored) {
    timers_.clear();
    Root root{ref("root").id, ref("root").height};
    if (epoch_ != Epoch{0}) {
        root.closing = Closing{signers_before_.set(), root_finality({0, 1, 2, 3, 4})};
    }
    core_.emplace(Setup{signers_.set(), own_, chain_id_, epoch_, std::move(root), timing_}, checker_, signer_.get(),
                  std::move(restored));
}

Certificate Scenario::root_finality(const Members& members, std::uint64_t view) const {
    return signers_before_.certificate({kFinalize, Epoch{epoch_.raw() - 1}, View{view}, ref("root").id}, members);
}

BlockRef Scenario::header_of(const std::string& name) const {
    BlockRef block = ref(name);
    block.closing = false;
    return block;
}

Scenario& Scenario::block(const std::string& name, std::uint64_t view, Shape shape) {
    const BlockRef& parent = ref(shape.parent);
    BlockRef made;
    made.id = testing::digest_of_text(name);
    made.epoch = shape.epoch.value_or(epoch_);
    made.view = View{view};
    made.parent = parent.id;
    made.parent_view = shape.parent_view.value_or(parent.view);
    made.height = shape.height.value_or(parent.height.next());
    made.proposer = shape.proposer.value_or(leader_of(epoch_, View{view}, signers_.set().size()));
    made.has_content = shape.content;
    made.closing = shape.closing;
    blocks_[name] = made;
    return *this;
}

Lines Scenario::proposal(const std::string& name, const std::optional<Certificate>& parent_certificate) {
    const BlockRef block = header_of(name);
    const Vote leader_vote = signers_.vote({kNotarize, block.epoch, block.view, block.id}, block.proposer);
    return tell(ProposalArrived{block, leader_vote, parent_certificate});
}

Lines Scenario::accepted_proposal(const std::string& name) {
    Lines all = proposal(name);
    for (const Lines& more : {executed(name), timely(name)}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

Lines Scenario::vote(ValidatorIndex signer, VoteKind kind, std::uint64_t view, const std::string& name) {
    return tell(VoteArrived{signed_vote(signer, kind, view, name), signer});
}

Lines Scenario::votes(const Members& signers, VoteKind kind, std::uint64_t view, const std::string& name) {
    Lines all;
    for (const auto signer : signers) {
        const Lines more = vote(signer, kind, view, name);
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

Lines Scenario::forged_vote(ValidatorIndex signer, VoteKind kind, std::uint64_t view, const std::string& name) {
    return tell(VoteArrived{Vote{target(kind, view, name), signer, {}}, signer});
}

Lines Scenario::certificate(VoteKind kind, std::uint64_t view, const std::string& name, ValidatorIndex from) {
    return tell(CertificateArrived{quorum(kind, view, name), from});
}

Lines Scenario::fires(TimerKind kind) {
    const auto timer = timers_.find(kind);
    if (timer == timers_.end()) {
        return {"no such timer"};
    }
    const std::uint64_t id = timer->second;
    timers_.erase(timer);
    return tell(TimerFired{id});
}

Lines Scenario::tell(const Event& event) {
    last_ = core_->step(event);
    Lines lines;
    for (const Effect& effect : last_) {
        remember(effect);
        lines.push_back(text(effect));
    }
    return lines;
}

void Scenario::remember(const Effect& effect) {
    std::visit(Overloaded{[this](const PersistVote& e) { journal_.own_votes.push_back(e.vote); },
                          [this](const BroadcastVote& e) { expect_durable(e.vote); },
                          [this](const BroadcastProposal& e) { expect_durable(e.leader_vote); },
                          [this](const PersistCertificate& e) { journal_.certificates.push_back(e.certificate); },
                          [this](const Finalized& e) { journal_.final = {e.block, e.certificate}; },
                          [this](const SetTimer& e) { timers_[e.kind] = e.timer; },
                          [this](const CancelTimer& e) { timers_.erase(e.kind); }, [](const auto&) {}},
               effect);
}

void Scenario::expect_durable(const Vote& vote) const {
    EXPECT_THAT(journal_.own_votes, ::testing::Contains(vote)) << "on the wire before it was on disk";
}

Lines Scenario::restart() {
    Restored restored = journal_;
    const View above = restored.final ? restored.final->block.view : View{0};
    std::erase_if(restored.own_votes, [&](const Vote& vote) { return vote.target.view <= above; });
    std::erase_if(restored.certificates, [&](const Certificate& kept) { return kept.target.view < above; });
    for (const Vote& vote : restored.own_votes) {
        for (const auto& [name, block] : blocks_) {
            if (vote.target.kind == kNotarize && block.id == vote.target.block) {
                restored.blocks.push_back(header_of(name));
            }
        }
    }
    boot(std::move(restored));
    return start();
}

Lines Scenario::restart_after(std::size_t kept) {
    for (std::size_t i = last_.size(); i > kept; --i) {
        if (std::holds_alternative<PersistVote>(last_[i - 1])) {
            journal_.own_votes.pop_back();
        }
        if (std::holds_alternative<PersistCertificate>(last_[i - 1])) {
            journal_.certificates.pop_back();
        }
        if (std::holds_alternative<Finalized>(last_[i - 1])) {
            journal_.final.reset();
        }
    }
    return restart();
}

VoteTarget Scenario::target(VoteKind kind, std::uint64_t view, const std::string& name) const {
    return {kind, epoch_, View{view}, name.empty() ? Digest{} : ref(name).id};
}

Vote Scenario::signed_vote(ValidatorIndex signer, VoteKind kind, std::uint64_t view, const std::string& name) const {
    return signers_.vote(target(kind, view, name), signer);
}

Certificate Scenario::quorum(VoteKind kind, std::uint64_t view, const std::string& name) const {
    Members members;
    const std::size_t size = signers_.set().size();
    for (std::size_t i = size - signers_.set().quorum(); i < size; ++i) {
        members.push_back(static_cast<ValidatorIndex>(i));
    }
    return signers_.certificate(target(kind, view, name), members);
}

std::optional<Certificate> Scenario::parent_certificate(const std::string& name) const {
    const BlockRef& block = ref(name);
    if (block.parent == ref("root").id) {
        return epoch_ == Epoch{0} ? std::nullopt : std::optional{root_finality({0, 1, 2, 3, 4})};
    }
    return quorum(kNotarize, block.parent_view.raw(), name_of(block.parent));
}

std::string Scenario::name_of(const Digest& id) const {
    for (const auto& [name, block] : blocks_) {
        if (block.id == id) {
            return name;
        }
    }
    return "?";
}

std::string Scenario::text(const VoteTarget& target) const {
    const std::string view = number(target.view);
    if (target.kind == kNullify) {
        return "nullify " + view;
    }
    return (target.kind == kNotarize ? "notarize " : "finalize ") + view + " " + name_of(target.block);
}

std::string Scenario::text(const Effect& effect) const {
    return std::visit(
        Overloaded{
            [this](const PersistVote& e) { return "persist vote " + text(e.vote.target); },
            [this](const PersistCertificate& e) { return "persist certificate " + text(e.certificate.target); },
            [this](const BroadcastProposal& e) { return "proposal " + name_of(e.id); },
            [this](const BroadcastVote& e) { return "vote " + text(e.vote.target); },
            [this](const BroadcastCertificate& e) { return "certificate " + text(e.certificate.target); },
            [this](const SendCertificate& e) {
                return "certificate " + text(e.certificate.target) + " to " + std::to_string(e.to);
            },
            [](const AskView& e) { return "ask " + number(e.view) + " of " + (e.to ? std::to_string(*e.to) : "all"); },
            [this](const BuildBlock& e) {
                return "build " + number(e.view) + " on " + name_of(e.parent) + (e.allow_empty ? " may be empty" : "");
            },
            [this](const CheckBlock& e) { return "check " + name_of(e.id) + (e.check_time ? " and time" : ""); },
            [this](const FetchBlock& e) { return "fetch " + name_of(e.id); },
            [this](const CatchUp& e) { return "catch up to " + name_of(e.target.id); },
            [](const SetTimer& e) { return "timer " + consensus::name_of(e.kind) + " " + std::to_string(e.after_ms); },
            [](const CancelTimer& e) { return "cancel " + consensus::name_of(e.kind); },
            [this](const Finalized& e) { return "final " + name_of(e.block.id); },
            [this](const Alarm& e) { return "alarm " + name_of(e.id); },
            [](const Equivocation& e) { return "equivocation of " + std::to_string(e.first.signer); },
            [](const Blame& e) { return "blame " + std::to_string(e.peer); },
            [](const ViewEntered& e) { return "view " + number(e.view); },
        },
        effect);
}

}  // namespace probatum::consensus
