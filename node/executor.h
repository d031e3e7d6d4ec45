#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "contracts/execution.h"
#include "ledger/block.h"
#include "node/chain_rules.h"
#include "node/mempool.h"
#include "node/pending_state.h"
#include "node/stage_costs.h"

namespace probatum::node {

/// What the executor asks of the rest of the node.
class ExecutionPorts {
public:
    virtual ~ExecutionPorts() = default;
    /// The last committed block and its tree; never goes back.
    [[nodiscard]] virtual CommittedBase committed() const = 0;
    [[nodiscard]] virtual const contracts::Genesis& genesis() const = 0;
    /// Under which rules a child of the block that left this state is made.
    [[nodiscard]] virtual RulesPtr rules_of_child(const ledger::StateView& after) const = 0;
    /// The signature of one transaction that the pool does not hold. Called for blocks of others only.
    [[nodiscard]] virtual Result<void> check_signature(const ledger::Transaction& transaction,
                                                       const ledger::StateView& state) = 0;
    /// A transaction of the pool cannot stand in any block from here on.
    virtual void inadmissible(const Digest& transaction, const Error& why) = 0;
};

/// Executes blocks over the last committed state: the leader's own and those of others, each exactly once. Pending
/// blocks are values on top of each other; abandoned ones vanish. The rules of a block follow from the state that its
/// parent left, so blocks of two epochs are executed in one row. Threads: one (execution).
class Executor {
public:
    Executor(Mempool& pool, ExecutionPorts& ports, StageCosts& costs);

    struct BuildRequest {
        View view;
        Height height;
        Digest parent;
        std::optional<ledger::Certificate> parent_certificate;
        ledger::ValidatorIndex proposer{0};  ///< In the set of the block's epoch.
        UnixMs now;                          ///< Own clock.
        bool allow_empty{false};
        std::uint32_t halvings{0};
    };
    /// The executed block, or null where the pool has nothing for it (and it may not be empty) or the parent is not
    /// pending or committed here any more.
    [[nodiscard]] ExecutedPtr build(const BuildRequest& request);

    /// Certified: a quorum has finalised the block, so that correct validators have checked each signature in it.
    enum class Trust : std::uint8_t { peer, certified };
    struct Checked {
        ExecutedPtr executed;          ///< Null if refused or obsolete.
        std::optional<Error> refusal;  ///< Why the block is invalid: invalid_block with the field.
    };
    /// Checks every rule that the block's bytes and its parent can decide, executes it and compares the roots. Time
    /// bounds are not its business. Obsolete (both empty): its parent lies below the committed chain, or is unknown
    /// here.
    [[nodiscard]] Checked check(const ledger::BlockPtr& block, Trust trust);

    /// From here on a child of this block records the succession by which its epoch begins.
    void accept_succession(const Digest& last, std::vector<Bytes> statements);
    /// Who agrees on a block that records a succession, if its statements hold. Null: its parent is not here.
    [[nodiscard]] Result<RulesPtr> successors(const ledger::Block& block);

    [[nodiscard]] ExecutedPtr find(const Digest& block) const;
    /// Forgets what the committed chain has left behind.
    void prune();

private:
    struct Parent {
        std::vector<ExecutedPtr> pending;  ///< Newest first.
        CommittedBase base;
        std::optional<ledger::Header> header;  ///< None before block 1.
        UnixMs time;
        ledger::log::Frontier log;
        RulesPtr rules;                             ///< Of its children.
        bool opens{false};                          ///< Its children open an epoch.
        ledger::StateOverlay::Writes succession{};  ///< What its children write before all else.
        [[nodiscard]] bool holds(const Digest& transaction) const;
    };
    [[nodiscard]] std::optional<Parent> parent_of(const Digest& id, Height height) const;
    [[nodiscard]] Result<void> succeed(Parent& parent, const std::vector<Bytes>& statements);
    [[nodiscard]] Result<void> check_header(const ledger::Block& block, const Parent& parent) const;
    [[nodiscard]] Result<void> check_transactions(const ledger::Block& block, const Parent& parent,
                                                  const ledger::StateView& state, Trust trust);
    [[nodiscard]] std::vector<ledger::TransactionPtr> choose(const BuildRequest& request, const Parent& parent,
                                                             const contracts::BlockContext& context,
                                                             const ledger::StateView& state);
    [[nodiscard]] bool recorded_before(const Digest& transaction, const Parent& parent) const;
    [[nodiscard]] contracts::BlockContext context_of(const ledger::Header& header) const;
    /// What opens the block, then its transactions, over the state that the parent left.
    [[nodiscard]] std::shared_ptr<ExecutedBlock> execute(const ledger::Header& header,
                                                         const std::optional<ledger::Certificate>& parent_certificate,
                                                         const std::vector<ledger::TransactionPtr>& transactions,
                                                         const Parent& parent, const PendingView& view);
    void execute_all(const std::vector<ledger::TransactionPtr>& transactions, const contracts::BlockContext& context,
                     ledger::StateOverlay& state, std::map<Digest, std::optional<Digest>>& changed, ExecutedBlock& out);
    [[nodiscard]] RulesPtr rules_above(const CommittedBase& base) const;
    ExecutedPtr keep(std::shared_ptr<ExecutedBlock> executed, ledger::BlockPtr block);

    Mempool& pool_;
    ExecutionPorts& ports_;
    StageCosts& costs_;
    ValueCache cache_;
    std::unordered_map<Digest, ExecutedPtr, DigestHash> pending_;
    mutable std::pair<Digest, RulesPtr> rules_above_{};                  ///< The committed block that they belong to.
    std::optional<std::pair<Digest, std::vector<Bytes>>> succession_{};  ///< Over which block.
};

}  // namespace probatum::node
