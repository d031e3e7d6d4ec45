#pragma once

#include <optional>
#include <vector>

#include "contracts/actions.h"
#include "contracts/resolved.h"
#include "evidence/bundle.h"
#include "evidence/signers.h"
#include "evidence/verify_chain.h"

/// The events of one contract, decoded and checked one by one; their completeness is checked against the proven state.
namespace probatum::evidence {

struct DecodedEvent {
    const BundleEvent* event{nullptr};
    contracts::DecodedAction action;
    contracts::Resolved resolved;
    /// False where the action or the rules that it was judged by are later than this program: then only its statement
    /// and its signature can be checked, and the two members above say nothing but the action's name.
    bool supported{true};
};

[[nodiscard]] bool all_supported(const std::vector<DecodedEvent>& events);

/// Whether the leaves are numbered without a gap from 0, belong to the contract, each carries the hash of the one
/// before, and stand in order of place and time, none after the head. `refused`: none was accepted, otherwise all were.
[[nodiscard]] Result<void> check_leaves(const std::vector<BundleEvent>& events, const Digest& contract, bool refused,
                                        const ledger::Header& head);

/// Whether each leaf names the transaction beside it.
[[nodiscard]] Result<void> check_transactions(const std::vector<BundleEvent>& events);

/// Whether each statement is meant for this chain and contract, and decodes; gives what it says. bad_commitment where
/// an opening is not what was committed to.
[[nodiscard]] Result<std::vector<DecodedEvent>> decode_events(const std::vector<BundleEvent>& events,
                                                              const Digest& contract, const Digest& chain_id);

/// Whether each is signed by the key that genesis registers for the member, organisation and roles that the resolved
/// inputs name.
[[nodiscard]] Result<void> check_signers(const std::vector<DecodedEvent>& events, const Signers& signers);

}  // namespace probatum::evidence
