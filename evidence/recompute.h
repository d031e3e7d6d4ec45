#pragma once

#include <map>
#include <optional>

#include "contracts/contract_rules.h"
#include "evidence/contract_events.h"

/// The state of a contract, computed again from its events by the rules themselves.
namespace probatum::evidence {

struct Recomputed {
    std::optional<contracts::Contract> contract{};
    std::map<std::uint64_t, contracts::Posting> postings{};  ///< By the sequence of their event.
};

/// Whether any value that a rule reads is hidden, so that the rules cannot be run.
[[nodiscard]] bool any_hidden(const std::vector<DecodedEvent>& events);

/// Applies the accepted events in order. evidence_mismatch (with the event as field) where the rules would have
/// refused. Precondition: nothing is hidden.
[[nodiscard]] Result<Recomputed> recompute(const std::vector<DecodedEvent>& accepted);

/// Runs the rules on each refused attempt as of its place among the accepted events. evidence_mismatch where the rules
/// say something else than what is recorded. Precondition: nothing is hidden.
[[nodiscard]] Result<void> recompute_refusals(const std::vector<DecodedEvent>& accepted,
                                              const std::vector<DecodedEvent>& refused);

}  // namespace probatum::evidence
