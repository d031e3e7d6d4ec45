#include "ledger/state_view.h"

#include "base/hash.h"

namespace probatum::ledger {

std::optional<Bytes> StateOverlay::get(const Digest& key) const {
    if (const auto found = writes_.find(key); found != writes_.end()) {
        return found->second;
    }
    return below_.get(key);
}

void StateOverlay::absorb(Writes writes) {
    // Node by node, so that a small overlay costs what it holds, however much lies below it.
    while (!writes.empty()) {
        auto result = writes_.insert(writes.extract(writes.begin()));
        if (!result.inserted) {
            result.position->second = std::move(result.node.mapped());
        }
    }
}

std::vector<StateChange> changes_of(const StateOverlay::Writes& writes) {
    std::vector<StateChange> out;
    out.reserve(writes.size());
    for (const auto& [key, value] : writes) {
        out.push_back({key, value ? std::optional{sha256(*value)} : std::nullopt});
    }
    return out;
}

}  // namespace probatum::ledger
