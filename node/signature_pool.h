#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "base/key.h"
#include "ledger/state_view.h"
#include "ledger/transaction.h"
#include "ledger/verified.h"
#include "node/lane.h"
#include "node/mempool.h"
#include "node/service.h"
#include "node/stage_costs.h"

namespace probatum::node {

/// What the workers need of the node.
class SubmissionContext {
public:
    virtual ~SubmissionContext() = default;
    /// The last final state, for keys and admission.
    [[nodiscard]] virtual std::shared_ptr<const ledger::StateView> final_state() const = 0;
    /// Error where a client's transaction cannot stand in a block now (contracts::admit).
    [[nodiscard]] virtual Result<void> admit(const ledger::Transaction& transaction) const = 0;
    [[nodiscard]] virtual bool is_final(const Digest& transaction) const = 0;
    /// Freshly pooled transactions that came from clients of this node: to be gossiped.
    virtual void gossip(const std::vector<ledger::TransactionPtr>& transactions) = 0;
    /// The pool gained something.
    virtual void pool_grew() = 0;
};

/// Decodes transactions and checks their signatures once, on a lane of several threads that let every other one go
/// first, and puts what holds into the pool. Queue policy: clients are answered pool_full when it is full, gossip is
/// dropped. Threads: any.
class SignaturePool {
public:
    /// @param lane  not started; `checker` and all others outlive the pool.
    SignaturePool(std::unique_ptr<Lane> lane, const ledger::SignatureChecker& checker, Mempool& pool,
                  SubmissionContext& context, StageCosts& costs);
    SignaturePool(const SignaturePool&) = delete;
    SignaturePool& operator=(const SignaturePool&) = delete;

    /// `done` is called once, from a worker, or from here when the queue is full.
    void submit(Bytes wire, std::function<void(Result<Submitted>)> done);
    /// Ids that Mempool::begin_checks() returned. `dishonest` is called where the sender's claimed id was false or the
    /// bytes do not decode.
    void check_gossip(std::vector<Digest> ids, std::function<void()> dishonest);
    /// On the calling thread: what a block brought and the pool does not know. bad_signature, unknown_key.
    [[nodiscard]] Result<void> check_now(const ledger::Transaction& transaction, const ledger::StateView& state);
    void start() { lane_->start(); }
    /// Answers what waits, then ends.
    void stop() { lane_->stop(); }
    void abandon() { lane_->abandon(); }

private:
    Result<Submitted> accept(Bytes wire);
    void spread();
    void accept_gossiped(const Digest& id, const std::function<void()>& dishonest);
    Result<PublicKey> key_of(const KeyId& id, const ledger::StateView& state);

    Mempool& pool_;
    SubmissionContext& context_;
    StageCosts& costs_;
    const ledger::SignatureChecker& checker_;
    std::mutex fresh_mutex_;
    std::vector<ledger::TransactionPtr> fresh_;  ///< From clients, not gossiped yet.
    std::shared_mutex keys_mutex_;
    std::unordered_map<Digest, PublicKey, DigestHash> keys_;  ///< A key id is the hash of its key, so it never changes.
    std::unique_ptr<Lane> lane_;                              ///< Ends first.
};

}  // namespace probatum::node
