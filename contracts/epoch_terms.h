#pragma once

#include <optional>

#include "contracts/execution.h"
#include "contracts/genesis.h"
#include "ledger/vote.h"

/// Under which validators, parameters and rules a block stands, from the state alone; and what every block writes
/// before its transactions. An epoch is one such set of terms: the block that enacts a change is the last of its epoch,
/// and the change is in force from its child on. Source: docs/spec/governance.md. Threads: pure.
namespace probatum::contracts {

/// The highest rules version that this program executes. A node that meets a higher one stops.
inline constexpr std::uint64_t kHighestRulesVersion = 1;

struct EpochTerms {
    Epoch epoch;
    Height first;                      ///< Height of the epoch's first block.
    std::optional<Digest> proposal{};  ///< The proposal whose enactment opened the epoch; none for epoch 0.
    ledger::ValidatorSet validators;
    Parameters parameters;
    std::uint64_t rules_version{1};
    std::optional<GovernanceTerms> governance{};
    friend bool operator==(const EpochTerms&, const EpochTerms&) = default;
};

/// [epoch, first height, proposal / null, validator set, parameters, rules version, governance / null]
[[nodiscard]] Bytes encode(const EpochTerms& terms);
[[nodiscard]] Result<EpochTerms> decode_epoch_terms(ByteView bytes);

/// The terms of the block that left this state (of its transactions; its begin_block has put them in force). Before
/// block 1 and on a chain without governance: those of genesis.
[[nodiscard]] EpochTerms current_terms(const ledger::StateView& state, const Genesis& genesis);

/// The terms of the next epoch, exactly where the block that left this state closes its own. The validators may be the
/// same as before: a change of parameters closes an epoch too. Header.next_validators of any block is the digest of
/// `next_terms(after)->validators`, or of its own set where this is empty.
[[nodiscard]] std::optional<EpochTerms> next_terms(const ledger::StateView& after);

/// The validators of the next epoch, exactly where the block that left this state is a closing block.
[[nodiscard]] std::optional<ledger::ValidatorSet> next_validator_set(const ledger::StateView& after);

/// The terms under which a child of the block that left this state is made.
[[nodiscard]] EpochTerms terms_of_child(const ledger::StateView& after, const Genesis& genesis);

/// The terms of one epoch, past, present or next; nothing where the chain has not come so far or has no governance.
[[nodiscard]] std::optional<EpochTerms> find_terms(const ledger::StateView& state, Epoch epoch);

/// What opens a block, known before its transactions.
struct BlockStart {
    const BlockContext& context;                             ///< Its epoch is that of the child's terms.
    Digest parent;                                           ///< Block id; the chain id for height 1.
    ledger::ValidatorIndex proposer{0};                      ///< In the set of context.epoch.
    const ledger::Certificate* parent_certificate{nullptr};  ///< As in the block; null for height 1.
};

/// What a block writes before its first transaction, over the state that its parent left: the first block of an epoch
/// puts the terms in force; every block notes whose votes and proposals it carries. It belongs to no transaction and
/// enters no change digest; the state root covers it. Empty on a chain without governance.
/// Precondition: the block's header was checked (epoch, proposer, parent certificate).
[[nodiscard]] ledger::StateOverlay::Writes begin_block(const BlockStart& start, const ledger::StateView& parent_state);

/// What genesis writes for a chain with governance.
[[nodiscard]] ledger::StateOverlay::Writes first_epoch_writes(const Genesis& genesis);

}  // namespace probatum::contracts
