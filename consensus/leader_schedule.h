#pragma once

#include "base/strong_id.h"
#include "ledger/validator_set.h"

namespace probatum::consensus {

/// Who proposes in a view: the members in turn. The epoch shifts the start, so that no member opens every epoch.
[[nodiscard]] inline ledger::ValidatorIndex leader_of(Epoch epoch, View view, std::size_t validators) {
    // Reduced before adding: the sum of two foreign 64-bit numbers may wrap, which would break the turn.
    return static_cast<ledger::ValidatorIndex>((epoch.raw() % validators + view.raw() % validators) % validators);
}

}  // namespace probatum::consensus
