#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "contracts/epoch_terms.h"
#include "ledger/block.h"
#include "ledger/evidence_log.h"
#include "ledger/state_tree.h"
#include "ledger/state_view.h"
#include "tools/sim/machine.h"

namespace probatum::sim {

/// The state as one map, and the chain as one list: what every validator must come to, computed in the most plain way.
class Reference final : public ledger::StateView {
public:
    explicit Reference(const World& world);

    /// Executes the next final block. An error where the block is not what its transactions and its parent make it.
    [[nodiscard]] Result<void> apply(const ledger::Block& block);
    [[nodiscard]] std::optional<Bytes> get(const Digest& key) const override;
    [[nodiscard]] const std::map<Digest, Bytes>& values() const { return values_; }
    [[nodiscard]] const ledger::Header& head() const { return head_; }
    [[nodiscard]] bool holds(const Digest& transaction) const { return recorded_.contains(transaction); }
    [[nodiscard]] std::size_t transactions() const { return recorded_.size(); }
    [[nodiscard]] std::uint64_t refusals() const { return refusals_; }
    /// Of the next block.
    [[nodiscard]] const contracts::EpochTerms& terms() const { return terms_; }
    /// The longest clock bound that was ever in force.
    [[nodiscard]] std::uint64_t clock_bound_ms() const { return clock_bound_ms_; }

private:
    [[nodiscard]] Result<void> check_place(const ledger::Block& block) const;
    [[nodiscard]] Result<void> check_parent_certificate(const ledger::Block& block) const;
    void begin(const ledger::Block& block, const contracts::BlockContext& context);
    void end_of_block();
    [[nodiscard]] bool opens_epoch() const { return head_.height.raw() > 0 && head_.epoch != terms_.epoch; }

    const World& world_;
    std::map<Digest, Bytes> values_;
    ledger::StateTree tree_;
    ledger::log::Frontier log_;
    ledger::Header head_;  ///< Before block 1: height 0.
    Digest head_id_;
    contracts::EpochTerms terms_;
    ledger::ValidatorSet set_before_;  ///< Of the epoch before that of terms_.
    std::uint64_t clock_bound_ms_;
    std::unordered_map<Digest, Height, DigestHash> recorded_;
    std::uint64_t refusals_{0};
};

/// Sees everything and demands the invariants: one chain, nothing final lost, the state of the reference, only what
/// clients sent, bounded memory.
class Referee {
public:
    /// @param faulty  whether a machine lies or may be lost: its votes may be missing or made up.
    Referee(const World& world, std::function<bool(StationId)> faulty)
        : world_{world}, faulty_{std::move(faulty)}, reference_{world}, votes_(world.machines()) {}

    void offered(const Digest& transaction) { offered_.insert(transaction); }
    /// All that this machine has committed and was not looked at yet.
    void committed(Machine& machine);
    /// The clock of an honest machine: no block may be far ahead of the furthest of them.
    void honest_clock(UnixMs wall) { latest_clock_ = std::max(latest_clock_, wall); }
    /// What an honest validator signs in all its lives never contradicts itself.
    void said(Machine& machine, const node::Frame& frame);
    void look_at_memory(Machine& machine);
    /// The whole stored state of a machine against the reference, where both stand at one height.
    void compare_state(Machine& machine);
    void violation(const std::string& what);

    [[nodiscard]] const Reference& reference() const { return reference_; }
    [[nodiscard]] bool is_final(const Digest& transaction) const { return reference_.holds(transaction); }
    [[nodiscard]] Height height() const { return reference_.head().height; }
    /// Of all epochs together.
    [[nodiscard]] std::uint64_t views() const { return views_before_ + reference_.head().view.raw(); }
    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
    [[nodiscard]] const Digest& id_at(Height height) const { return chain_.at(height.raw() - 1); }

    struct Peaks {
        std::size_t votes{0};
        std::size_t certificates{0};
        std::size_t blocks{0};
        std::size_t pool{0};
        std::size_t queue{0};
    };
    [[nodiscard]] const Peaks& peaks() const { return peaks_; }

private:
    /// False where this machine cannot show the block.
    void note_vote(Machine& machine, const ledger::Vote& vote);
    /// Nobody votes in an epoch before a quorum of the one before finalized its last block. What that block is, is
    /// known for certain only when the reference comes to it.
    void note_first_vote(StationId who, Epoch epoch);
    void check_first_votes(Epoch epoch);
    [[nodiscard]] std::set<Digest> finalized_in(Epoch epoch) const;
    bool first_at(Machine& machine, Height height);

    const World& world_;
    std::function<bool(StationId)> faulty_;
    Reference reference_;
    std::uint64_t views_before_{0};
    std::vector<Digest> chain_;  ///< Ids from height 1.
    std::unordered_set<Digest, DigestHash> offered_;
    struct Votes {
        std::optional<Digest> notarized;
        std::optional<Digest> finalized;
        bool nullified{false};
    };
    std::vector<std::map<std::pair<Epoch, View>, Votes>> votes_;  ///< Per machine.
    struct EpochSeen {
        node::RulesPtr rules;
        std::map<std::pair<View, Digest>, std::set<StationId>> finalized;  ///< By the honest, of its last views.
        std::map<StationId, std::set<Digest>> first_votes;  ///< What could be final before when each voted first.
        std::optional<Digest> root;
    };
    std::map<Epoch, EpochSeen> epochs_;
    std::map<StationId, Height> seen_;
    std::map<StationId, std::uint64_t> lives_;
    UnixMs latest_clock_;
    Peaks peaks_;
    std::vector<std::string> violations_;
};

}  // namespace probatum::sim
