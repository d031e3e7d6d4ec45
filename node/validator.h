#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "consensus/core.h"
#include "node/committer.h"
#include "node/driver.h"
#include "node/executor.h"
#include "node/mempool.h"
#include "node/network.h"
#include "node/signature_pool.h"
#include "node/storage.h"
#include "node/waiters.h"

namespace probatum::node {

/// One validator (or observer), whole: everything between its ports and nothing beside them. Node gives it threads,
/// sockets, clocks and a disk; the simulator gives it models of them and many run in one thread.
/// Threads: those of its lanes; the client functions may be called from any between start() and stop(); open, attach,
/// start, stop from one.
class Validator final : public PeerHandler, private SubmissionContext, private ExecutionPorts {
public:
    /// All of them outlive the validator.
    struct Ports {
        const Clock& clock;
        Lanes& lanes;
        const ledger::SignatureChecker& checker;  ///< Of votes, certificates and transactions.
        const consensus::VoteSigner* signer;      ///< Of own votes; nullptr exactly for an observer.
        std::function<void(const Error&)> alarm;  ///< Told once, from some lane, when this node must stop.
    };
    struct Options {
        PoolConfig pool{};
        std::size_t check_threads{1};  ///< For signatures.
        RangeLimits range{};           ///< Of what one answer to who catches up holds.
        std::optional<SuccessionPlan> succession{};
        bool measure_costs{true};  ///< Reads the clock of the thread; what status() says of stages is empty without.
    };

    /// Executes again what is final in the journal and not in the database. storage_corrupt where that is refused,
    /// succession_invalid where the chain has gone on otherwise than the succession says.
    [[nodiscard]] static Result<std::unique_ptr<Validator>> open(Membership who, Options options, Storage storage,
                                                                 Ports ports);
    ~Validator() override;
    Validator(const Validator&) = delete;
    Validator& operator=(const Validator&) = delete;

    /// Restores consensus. From here on the network may call; what it says waits for start(). Once.
    [[nodiscard]] Result<void> attach(Network& network);
    void start();
    /// Takes nothing new, finishes what is under way (`orderly`; otherwise stops as a crash would, nothing is flushed
    /// that is not flushed already). Waiting clients are answered not_ready. The network is quiet by then.
    void stop(bool orderly);

    // PeerHandler
    Height final_height() override { return driver_->served_height(); }
    void on_connected(PeerId peer, const Hello& hello) override;
    void on_disconnected(PeerId peer) override;
    Result<void> on_message(PeerId from, Message message) override;

    // Clients; see Service for their contracts.
    void submit(Bytes wire, std::function<void(Result<Submitted>)> done);
    void await_final(const Digest& transaction, std::chrono::milliseconds timeout, Waiters::Done done);
    [[nodiscard]] Result<Receipt> receipt(const Digest& transaction) const;
    [[nodiscard]] ledger::TransactionPtr pending(const Digest& transaction) const { return pool_.find(transaction); }
    [[nodiscard]] FinalViewPtr view() const { return committer_.view(); }
    [[nodiscard]] Status status() const;
    [[nodiscard]] DriverStatus driver_status() const { return driver_ ? driver_->status() : DriverStatus{}; }
    [[nodiscard]] const Membership& membership() const { return who_; }
    /// Of the epoch that the next block belongs to.
    [[nodiscard]] RulesPtr rules() const;
    [[nodiscard]] Mempool::Size pool_size() const { return pool_.size(); }
    [[nodiscard]] const ledger::store::Journal& journal() const { return *storage_.journal; }

    /// Stops this validator from outside: the disk failed.
    void raise(const Error& error);

private:
    Validator(Membership who, const Options& options, Storage storage, Ports ports);

    // SubmissionContext
    std::shared_ptr<const ledger::StateView> final_state() const override { return committer_.view(); }
    Result<void> admit(const ledger::Transaction& transaction) const override;
    bool is_final(const Digest& transaction) const override {
        return committer_.view()->locate(transaction).has_value();
    }
    void gossip(const std::vector<ledger::TransactionPtr>& transactions) override;
    void pool_grew() override { driver_->on_pool_grew(); }

    // ExecutionPorts
    CommittedBase committed() const override { return committer_.committed(); }
    const contracts::Genesis& genesis() const override { return who_.genesis; }
    RulesPtr rules_of_child(const ledger::StateView& after) const override;
    Result<void> check_signature(const ledger::Transaction& transaction, const ledger::StateView& state) override {
        return signatures_.check_now(transaction, state);
    }
    void inadmissible(const Digest& transaction, const Error& why) override;

    [[nodiscard]] Result<void> recover();
    [[nodiscard]] Result<void> plan_succession(std::optional<SuccessionPlan> plan);
    [[nodiscard]] Result<Driver::Start> driver_start(const ChainRules& rules) const;
    [[nodiscard]] Result<consensus::Root> root_of(const ChainRules& rules) const;
    [[nodiscard]] Result<void> may_submit() const;
    [[nodiscard]] FinalView::Parts start_view() const;
    [[nodiscard]] Committer::Ports commit_ports();

    const Membership who_;
    Storage storage_;
    const Ports ports_;
    StageCosts costs_;
    const RangeLimits range_limits_;
    Mempool pool_;
    Waiters waiters_;
    Committer committer_;
    Executor executor_;
    SignaturePool signatures_;
    const std::unique_ptr<Lane> execution_;
    const std::unique_ptr<Lane> serving_;
    const std::unique_ptr<Lane> answers_;
    const std::unique_ptr<Lane> consensus_;
    Network* network_{nullptr};
    std::unique_ptr<Driver> driver_;
    std::atomic<bool> running_{false};
    bool stopped_{false};
    std::optional<SuccessionPlan> succession_;
    mutable std::mutex alarm_mutex_;
    std::optional<Error> alarm_;
};

}  // namespace probatum::node
