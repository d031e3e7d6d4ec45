#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "contracts/genesis.h"
#include "evidence/source.h"
#include "ledger/block.h"

/// The façade: all that rpc/ knows of a node. Tests put a chain in memory behind it.
namespace probatum::node {

/// What a client holds after finality: enough to verify offline against the genesis digest.
struct Receipt {
    Digest transaction;
    ledger::Header header;   ///< Of the block that holds the transaction.
    std::uint32_t index{0};  ///< Position in the block.
    std::uint64_t log_index{0};
    ledger::Entry entry;
    std::vector<Digest> log_path;  ///< Inclusion of the entry in header.log_root.
    ledger::FinalityProof finality;
    bool already_recorded{false};  ///< The identical transaction was there before.
};

struct Submitted {
    Digest transaction;
    bool already_recorded{false};  ///< Final before; ask for the receipt.
    bool already_pending{false};
};

struct ValidatorStatus {
    ledger::ValidatorIndex index{0};
    std::string organisation;
    std::string address;  ///< As configured here; empty for this node.
    bool self{false};
    bool connected{false};
    bool heard{false};  ///< A vote was heard in the recent views.
    std::uint64_t last_view_heard{0};
    Height last_height;                             ///< Its last final height as it told us.
    std::optional<std::int64_t> clock_offset_ms{};  ///< Its clock minus this node's, as it last told.
    std::string problem;  ///< Why it is not connected: "connection refused", "certificate not bound". Empty if fine.
};

/// What one stage of the pipeline has cost since the start, CPU time of this process.
struct StageCost {
    std::string stage;       ///< decode, check, pool, execute, tree, disk, vote
    std::uint64_t count{0};  ///< Transactions; of `vote`: votes.
    std::uint64_t nanoseconds{0};
};

struct Status {
    std::string version;
    std::string mode;  ///< "validator", "observer", or "follower": an identity that this epoch's set does not have
    std::string chain_name;
    Digest chain_id;
    Epoch epoch;
    View view;
    std::uint32_t view_timeout_ms{0};  ///< What this node gives a leader at present.
    Height height;                     ///< Last final height.
    Digest block;
    Digest state_root;
    UnixMs block_time;
    std::int64_t clock_drift_ms{0};  ///< Own clock minus the median of the peers' clocks.
    std::uint64_t log_size{0};
    std::size_t quorum{0};
    std::size_t reachable{0};  ///< Validators connected, this one included.
    bool ready{false};         ///< Caught up; votes if it is a validator.
    bool read_only{false};     ///< Disk full.
    std::string alarm;         ///< Empty if all is well.
    std::size_t pool_transactions{0};
    std::size_t pool_bytes{0};
    std::vector<ValidatorStatus> validators;
    std::vector<Bytes> misbehaviour{};  ///< ledger::Misbehaviour, encoded: proofs found here since the start.
    std::vector<StageCost> stages;      ///< For docs/spec/performance.md and probatum-bench.
};

class Service {
public:
    virtual ~Service() = default;

    /// Decodes, checks the signature on the signature pool, asks admit() against the last final state, and puts the
    /// transaction into the pool. `done` is called exactly once, from any thread.
    /// Errors: those of Transaction::decode and contracts::admit, bad_signature, pool_full, sender_limit, read_only,
    /// not_ready.
    virtual void submit(Bytes wire, std::function<void(Result<Submitted>)> done) = 0;

    /// Calls `done` once: with the receipt when the transaction is final, or with not_final_yet after the time (or
    /// expired, if it left the pool that way).
    virtual void await_final(const Digest& transaction, std::chrono::milliseconds timeout,
                             std::function<void(Result<Receipt>)> done) = 0;

    /// The receipt of a final transaction; not_final_yet while it waits; not_found.
    [[nodiscard]] virtual Result<Receipt> receipt(const Digest& transaction) const = 0;
    /// The transaction while it waits in the pool, or nothing.
    [[nodiscard]] virtual ledger::TransactionPtr pending(const Digest& transaction) const = 0;

    /// The last final view. Cheap; stays consistent while it is held.
    [[nodiscard]] virtual std::shared_ptr<const evidence::Source> view() const = 0;
    [[nodiscard]] virtual const contracts::Genesis& genesis() const = 0;
    [[nodiscard]] virtual Digest chain_id() const = 0;
    [[nodiscard]] virtual Status status() const = 0;
    /// Milliseconds since 1970 by this node's clock, for tx.prepare's proposals of validity.
    [[nodiscard]] virtual UnixMs now() const = 0;
    /// Cryptographic randomness, for salts and idempotency keys that tx.prepare proposes.
    virtual void random(std::span<std::uint8_t> out) = 0;
};

}  // namespace probatum::node
