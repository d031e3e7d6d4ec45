#pragma once

#include <algorithm>
#include <set>
#include <utility>

#include "ledger/vote.h"

namespace probatum::node {

/// What this validator signed above the last final view, as its journal knows it; and whether somebody holds a
/// signature of it that the journal does not. Then the journal is not the one this key voted with (docs/spec/node.md,
/// Amnesia), and the key must not vote again. Sees only what a quorum happened to count, so it finds the usual case, a
/// validator that starts anew beside its own past, and not every case. Threads: one (consensus).
class SignedVotes {
public:
    void add(const ledger::VoteTarget& target) { signed_.insert(target); }

    /// Nothing is known of votes up to this view.
    void forget_to(Epoch epoch, View view) {
        floor_ = std::max(floor_, {epoch, view});
        std::erase_if(signed_, [this](const ledger::VoteTarget& one) { return place(one) <= floor_; });
    }

    /// Whether `own` signed this verified certificate and the journal does not know of it.
    [[nodiscard]] bool lacks(const ledger::Certificate& certificate, ledger::ValidatorIndex own) const {
        if (place(certificate.target) <= floor_ || signed_.contains(certificate.target)) {
            return false;
        }
        return std::ranges::find(certificate.signers, own, &ledger::Certificate::Signer::index) !=
               certificate.signers.end();
    }

private:
    using Place = std::pair<Epoch, View>;
    static Place place(const ledger::VoteTarget& target) { return {target.epoch, target.view}; }

    std::set<ledger::VoteTarget> signed_;
    Place floor_{};
};

}  // namespace probatum::node
