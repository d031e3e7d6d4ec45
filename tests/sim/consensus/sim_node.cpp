#include "sim_node.h"

#include <algorithm>

#include "cluster.h"

namespace probatum::sim {

using namespace consensus;

SimNode::SimNode(Cluster& cluster, ValidatorIndex index)
    : cluster_{cluster}, index_{index}, signer_{cluster.signers(), index} {}

void SimNode::start() {
    ++life_;
    blocks_ = journal_.blocks;
    executed_.clear();
    Restored restored;
    restored.final = journal_.final;
    const View above = journal_.final ? journal_.final->block.view : View{0};
    for (const Vote& vote : journal_.votes) {
        if (vote.target.view > above) {
            restored.own_votes.push_back(vote);
        }
    }
    for (const Certificate& certificate : journal_.certificates) {
        if (certificate.target.view >= above) {
            restored.certificates.push_back(certificate);
        }
    }
    for (const auto& [id, block] : journal_.blocks) {
        if (block.ref.height > final_height()) {
            restored.blocks.push_back(block.ref);
        }
    }
    core_.emplace(cluster_.setup(index_), cluster_.checker(), &signer_, std::move(restored));
    step(Started{});
    tell_work();
}

void SimNode::crash() {
    core_.reset();
    ++life_;
    timers_ = {};
    pool_.clear();
}

void SimNode::step(const Event& event) {
    if (!core_) {
        return;
    }
    cluster_.note(1, index_, event.index());
    const std::uint64_t life = life_;
    for (const Effect& effect : core_->step(event)) {
        if (is_honest() && cluster_.dies_here()) {
            // Whatever stood after the last finished effect is lost, on disk and on the wire.
            crash();
            cluster_.revive_later(index_);
        }
        if (life != life_) {
            return;
        }
        cluster_.note(2, index_, effect.index());
        carry_out(effect);
    }
}

void SimNode::carry_out(const Effect& effect) {
    std::visit([this](const auto& known) { perform(known); }, effect);
}

void SimNode::broadcast(const Message& message) {
    for (ValidatorIndex to = 0; to < cluster_.size(); ++to) {
        if (to != index_) {
            send(to, message);
        }
    }
}

void SimNode::send(ValidatorIndex to, const Message& message) { cluster_.post(index_, to, message); }

void SimNode::tell(const Event& event, std::uint64_t life) {
    if (life == life_) {
        step(event);
    }
}

// --- Effects ---

void SimNode::perform(const PersistVote& effect) {
    if (effect.vote.target.kind == VoteKind::notarize) {
        const auto block = blocks_.find(effect.vote.target.block);
        if (block == blocks_.end()) {
            cluster_.fail("notarized a block that is not held");
        } else {
            journal_.blocks.insert(*block);
        }
    }
    journal_.votes.push_back(effect.vote);
    if (is_honest()) {
        cluster_.vote_seen(effect.vote);
    }
}

void SimNode::perform(const PersistCertificate& effect) { journal_.certificates.push_back(effect.certificate); }

void SimNode::perform(const BroadcastProposal& effect) {
    if (std::ranges::count(journal_.votes, effect.leader_vote) != 1) {
        cluster_.fail("a proposal left before its vote was on disk");
    }
    const auto block = blocks_.find(effect.id);
    if (block == blocks_.end()) {
        return cluster_.fail("proposed a block that is not held");
    }
    broadcast(ProposalMessage{block->second, effect.leader_vote});
}

void SimNode::perform(const BroadcastVote& effect) {
    if (std::ranges::count(journal_.votes, effect.vote) != 1) {
        cluster_.fail("a vote left before it was on disk");
    }
    broadcast(VoteMessage{effect.vote});
}

void SimNode::perform(const BroadcastCertificate& effect) {
    const bool durable = std::ranges::count(journal_.certificates, effect.certificate) != 0 ||
                         (journal_.final && journal_.final->certificate == effect.certificate);
    if (!durable) {
        cluster_.fail("a certificate left before it was on disk");
    }
    broadcast(CertificateMessage{effect.certificate});
}

void SimNode::perform(const SendCertificate& effect) { send(effect.to, CertificateMessage{effect.certificate}); }

void SimNode::perform(const AskView& effect) {
    if (effect.to) {
        send(*effect.to, AskViewMessage{effect.view});
    } else {
        broadcast(AskViewMessage{effect.view});
    }
}

void SimNode::perform(const BuildBlock& effect) {
    if (effect.parent != final_id() && !executed_.contains(effect.parent)) {
        cluster_.fail("asked to build on an unexecuted parent");
    }
    SimBlock block;
    block.transactions = waiting_above(effect.parent);
    block.parent_certificate = effect.parent_certificate;
    const std::uint64_t life = life_;
    const std::uint64_t delay = cluster_.random().below(4);
    if (block.transactions.empty() && !effect.allow_empty) {
        cluster_.later(delay, [this, life, view = effect.view] { tell(BuildDeclined{view}, life); });
        return;
    }
    block.ref = {{},
                 Epoch{0},
                 effect.height,
                 effect.view,
                 effect.parent,
                 effect.parent_view,
                 index_,
                 !block.transactions.empty()};
    block.ref.id = testing::digest_of_text("block " + std::to_string(index_) + " " + std::to_string(effect.view.raw()) +
                                           " " + std::to_string(cluster_.random().next()));
    cluster_.later(delay, [this, life, block] {
        if (life != life_) {
            return;
        }
        blocks_[block.ref.id] = block;
        executed_.insert(block.ref.id);
        tell(BlockBuilt{block.ref}, life);
    });
}

void SimNode::perform(const CheckBlock& effect) {
    const auto block = blocks_.find(effect.id);
    if (block == blocks_.end()) {
        return cluster_.fail("asked to check a block that is not held");
    }
    const SimBlock& known = block->second;
    if (known.ref.parent != final_id() && !executed_.contains(known.ref.parent)) {
        cluster_.fail("asked to check on an unexecuted parent");
    }
    const std::uint64_t life = life_;
    cluster_.later(cluster_.random().below(6), [this, life, id = effect.id, valid = known.valid] {
        if (life != life_) {
            return;
        }
        if (valid) {
            executed_.insert(id);
        }
        tell(BlockExecuted{id, valid}, life);
    });
    if (effect.check_time) {
        cluster_.later(cluster_.random().below(6), [this, life, id = effect.id] { tell(BlockTimely{id}, life); });
    }
}

void SimNode::perform(const FetchBlock& effect) {
    if (const auto held = blocks_.find(effect.id); held != blocks_.end()) {
        cluster_.later(0, [this, life = life_, block = held->second] {
            tell(BlockArrived{block.ref, block.parent_certificate}, life);
        });
        return;
    }
    if (!effect.from.empty()) {
        send(cluster_.random().pick(effect.from), FetchMessage{effect.id});
    }
}

void SimNode::perform(const CatchUp&) {
    ValidatorIndex peer = index_;
    while (peer == index_) {
        peer = static_cast<ValidatorIndex>(cluster_.random().below(cluster_.size()));
    }
    send(peer, SyncRequest{final_height()});
}

void SimNode::perform(const SetTimer& effect) {
    timers_[static_cast<std::size_t>(effect.kind)] = effect.timer;
    cluster_.later(effect.after_ms, [this, life = life_, effect] { timer_fired(effect.kind, effect.timer, life); });
}

void SimNode::perform(const CancelTimer& effect) { timers_[static_cast<std::size_t>(effect.kind)].reset(); }

void SimNode::timer_fired(TimerKind kind, std::uint64_t timer, std::uint64_t life) {
    auto& running = timers_[static_cast<std::size_t>(kind)];
    if (life != life_ || running != timer) {
        return;
    }
    running.reset();
    step(TimerFired{timer});
}

void SimNode::perform(const Finalized& effect) {
    for (Digest id = effect.block.id; id != final_id();) {
        const auto block = blocks_.find(id);
        if (block == blocks_.end() || !executed_.contains(id)) {
            return cluster_.fail("final before it was held and executed");
        }
        if (block->second.ref.height <= final_height()) {
            return cluster_.fail("final beside what was final before");
        }
        id = block->second.ref.parent;
    }
    apply_final(effect.block, effect.certificate);
    tell_work();
}

void SimNode::apply_final(const BlockRef& block, const Certificate& certificate) {
    for (Digest id = block.id; id != final_id();) {
        const SimBlock& known = blocks_.at(id);
        journal_.blocks.insert({id, known});
        final_transactions_.insert(known.transactions.begin(), known.transactions.end());
        if (is_honest()) {
            cluster_.final_seen(index_, known.ref);
        }
        id = known.ref.parent;
    }
    for (const Transaction done : final_transactions_) {
        pool_.erase(done);
    }
    journal_.final = {block, certificate};
    std::erase_if(journal_.votes, [&](const Vote& vote) { return vote.target.view <= block.view; });
    std::erase_if(journal_.certificates, [&](const Certificate& kept) { return kept.target.view < block.view; });
}

void SimNode::perform(const Alarm&) {
    if (is_honest()) {
        cluster_.fail("alarm at " + std::to_string(index_));
    }
}
void SimNode::perform(const Equivocation& effect) { cluster_.equivocation_seen(effect); }
void SimNode::perform(const Blame& effect) { cluster_.blame_seen(effect); }
void SimNode::perform(const ViewEntered&) {
    // Waiting transactions are gossiped again in each view.
    for (const Transaction waiting : pool_) {
        broadcast(Gossip{waiting});
    }
}

// --- Messages ---

void SimNode::receive(ValidatorIndex from, const Message& message) {
    if (!core_) {
        return;
    }
    heard(from, message);
    std::visit([&](const auto& known) { on(from, known); }, message);
}

void SimNode::on(ValidatorIndex, const Gossip& message) {
    if (final_transactions_.contains(message.transaction) || !pool_.insert(message.transaction).second) {
        return;
    }
    tell_work();
}

void SimNode::add_transaction(Transaction transaction) {
    if (!core_) {
        return;
    }
    broadcast(Gossip{transaction});
    on(index_, Gossip{transaction});
}

void SimNode::tell_work() {
    cluster_.later(0, [this, life = life_] { tell(WorkChanged{!pool_.empty()}, life); });
}

void SimNode::on(ValidatorIndex from, const ProposalMessage& message) {
    if (from != message.block.ref.proposer) {
        return;  // as the driver: only the proposer itself proposes
    }
    blocks_.insert({message.block.ref.id, message.block});
    step(ProposalArrived{message.block.ref, message.leader_vote, message.block.parent_certificate});
}

void SimNode::on(ValidatorIndex from, const VoteMessage& message) { step(VoteArrived{message.vote, from}); }
void SimNode::on(ValidatorIndex from, const CertificateMessage& message) {
    step(CertificateArrived{message.certificate, from});
}
void SimNode::on(ValidatorIndex from, const AskViewMessage& message) { step(ViewAsked{message.view, from}); }

void SimNode::on(ValidatorIndex from, const FetchMessage& message) {
    const auto block = blocks_.find(message.id);
    if (block != blocks_.end()) {
        send(from, BlockMessage{block->second});
    }
}

void SimNode::on(ValidatorIndex, const BlockMessage& message) {
    blocks_.insert({message.block.ref.id, message.block});
    step(BlockArrived{message.block.ref, message.block.parent_certificate});
}

void SimNode::on(ValidatorIndex from, const SyncRequest& message) {
    if (!journal_.final || journal_.final->block.height <= message.above) {
        return;
    }
    SyncReply reply{{}, journal_.final->certificate};
    for (Digest id = journal_.final->block.id; id != cluster_.chain_id();) {
        const SimBlock& block = journal_.blocks.at(id);
        if (block.ref.height <= message.above) {
            break;
        }
        reply.blocks.insert(reply.blocks.begin(), block);
        id = block.ref.parent;
    }
    send(from, reply);
}

void SimNode::on(ValidatorIndex, const SyncReply& message) {
    Digest at = final_id();
    for (const SimBlock& block : message.blocks) {
        if (block.ref.height <= final_height()) {
            continue;
        }
        if (block.ref.parent != at || !block.valid) {
            return;
        }
        at = block.ref.id;
    }
    if (at == final_id() || !message.certificate || message.certificate->target.block != at) {
        return;
    }
    const bool proven = ledger::verify_certificate(*message.certificate, cluster_.signers().set(), cluster_.chain_id(),
                                                   cluster_.checker())
                            .has_value();
    if (!proven || message.certificate->target.kind != VoteKind::finalize) {
        return;
    }
    for (const SimBlock& block : message.blocks) {
        blocks_.insert({block.ref.id, block});
        executed_.insert(block.ref.id);
    }
    const BlockRef tip = message.blocks.back().ref;
    apply_final(tip, *message.certificate);
    step(SyncedToFinal{tip, *message.certificate});
    if (core_) {
        tell_work();
    }
}

// --- The chain ---

Digest SimNode::final_id() const { return journal_.final ? journal_.final->block.id : cluster_.chain_id(); }

std::set<Transaction> SimNode::waiting_above(const Digest& parent) const {
    std::set<Transaction> waiting = pool_;
    for (Digest id = parent; id != final_id();) {
        const auto block = blocks_.find(id);
        if (block == blocks_.end()) {
            break;
        }
        for (const Transaction included : block->second.transactions) {
            waiting.erase(included);
        }
        id = block->second.ref.parent;
    }
    return waiting;
}

}  // namespace probatum::sim
