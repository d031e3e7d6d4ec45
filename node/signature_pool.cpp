#include "node/signature_pool.h"

#include "contracts/execution.h"

namespace probatum::node {

namespace {
constexpr std::size_t kMaxCachedKeys = 65'536;
constexpr std::size_t kGossipBatch = 64;

bool is_malformed(Errc code) {
    return code == Errc::malformed || code == Errc::foreign_chain || code == Errc::bad_commitment ||
           code == Errc::missing_opening;
}
}  // namespace

SignaturePool::SignaturePool(std::unique_ptr<Lane> lane, const ledger::SignatureChecker& checker, Mempool& pool,
                             SubmissionContext& context, StageCosts& costs)
    : pool_{pool}, context_{context}, costs_{costs}, checker_{checker}, lane_{std::move(lane)} {}

void SignaturePool::submit(Bytes wire, std::function<void(Result<Submitted>)> done) {
    const auto job = std::make_shared<Bytes>(std::move(wire));
    if (!lane_->try_post([this, job, done] {
            done(accept(std::move(*job)));
            spread();
        })) {
        done(fail(Errc::pool_full, {}, "retry_after_ms=500"));
    }
}

void SignaturePool::check_gossip(std::vector<Digest> ids, std::function<void()> dishonest) {
    const auto job = std::make_shared<const std::vector<Digest>>(std::move(ids));
    if (lane_->try_post([this, job, dishonest = std::move(dishonest)] {
            for (const Digest& id : *job) {
                accept_gossiped(id, dishonest);
            }
            spread();
        })) {
        return;
    }
    for (const Digest& id : *job) {
        (void)pool_.take_unchecked(id);
    }
}

/// Batches grow by themselves under load and cost nothing when idle.
void SignaturePool::spread() {
    std::vector<ledger::TransactionPtr> batch;
    {
        const std::lock_guard lock{fresh_mutex_};
        if (fresh_.empty() || (fresh_.size() < kGossipBatch && lane_->waiting() > 0)) {
            return;
        }
        batch.swap(fresh_);
    }
    context_.gossip(batch);
}

Result<Submitted> SignaturePool::accept(Bytes wire) {
    const bool measured = StageTimer::sample();
    ledger::TransactionPtr transaction;
    {
        const StageTimer timer{costs_, Stage::decode, 1, measured};
        PROBATUM_LET(decoded, ledger::Transaction::decode(std::move(wire)));
        transaction = std::move(decoded);
    }
    const Digest& id = transaction->id();
    const Known known = pool_.look(id);
    if (known == Known::pooled) {
        return Submitted{id, false, true};
    }
    if (known == Known::recently_final || context_.is_final(id)) {
        return Submitted{id, true, false};
    }
    PROBATUM_TRY(context_.admit(*transaction));
    {
        const StageTimer timer{costs_, Stage::check, 1, measured};
        PROBATUM_TRY(check_now(*transaction, *context_.final_state()));
    }
    const StageTimer timer{costs_, Stage::pool, 1, measured};
    PROBATUM_LET(added, pool_.add(transaction, contracts::work_units(*transaction)));
    if (!added) {
        return Submitted{id, false, true};
    }
    {
        const std::lock_guard lock{fresh_mutex_};
        fresh_.push_back(std::move(transaction));
    }
    context_.pool_grew();
    return Submitted{id, false, false};
}

void SignaturePool::accept_gossiped(const Digest& id, const std::function<void()>& dishonest) {
    std::optional<Bytes> wire = pool_.take_unchecked(id);
    if (!wire) {
        return;
    }
    const bool measured = StageTimer::sample();
    ledger::TransactionPtr transaction;
    {
        const StageTimer timer{costs_, Stage::decode, 1, measured};
        auto decoded = ledger::Transaction::decode(*std::move(wire));
        if (!decoded || (*decoded)->id() != id) {
            dishonest();
            return;
        }
        transaction = *std::move(decoded);
    }
    // What is not admissible here would fill the pool until a leader meets it. What no honest node lets in whatever its
    // state (another chain, openings that do not fit) is the sender's fault; what only time or state decide is not.
    if (auto admitted = context_.admit(*transaction); !admitted) {
        if (is_malformed(admitted.error().code)) {
            dishonest();
        }
        return;
    }
    {
        const StageTimer timer{costs_, Stage::check, 1, measured};
        // A key that is registered in a block not final here yet is unknown to us and known to the sender: no blame.
        if (auto held = check_now(*transaction, *context_.final_state()); !held) {
            if (held.error().code != Errc::unknown_key) {
                dishonest();
            }
            return;
        }
    }
    const StageTimer timer{costs_, Stage::pool, 1, measured};
    const std::uint64_t work_units = contracts::work_units(*transaction);
    const auto added = pool_.add(std::move(transaction), work_units);
    if (added && *added) {
        context_.pool_grew();
    }
}

Result<PublicKey> SignaturePool::key_of(const KeyId& id, const ledger::StateView& state) {
    {
        const std::shared_lock lock{keys_mutex_};
        if (const auto found = keys_.find(id.digest); found != keys_.end()) {
            return found->second;
        }
    }
    PROBATUM_LET(key, contracts::find_key(state, id));
    const std::unique_lock lock{keys_mutex_};
    if (keys_.size() >= kMaxCachedKeys) {
        keys_.clear();
    }
    keys_.emplace(id.digest, key);
    return key;
}

Result<void> SignaturePool::check_now(const ledger::Transaction& transaction, const ledger::StateView& state) {
    PROBATUM_LET(key, key_of(transaction.header().key_id, state));
    return checker_.check(key, transaction.signing_digest(), transaction.statement().signature);
}

}  // namespace probatum::node
