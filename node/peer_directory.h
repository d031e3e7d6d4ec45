#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "ledger/validator_set.h"
#include "node/network.h"

namespace probatum::node {

/// Who is who on the wire while sets of validators come and go. A key keeps its PeerId for the life of the process:
/// those of genesis their position there, later ones the next free number in the order in which they appear. The
/// numbers are this node's own and never leave it. Threads: one.
class PeerDirectory {
public:
    /// Stands for a peer that is no member of the present set.
    static constexpr ledger::ValidatorIndex kNoMember = std::numeric_limits<ledger::ValidatorIndex>::max();

    explicit PeerDirectory(const ledger::ValidatorSet& genesis) { enter(genesis); }

    /// This set agrees from now on; whoever is new in it gets a number.
    void enter(const ledger::ValidatorSet& set) {
        peer_of_.clear();
        index_of_.clear();
        for (const ledger::Validator& validator : set.all()) {
            const auto known = std::ranges::find(all_, validator.key, &ledger::Validator::key);
            const auto peer = static_cast<PeerId>(known - all_.begin());
            if (known == all_.end()) {
                all_.push_back(validator);
            }
            index_of_[peer] = static_cast<ledger::ValidatorIndex>(peer_of_.size());
            peer_of_.push_back(peer);
        }
    }

    /// Everybody who was ever known, by PeerId.
    [[nodiscard]] const std::vector<ledger::Validator>& all() const { return all_; }
    /// By position in the present set.
    [[nodiscard]] const std::vector<PeerId>& members() const { return peer_of_; }
    [[nodiscard]] std::optional<PeerId> peer_of(ledger::ValidatorIndex index) const {
        return index < peer_of_.size() ? std::optional{peer_of_[index]} : std::nullopt;
    }
    [[nodiscard]] ledger::ValidatorIndex index_of(PeerId peer) const {
        const auto found = index_of_.find(peer);
        return found == index_of_.end() ? kNoMember : found->second;
    }

private:
    std::vector<ledger::Validator> all_;
    std::vector<PeerId> peer_of_;
    std::map<PeerId, ledger::ValidatorIndex> index_of_;
};

}  // namespace probatum::node
