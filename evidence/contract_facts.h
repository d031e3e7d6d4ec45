#pragma once

#include <optional>

#include "contracts/contract_state.h"
#include "evidence/facts.h"
#include "evidence/recompute.h"

namespace probatum::evidence {

/// Everything of a contract that passed its checks.
struct ContractEvidence {
    const std::optional<contracts::ContractState>& state;  ///< As of the last event, proven; none where it is withheld.
    const std::vector<DecodedEvent>& events;
    const std::vector<DecodedEvent>& refused;
    const std::optional<Recomputed>& recomputed;  ///< None where values are hidden.
};

/// To whom an event offers a part of a claim or a piece of a voucher, or nobody. Such names are never sealed.
[[nodiscard]] const std::string* offered_to(const contracts::ActionBody& body);

/// What a contract says: parties, terms, plan, balances as of the head's day, postings, timeline.
void fill_contract_facts(const ContractEvidence& evidence, const Trust& trust, UnixMs head_time, Facts& facts);

}  // namespace probatum::evidence
