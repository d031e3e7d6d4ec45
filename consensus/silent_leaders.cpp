#include "consensus/silent_leaders.h"

#include <algorithm>

namespace probatum::consensus {

SilentLeaders::SilentLeaders(Rule rule, std::optional<ledger::ValidatorIndex> own)
    : rule_{rule}, own_{own}, unheard_views_(rule.validators, 0), last_heard_(rule.validators) {}

void SilentLeaders::heard(ledger::ValidatorIndex validator, View view, View current) {
    last_heard_[validator] = std::max(last_heard_[validator], view);
    // Votes sent again from long ago show a validator that lives but lags: it cannot lead yet.
    if (view >= current || current.raw() - view.raw() <= rule_.views) {
        unheard_views_[validator] = 0;
    }
}

void SilentLeaders::entered_next_view() {
    for (ledger::ValidatorIndex i = 0; i < unheard_views_.size(); ++i) {
        if (i != own_) {
            ++unheard_views_[i];
        }
    }
}

void SilentLeaders::give_up(ledger::ValidatorIndex validator) {
    if (validator != own_) {
        unheard_views_[validator] = std::max(unheard_views_[validator], rule_.views + 1);
    }
}

void SilentLeaders::timed_out(ledger::ValidatorIndex leader, View view) {
    // Who was late but votes in its own view lives, and may be in time again.
    if (last_heard_[leader] < view) {
        give_up(leader);
    }
}

void SilentLeaders::disconnected(ledger::ValidatorIndex validator) { give_up(validator); }

std::vector<ledger::ValidatorIndex> SilentLeaders::all() const {
    std::vector<ledger::ValidatorIndex> silent;
    for (ledger::ValidatorIndex i = 0; i < unheard_views_.size(); ++i) {
        if (unheard_views_[i] > rule_.views) {
            silent.push_back(i);
        }
    }
    std::ranges::stable_sort(silent, [&](auto a, auto b) { return unheard_views_[a] > unheard_views_[b]; });
    silent.resize(std::min(silent.size(), rule_.at_most));
    return silent;
}

bool SilentLeaders::is_silent(ledger::ValidatorIndex validator) const {
    return unheard_views_[validator] > rule_.views && std::ranges::count(all(), validator) == 1;
}

}  // namespace probatum::consensus
