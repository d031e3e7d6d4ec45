#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tools/sim/machine.h"

namespace probatum::sim {

/// What one liar does; whatever is not named here it does like everybody else.
struct Lies {
    bool equivocates{false};     ///< As leader: one block to these, another to those, and votes for both.
    bool votes_twice{false};     ///< Contradictory votes of every kind.
    bool withholds{false};       ///< Votes of its own.
    bool selects{false};         ///< Speaks to some only.
    bool odd_views{false};       ///< Votes for stale and far-future views.
    bool invalid_blocks{false};  ///< Wrong height, parent, transactions.
    bool wrong_roots{false};
    bool false_time{false};
    bool garbage{false};
    bool replays{false};
    bool floods{false};
    bool false_sync{false};  ///< False heights, false blocks and ranges.
    bool builds_low{false};  ///< On an older block than it has to.
    bool forges{false};      ///< Certificates with false signatures, votes in the names of others.
};

/// At least one of them.
[[nodiscard]] Lies random_lies(Random& random);

/// A validator that runs the real program and lies with the real keys: what it says is changed on the way out.
class Liar final : public Tongue {
public:
    Liar(Machine& machine, Random random, Lies lies);
    void say(StationId to, const node::Frame& frame) override;
    void heard(StationId from, const node::Frame& frame) override;
    /// Now and then, by itself.
    void stir();

private:
    void pass(StationId to, const node::Frame& frame);
    void pass(StationId to, const node::Message& message) { pass(to, node::make_frame(message)); }
    void to_all(const node::Message& message);
    void say_proposal(StationId to, node::Proposal proposal, const node::Frame& frame);
    void say_vote(StationId to, const ledger::Vote& vote, const node::Frame& frame);
    void say_range(StationId to, node::RangeMessage range);
    void contradict(const ledger::VoteTarget& about);
    void flood();
    void remember(const node::Proposal& proposal);
    [[nodiscard]] ledger::Vote vote(ledger::VoteKind kind, View view, const Digest& block) const;
    [[nodiscard]] node::Proposal signed_again(node::Proposal proposal) const;
    [[nodiscard]] std::optional<node::Proposal> twin_of(const node::Proposal& proposal) const;
    [[nodiscard]] std::optional<node::Proposal> lower_twin_of(const node::Proposal& proposal) const;
    [[nodiscard]] std::optional<node::Proposal> empty_on(const Digest& parent, ledger::Header header,
                                                         const std::optional<ledger::Certificate>& certificate) const;
    [[nodiscard]] Signature scribble();
    [[nodiscard]] bool say_false_proposal(StationId to, const node::Proposal& proposal);
    void forge_votes(const Digest& block, View view);
    void fork_range(node::RangeMessage& range);
    [[nodiscard]] Digest nonsense();
    [[nodiscard]] StationId anybody();

    /// Takes its place in the present set; keeps the last one where it has none.
    void take_seat();

    Machine& machine_;
    Random random_;
    Lies lies_;
    node::RulesPtr rules_;  ///< Of the epoch of its seat; nullptr before the first.
    ledger::ValidatorIndex seat_{0};
    std::map<Digest, ledger::Header> headers_;
    std::map<Digest, std::optional<ledger::Certificate>> carried_;  ///< By each block, for its parent.
    std::map<View, std::vector<Digest>> blocks_of_view_;
    std::map<View, node::Proposal> twins_;
    std::deque<node::Frame> said_;
    std::uint64_t deaf_{0};  ///< A bit for each peer that hears nothing at present.
};

}  // namespace probatum::sim
