#pragma once

#include <vector>

#include "contracts/succession.h"
#include "node/chain_rules.h"
#include "node/final_view.h"

namespace probatum::node {

/// What the recovery authorities of genesis said, opened and found to hold. A node that was given one goes on from the
/// block that it names as soon as that is its own last final block. docs/spec/node.md, "Succession".
struct SuccessionPlan {
    contracts::Succession said;
    std::vector<Bytes> statements;
};

/// succession_invalid, or what decoding found.
[[nodiscard]] Result<SuccessionPlan> open_plan(ByteView file, const Digest& chain_id,
                                               const contracts::Genesis& genesis);

/// Whether there is anything left to do for it over this state: false where the chain has recorded it.
/// succession_invalid where the chain went on otherwise, so that this node must not begin what the plan says.
[[nodiscard]] Result<bool> is_ahead(const SuccessionPlan& plan, const FinalView& view,
                                    const contracts::Genesis& genesis);

/// From what the new epoch begins: its rules, and the last final block as root. Precondition: that is the view's head.
struct Succeeded {
    RulesPtr rules;
    consensus::Root root;
};
[[nodiscard]] Result<Succeeded> succeed(const SuccessionPlan& plan, const FinalView& view,
                                        const contracts::Genesis& genesis);

}  // namespace probatum::node
