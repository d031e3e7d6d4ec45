#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "consensus/core.h"
#include "keyed_hash.h"
#include "message.h"
#include "random.h"

namespace probatum::sim {

class Cluster;

/// What a disk keeps over a crash.
struct Journal {
    std::vector<Vote> votes;
    std::vector<Certificate> certificates;
    std::map<Digest, SimBlock> blocks;
    std::optional<consensus::Restored::Final> final;
};

/// One validator: the core, and the simplest node around it that keeps the contract of events and effects.
class SimNode {
public:
    SimNode(Cluster& cluster, ValidatorIndex index);
    virtual ~SimNode() = default;

    void start();
    void crash();
    [[nodiscard]] bool is_up() const { return core_.has_value(); }
    [[nodiscard]] ValidatorIndex index() const { return index_; }
    [[nodiscard]] const Journal& journal() const { return journal_; }
    [[nodiscard]] Height final_height() const { return journal_.final ? journal_.final->block.height : Height{0}; }
    [[nodiscard]] const std::set<Transaction>& final_transactions() const { return final_transactions_; }
    [[nodiscard]] consensus::Status status() const { return core_->status(); }
    [[nodiscard]] virtual bool is_honest() const { return true; }

    void receive(ValidatorIndex from, const Message& message);
    void timer_fired(consensus::TimerKind kind, std::uint64_t timer, std::uint64_t life);
    void tell(const consensus::Event& event, std::uint64_t life);
    void add_transaction(Transaction transaction);

protected:
    // Liars bend these.
    virtual void broadcast(const Message& message);
    virtual void send(ValidatorIndex to, const Message& message);
    virtual void heard(ValidatorIndex, const Message&) {}

    void step(const consensus::Event& event);
    void carry_out(const consensus::Effect& effect);
    void perform(const consensus::PersistVote& effect);
    void perform(const consensus::PersistCertificate& effect);
    void perform(const consensus::BroadcastProposal& effect);
    void perform(const consensus::BroadcastVote& effect);
    void perform(const consensus::BroadcastCertificate& effect);
    void perform(const consensus::SendCertificate& effect);
    void perform(const consensus::AskView& effect);
    void perform(const consensus::BuildBlock& effect);
    void perform(const consensus::CheckBlock& effect);
    void perform(const consensus::FetchBlock& effect);
    void perform(const consensus::CatchUp& effect);
    void perform(const consensus::SetTimer& effect);
    void perform(const consensus::CancelTimer& effect);
    void perform(const consensus::Finalized& effect);
    void perform(const consensus::Alarm& effect);
    void perform(const consensus::Equivocation& effect);
    void perform(const consensus::Blame& effect);
    void perform(const consensus::ViewEntered& effect);

    void on(ValidatorIndex from, const Gossip& message);
    void on(ValidatorIndex from, const ProposalMessage& message);
    void on(ValidatorIndex from, const VoteMessage& message);
    void on(ValidatorIndex from, const CertificateMessage& message);
    void on(ValidatorIndex from, const AskViewMessage& message);
    void on(ValidatorIndex from, const FetchMessage& message);
    void on(ValidatorIndex from, const BlockMessage& message);
    void on(ValidatorIndex from, const SyncRequest& message);
    void on(ValidatorIndex from, const SyncReply& message);

    void apply_final(const BlockRef& block, const Certificate& certificate);
    void tell_work();
    [[nodiscard]] std::set<Transaction> waiting_above(const Digest& parent) const;
    [[nodiscard]] Digest final_id() const;

    Cluster& cluster_;
    ValidatorIndex index_;
    testing::MemberSigner signer_;
    Journal journal_;
    std::set<Transaction> final_transactions_;

    std::optional<consensus::Core> core_;
    std::uint64_t life_{0};
    std::map<Digest, SimBlock> blocks_;
    std::set<Digest> executed_;
    std::set<Transaction> pool_;
    std::array<std::optional<std::uint64_t>, consensus::kTimerKinds> timers_{};
};

}  // namespace probatum::sim
