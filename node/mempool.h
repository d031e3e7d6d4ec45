#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/key.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/transaction.h"
#include "node/config.h"

namespace probatum::node {

/// Where a transaction id stands here.
enum class Known : std::uint8_t { fresh, checking, pooled, recently_final };

struct PickLimits {
    std::size_t transactions{0};
    std::size_t bytes{0};
    std::uint64_t work{0};
    UnixMs time;  ///< Of the block to be: what has expired by then is passed over.
};

/// Transactions whose signature was checked and that are not final yet, in order of arrival; and those whose check is
/// still waiting, by id. A transaction stays until it is final, expires or is dropped, also while a block that may yet
/// be abandoned holds it. Bounded by count, bytes and count per sending key; nothing is evicted for a newcomer.
/// Threads: any.
class Mempool {
public:
    explicit Mempool(PoolConfig limits);

    // --- while the signature waits to be checked
    // ----------------------------------------------------------------------
    [[nodiscard]] Known look(const Digest& id) const;
    struct Unchecked {
        Digest id;
        Bytes wire;
    };
    /// Marks the fresh ones as being checked and returns them; the rest is known and dropped. Wires are kept so that a
    /// proposal that comes first can take them. What would exceed the pool's bytes is dropped too.
    [[nodiscard]] std::vector<Digest> begin_checks(std::vector<Unchecked> offered);
    /// The wire of a check that begins now, or nothing if somebody else took it.
    [[nodiscard]] std::optional<Bytes> take_unchecked(const Digest& id);

    // --- checked
    // ------------------------------------------------------------------------------------------------------
    /// False if it was here already. Errors: pool_full, sender_limit; the detail says when to try again.
    /// Precondition: the signature holds.
    [[nodiscard]] Result<bool> add(ledger::TransactionPtr transaction, std::uint64_t work);
    /// The same without limits, for what a block brought.
    void adopt(const ledger::TransactionPtr& transaction, std::uint64_t work);

    [[nodiscard]] ledger::TransactionPtr find(const Digest& id) const;
    /// One per id, null where it is not here. `unchecked` ones are decoded from their wires and leave the waiting room.
    struct Lookup {
        std::vector<ledger::TransactionPtr> found;
        std::vector<std::uint32_t> missing;
    };
    [[nodiscard]] Lookup resolve(const std::vector<Digest>& ids);
    /// Positions of those whose signature nobody checked here.
    [[nodiscard]] std::vector<std::size_t> unchecked_among(
        const std::vector<ledger::TransactionPtr>& transactions) const;

    using Excluded = std::function<bool(const Digest& id)>;
    struct Picked {
        std::vector<ledger::TransactionPtr> fitting;  ///< In order of arrival, together within the limits.
        /// Met on the way, and each above the limits alone: admitted under parameters that are not in force any more.
        std::vector<ledger::TransactionPtr> too_great;
    };
    /// Without what pending ancestors hold.
    [[nodiscard]] Picked pick(const PickLimits& limits, const Excluded& excluded) const;
    /// The oldest, for gossip of what waits: at most so many, of at most so many bytes.
    [[nodiscard]] std::vector<ledger::TransactionPtr> oldest(std::size_t limit, std::size_t limit_bytes) const;

    // --- leaving
    // ------------------------------------------------------------------------------------------------------
    void remove_final(const std::vector<ledger::TransactionPtr>& transactions);
    void drop(const Digest& id);
    /// Removes what expired before `time`; returns the ids.
    [[nodiscard]] std::vector<Digest> expire(UnixMs time);

    struct Size {
        std::size_t transactions{0};
        std::size_t bytes{0};
    };
    [[nodiscard]] Size size() const;

private:
    struct Pooled {
        ledger::TransactionPtr transaction;
        std::uint64_t work{0};
    };
    using Order = std::list<Pooled>;

    bool insert(const ledger::TransactionPtr& transaction, std::uint64_t work);
    void erase(const Digest& id);
    void remember_final(const Digest& id);

    const PoolConfig limits_;
    mutable std::mutex mutex_;
    Order order_;
    std::unordered_map<Digest, Order::iterator, DigestHash> by_id_;
    std::unordered_map<Digest, std::size_t, DigestHash> per_sender_;
    std::size_t bytes_{0};
    std::unordered_map<Digest, Bytes, DigestHash> unchecked_;
    std::size_t unchecked_bytes_{0};
    std::unordered_set<Digest, DigestHash>
        final_;  ///< A window, so that late gossip is dropped without a look at the disk.
    std::deque<Digest> final_order_;
};

}  // namespace probatum::node
