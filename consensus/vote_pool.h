#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "consensus/events.h"
#include "ledger/validator_set.h"
#include "ledger/verified.h"

namespace probatum::consensus {

/// Votes that wait for a quorum: one per kind, view and signer. Signatures are checked when a quorum of equal votes is
/// there, not before; a signer that was caught with a bad one is checked at once from then on.
///
/// Source: docs/spec/consensus.md, rules C8 and C9. Threads: one at a time.
class VotePool {
public:
    /// All three outlive the pool.
    VotePool(const ledger::ValidatorSet& validators, const Digest& chain_id, const ledger::SignatureChecker& checker);

    using Contradiction = std::pair<Vote, Vote>;  ///< Both verified.

    /// A vote that came from its signer itself. Returns the proof where it contradicts an earlier one.
    std::optional<Contradiction> add_direct(const Vote& vote);
    /// A vote whose signature is known to hold.
    std::optional<Contradiction> add_verified(const ledger::Verified<Vote>& vote) { return insert(*vote, true); }
    void add_own(const Vote& vote) { insert(vote, true); }

    /// Checks what is there for this target as far as needed; a certificate of exactly a quorum if enough of it holds.
    [[nodiscard]] std::optional<Certificate> certificate_for(const VoteTarget& target);

    /// Whether anybody's vote of this view is here.
    [[nodiscard]] bool has_votes(View view) const;
    /// Whether this very vote is here and its signature is known to hold.
    [[nodiscard]] bool knows(const Vote& vote) const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] const std::set<ValidatorIndex>& misbehaving() const { return misbehaving_; }
    /// Whose own vote proved to have a bad signature since the last call.
    [[nodiscard]] std::set<ValidatorIndex> take_caught() { return std::exchange(caught_, {}); }

    /// The views in which votes are kept: above `floor`, up to `ceiling`. Votes beyond the ceiling: the latest per
    /// signer. Returns those that have come within reach.
    std::vector<Vote> move_window(View floor, View ceiling);

private:
    struct Slot {
        Vote vote;
        bool verified{false};
    };
    using Slots = std::map<ValidatorIndex, Slot>;  ///< Ascending, as a certificate wants its signers.
    struct InView {
        std::array<Slots, 3> by_kind{};
        std::set<ValidatorIndex> accused{};
    };

    std::optional<Contradiction> insert(Vote vote, bool verified);
    std::optional<Contradiction> contradiction(InView& votes, const Vote& vote, bool& verified, bool& refused);
    bool holds(const Vote& vote);
    bool holds(Slot& slot);
    template <class T>
    static auto& slots(T& votes, VoteKind kind) {
        return votes.by_kind[static_cast<std::size_t>(kind) - 1];
    }

    const ledger::ValidatorSet& validators_;
    const Digest& chain_id_;
    const ledger::SignatureChecker& checker_;
    std::map<View, InView> views_;
    std::map<ValidatorIndex, Vote> far_;
    std::set<ValidatorIndex> misbehaving_;
    std::set<ValidatorIndex> caught_;
    View floor_{0};
    View ceiling_{0};
};

}  // namespace probatum::consensus
