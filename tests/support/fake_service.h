#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "contracts/execution.h"
#include "memory_chain.h"
#include "node/service.h"

namespace probatum::test {

/// A node without peers: what is submitted stands in a block of its own at once, unless it is told to hold back.
class FakeService final : public node::Service {
public:
    explicit FakeService(contracts::Genesis genesis = sample_genesis())
        : chain{genesis}, genesis_{std::move(genesis)} {}

    MemoryChain chain;
    std::atomic<bool> hold_back{false};  ///< Transactions stay in the pool; waits end at give_up().
    std::optional<Error> refuse_with{};  ///< Answers every submission with this error.
    node::Status answered{};
    std::atomic<std::int64_t> last_wait_ms{0};

    void submit(Bytes wire, std::function<void(Result<node::Submitted>)> done) override { done(take(std::move(wire))); }

    void await_final(const Digest& transaction, std::chrono::milliseconds timeout,
                     std::function<void(Result<node::Receipt>)> done) override {
        last_wait_ms = timeout.count();
        if (!hold_back) {
            return done(receipt(transaction));
        }
        const std::lock_guard guard{mutex_};
        waits_.push_back(std::move(done));
    }
    /// Ends every wait as a time-out would.
    void give_up() {
        std::vector<std::function<void(Result<node::Receipt>)>> waits;
        {
            const std::lock_guard guard{mutex_};
            waits.swap(waits_);
        }
        for (const auto& wait : waits) {
            wait(fail(Errc::not_final_yet));
        }
    }
    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard guard{mutex_};
        return waits_.size();
    }

    [[nodiscard]] Result<node::Receipt> receipt(const Digest& transaction) const override {
        if (pending(transaction)) {
            return fail(Errc::not_final_yet);
        }
        const std::lock_guard guard{mutex_};
        PROBATUM_LET(location, chain.locate(transaction));
        PROBATUM_LET(header, chain.header(location.height));
        PROBATUM_LET(entry, chain.entry(location.log_index));
        PROBATUM_LET(path, chain.prove_entry(location.log_index, header.log_size));
        PROBATUM_LET(finality, chain.finality(location.height));
        return node::Receipt{transaction, header, location.index, location.log_index, entry, path, finality, false};
    }
    [[nodiscard]] ledger::TransactionPtr pending(const Digest& transaction) const override {
        const std::lock_guard guard{mutex_};
        const auto found = pool_.find(transaction);
        return found == pool_.end() ? nullptr : found->second;
    }
    [[nodiscard]] std::shared_ptr<const evidence::Source> view() const override {
        return {std::shared_ptr<void>{}, &chain};
    }
    [[nodiscard]] const contracts::Genesis& genesis() const override { return genesis_; }
    [[nodiscard]] Digest chain_id() const override { return chain.chain_id(); }
    [[nodiscard]] node::Status status() const override { return answered; }
    [[nodiscard]] UnixMs now() const override { return chain.now(); }
    void random(std::span<std::uint8_t> out) override {
        for (std::uint8_t& byte : out) {
            byte = static_cast<std::uint8_t>(++counter_);
        }
    }

private:
    struct View final : ledger::StateView {
        explicit View(const MemoryChain& from) : chain{from} {}
        [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override { return chain.state(key); }
        const MemoryChain& chain;
    };

    Result<node::Submitted> take(Bytes wire) {
        if (refuse_with) {
            return fail(*refuse_with);
        }
        PROBATUM_LET(transaction, ledger::Transaction::decode(std::move(wire)));
        const std::lock_guard guard{mutex_};
        if (chain.locate(transaction->id())) {
            return node::Submitted{transaction->id(), true, false};
        }
        const View view{chain};
        PROBATUM_LET(key, contracts::find_key(view, transaction->header().key_id));
        PROBATUM_TRY(key.verify(transaction->signing_digest(), transaction->statement().signature));
        const contracts::BlockContext context{
            .chain_id = chain.chain_id(), .epoch = {}, .height = {}, .time = chain.now()};
        PROBATUM_TRY(contracts::admit(*transaction, context, view));
        if (hold_back) {
            pool_[transaction->id()] = transaction;
        } else {
            chain.add_block({transaction});
        }
        return node::Submitted{transaction->id(), false, false};
    }

    contracts::Genesis genesis_;
    mutable std::mutex mutex_;
    std::map<Digest, ledger::TransactionPtr> pool_;
    std::vector<std::function<void(Result<node::Receipt>)>> waits_;
    std::atomic<std::uint64_t> counter_{0};
};

}  // namespace probatum::test
