#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

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

private:
    [[nodiscard]] Result<void> check_place(const ledger::Block& block) const;

    const World& world_;
    std::map<Digest, Bytes> values_;
    ledger::StateTree tree_;
    ledger::log::Frontier log_;
    ledger::Header head_;  ///< Before block 1: height 0.
    Digest head_id_;
    std::unordered_map<Digest, Height, DigestHash> recorded_;
    std::uint64_t refusals_{0};
};

/// Sees everything and demands the invariants: one chain, nothing final lost, the state of the reference, only what
/// clients sent, bounded memory.
class Referee {
public:
    explicit Referee(const World& world) : world_{world}, reference_{world}, votes_(world.size()) {}

    void offered(const Digest& transaction) { offered_.insert(transaction); }
    /// All that this machine has committed and was not looked at yet.
    void committed(Machine& machine);
    /// The clock of an honest machine: no block may be far ahead of the furthest of them.
    void honest_clock(UnixMs wall) { latest_clock_ = std::max(latest_clock_, wall); }
    /// What an honest validator signs in all its lives never contradicts itself.
    void said(node::PeerId who, const node::Frame& frame);
    void look_at_memory(Machine& machine);
    /// The whole stored state of a machine against the reference, where both stand at one height.
    void compare_state(Machine& machine);
    void violation(const std::string& what);

    [[nodiscard]] const Reference& reference() const { return reference_; }
    [[nodiscard]] bool is_final(const Digest& transaction) const { return reference_.holds(transaction); }
    [[nodiscard]] Height height() const { return reference_.head().height; }
    [[nodiscard]] View view() const { return reference_.head().view; }
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
    void note_vote(node::PeerId who, const ledger::Vote& vote);
    bool first_at(Machine& machine, Height height);

    const World& world_;
    Reference reference_;
    std::vector<Digest> chain_;  ///< Ids from height 1.
    std::unordered_set<Digest, DigestHash> offered_;
    struct Votes {
        std::optional<Digest> notarized;
        std::optional<Digest> finalized;
        bool nullified{false};
    };
    std::vector<std::map<std::pair<Epoch, View>, Votes>> votes_;  ///< Per validator.
    std::map<node::PeerId, Height> seen_;
    std::map<node::PeerId, std::uint64_t> lives_;
    UnixMs latest_clock_;
    Peaks peaks_;
    std::vector<std::string> violations_;
};

}  // namespace probatum::sim
