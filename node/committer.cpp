#include "node/committer.h"

#include <chrono>

#include "node/receipts.h"

namespace probatum::node {

namespace {
constexpr auto kTick = std::chrono::milliseconds{50};
constexpr auto kExpiry = std::chrono::milliseconds{1000};
}  // namespace

Error expired_at(UnixMs final_time, UnixMs valid_until) {
    if (final_time >= valid_until) {
        return {Errc::expired};
    }
    return {Errc::not_final_yet, "valid_until",
            "it has passed, but a block that is not final yet may hold the transaction"};
}

Committer::Committer(ledger::store::ChainStore& chain, FinalView::Parts start, Mempool& pool, Waiters& waiters,
                     StageCosts& costs, Ports ports, std::unique_ptr<Lane> lane)
    : chain_{chain},
      pool_{pool},
      waiters_{waiters},
      costs_{costs},
      ports_{std::move(ports)},
      parts_{std::move(start)},
      view_{std::make_shared<const FinalView>(parts_)},
      lane_{std::move(lane)} {}

void Committer::start() {
    next_tick_ = ports_.clock.now() + kTick;
    next_expiry_ = next_tick_;
    lane_->start({[this] {
                      turn();
                      return true;
                  },
                  [this] { return next_tick_; }});
}

FinalViewPtr Committer::view() const {
    const std::lock_guard lock{mutex_};
    return view_;
}

void Committer::turn() {
    const Moment now = ports_.clock.now();
    if (now < next_tick_) {
        return;
    }
    waiters_.time_out(now);
    next_tick_ = now + kTick;
    if (now < next_expiry_) {
        return;
    }
    next_expiry_ = now + kExpiry;
    const UnixMs limit = ports_.expiry_time();
    const Error answer = expired_at(view()->head().time, limit);
    for (const Digest& id : pool_.expire(limit)) {
        for (const auto& done : waiters_.take(id)) {
            done(fail(answer));
        }
    }
}

void Committer::commit_now(const FinalBlock& block) {
    const ExecutedBlock& executed = *block.executed;
    {
        const StageTimer timer{costs_, Stage::disk, executed.block->transactions.size()};
        chain_.commit({executed.block, block.position, executed.entries, executed.writes, executed.events,
                       executed.index, block.finality, block.scan_from});
    }
    publish(block);
    pool_.remove_final(executed.block->transactions);
    unanswered_.push_back(block.executed);
    if (block.finality) {
        answer_waiters(*block.finality);
    }
    ports_.committed(executed.block->header.height);
}

void Committer::publish(const FinalBlock& block) {
    FinalView::Parts parts = parts_;
    parts.base = {chain_.view(), block.executed->tree};
    auto next = std::make_shared<const FinalView>(parts);
    FinalViewPtr before;  // dies outside the lock
    const std::lock_guard lock{mutex_};
    parts_ = std::move(parts);
    before = std::exchange(view_, std::move(next));
}

void Committer::answer_waiters(const ledger::Certificate& finality) {
    const std::vector<ExecutedPtr> chain = std::exchange(unanswered_, {});
    if (waiters_.empty()) {
        return;
    }
    for (std::size_t position = 0; position < chain.size(); ++position) {
        std::optional<FreshReceipts> receipts;
        const auto& transactions = chain[position]->block->transactions;
        for (std::uint32_t index = 0; index < transactions.size(); ++index) {
            const std::vector<Waiters::Done> waiting = waiters_.take(transactions[index]->id());
            if (waiting.empty()) {
                continue;
            }
            if (!receipts) {
                receipts.emplace(chain, position, finality);
            }
            for (const auto& done : waiting) {
                done(receipts->make(index));
            }
        }
    }
}

}  // namespace probatum::node
