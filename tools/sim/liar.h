#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tools/sim/lies.h"
#include "tools/sim/machine.h"

namespace probatum::sim {

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
