#pragma once

#include <optional>
#include <vector>

#include "base/strong_id.h"
#include "ledger/validator_set.h"

namespace probatum::consensus {

/// Which leaders are given no time to propose: those from whom no vote of any kind was heard in the last r views, or
/// since the time of a view they led ran out, or since the connection to them broke; at most f of them at once, the
/// longest silent ones. Views that this validator jumped over count for nobody, and a start begins with everybody
/// heard. Own index is never silent. Source: docs/spec/consensus.md, rule C14.
class SilentLeaders {
public:
    struct Rule {
        std::size_t validators{0};
        std::size_t at_most{0};  ///< f
        std::uint64_t views{0};  ///< r
    };
    SilentLeaders(Rule rule, std::optional<ledger::ValidatorIndex> own);

    /// A vote of `view` was heard; `current` is the own view.
    void heard(ledger::ValidatorIndex validator, View view, View current);
    void entered_next_view();
    /// The time of `view` ran out here, which `leader` led.
    void timed_out(ledger::ValidatorIndex leader, View view);
    void disconnected(ledger::ValidatorIndex validator);
    /// It is back: as good as heard.
    void connected(ledger::ValidatorIndex validator) { unheard_views_[validator] = 0; }

    [[nodiscard]] bool is_silent(ledger::ValidatorIndex validator) const;
    [[nodiscard]] std::vector<ledger::ValidatorIndex> all() const;
    [[nodiscard]] const std::vector<View>& last_heard() const { return last_heard_; }

private:
    void give_up(ledger::ValidatorIndex validator);
    Rule rule_;
    std::optional<ledger::ValidatorIndex> own_;
    std::vector<std::uint64_t> unheard_views_;
    std::vector<View> last_heard_;
};

}  // namespace probatum::consensus
