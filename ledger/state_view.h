#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "ledger/state_tree.h"

namespace probatum::ledger {

/// Read access to the state values as of one point in the chain. What execution and the rules see.
class StateView {
public:
    virtual ~StateView() = default;
    /// The value under a state key, or nothing.
    [[nodiscard]] virtual std::optional<Bytes> get(const Digest& key) const = 0;
};

/// Writes over a view that stays untouched: a transaction over a block, a block over its parent, a parent over the last
/// final state. Dropping it undoes everything.
class StateOverlay final : public StateView {
public:
    explicit StateOverlay(const StateView& below) : below_{below} {}

    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override;
    void put(const Digest& key, Bytes value) { writes_[key] = std::move(value); }
    void remove(const Digest& key) { writes_[key] = std::nullopt; }

    using Writes = std::map<Digest, std::optional<Bytes>>;
    [[nodiscard]] const Writes& writes() const { return writes_; }
    [[nodiscard]] Writes take() && { return std::move(writes_); }
    /// Takes over the writes of an overlay that was laid over this one.
    void absorb(Writes writes);

private:
    const StateView& below_;
    Writes writes_;
};

/// The writes as sorted changes with value digests.
[[nodiscard]] std::vector<StateChange> changes_of(const StateOverlay::Writes& writes);

}  // namespace probatum::ledger
