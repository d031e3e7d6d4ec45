#pragma once

#include <map>
#include <optional>
#include <vector>

#include "consensus/events.h"

namespace probatum::consensus {

/// What this validator has signed, and therefore what it may still sign: the one place that keeps own votes free of
/// contradiction. Filled from the journal after a restart.
///
/// Per view: at most one notarize, at most one nullify, at most one finalize; no notarize after nullify or finalize;
/// never both nullify and finalize. Having notarized does not prevent nullify. Source: docs/spec/consensus.md, rules
/// C2, C5 and C6.
class OwnVotes {
public:
    struct InView {
        std::optional<Vote> notarize{};
        std::optional<Vote> nullify{};
        std::optional<Vote> finalize{};
        [[nodiscard]] bool empty() const { return !notarize && !nullify && !finalize; }
    };

    [[nodiscard]] bool may_notarize(View view) const;
    [[nodiscard]] bool may_nullify(View view) const;
    [[nodiscard]] bool may_finalize(View view) const;

    /// Checks the rules above: a vote that breaks one is a fault of our own.
    void record(const Vote& vote);
    /// From the journal; the first vote of a kind and view counts. Nothing is checked: contradictions only forbid more.
    void restore(const Vote& vote);

    [[nodiscard]] const InView& in(View view) const;
    [[nodiscard]] const std::map<View, InView>& all() const { return views_; }

    /// A block of `view` is final: earlier views are forgotten, and nothing is voted for in them or in `view` again.
    void forget_below(View view);

private:
    std::optional<Vote>& slot(const Vote& vote);
    std::map<View, InView> views_;
    View floor_{0};
};

}  // namespace probatum::consensus
