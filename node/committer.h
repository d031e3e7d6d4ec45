#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "ledger/store/chain_store.h"
#include "node/clock.h"
#include "node/final_view.h"
#include "node/lane.h"
#include "node/mempool.h"
#include "node/pending_state.h"
#include "node/stage_costs.h"
#include "node/waiters.h"

namespace probatum::node {

/// A final block on its way into the database. It and its certificate are in the journal, synced.
struct FinalBlock {
    ExecutedPtr executed;
    ledger::store::Position position;
    std::optional<ledger::Certificate> finality;  ///< Where this very block is directly final.
    std::uint64_t scan_from{0};
};

/// What to tell who waits for a transaction whose validity ended. `expired` (sign anew) only where no block can hold it
/// any more: blocks above a final one of at least this time are later still. Otherwise not_final_yet.
[[nodiscard]] Error expired_at(UnixMs final_time, UnixMs valid_until);

/// The commit lane: final blocks in order into LevelDB, then the new final view to everybody and the receipts to
/// those who wait. Queue policy: unbounded here, bounded by the leaders, who stop proposing while it lags
/// (kMaxUncommitted). Threads: push, view, committed from any.
class Committer {
public:
    struct Ports {
        std::function<void(Height)> committed;  ///< After each block, from the commit lane.
        std::function<UnixMs()> expiry_time;    ///< What is valid no longer than this has expired.
        const Clock& clock;
    };

    Committer(ledger::store::ChainStore& chain, FinalView::Parts start, Mempool& pool, Waiters& waiters,
              StageCosts& costs, Ports ports, std::unique_ptr<Lane> lane);
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    void start();
    void push(FinalBlock block) {
        lane_->post([this, block = std::move(block)] { commit_now(block); });
    }
    /// Commits what waits, then ends.
    void stop() { lane_->stop(); }
    /// Ends after the block under way, as a crash would.
    void abandon() { lane_->abandon(); }
    /// On the calling thread, before start(): for blocks that are executed again at a start.
    void commit_now(const FinalBlock& block);

    [[nodiscard]] FinalViewPtr view() const;
    [[nodiscard]] CommittedBase committed() const { return view()->base(); }

private:
    void turn();
    void publish(const FinalBlock& block);
    void answer_waiters(const ledger::Certificate& finality);

    ledger::store::ChainStore& chain_;
    Mempool& pool_;
    Waiters& waiters_;
    StageCosts& costs_;
    Ports ports_;
    Moment next_tick_{};
    Moment next_expiry_{};
    mutable std::mutex mutex_;
    FinalView::Parts parts_;
    FinalViewPtr view_;
    std::vector<ExecutedPtr> unanswered_;  ///< Committed, but the certificate is for a later block.
    std::unique_ptr<Lane> lane_;           ///< Ends first.
};

}  // namespace probatum::node
