#pragma once

#include "sim_node.h"

namespace probatum::sim {

/// Ways to lie; a liar has one or more of them.
struct Lies {
    bool equivocates{false};       ///< Two different blocks in one view, to different halves.
    bool votes_twice{false};       ///< Notarize, nullify and finalize for everything it sees, to whom it likes.
    bool withholds{false};         ///< Half of the receivers never get a message.
    bool sends_junk{false};        ///< Bad signatures, votes far ahead, false certificates, idle questions.
    bool proposes_invalid{false};  ///< Blocks whose execution gives other roots.
};

/// A validator that runs the honest core and bends what comes out of it. It signs only with its own key.
class Liar final : public SimNode {
public:
    Liar(Cluster& cluster, ValidatorIndex index, Lies lies) : SimNode{cluster, index}, lies_{lies} {}
    [[nodiscard]] bool is_honest() const override { return false; }

protected:
    void broadcast(const Message& message) override;
    void send(ValidatorIndex to, const Message& message) override;
    void heard(ValidatorIndex from, const Message& message) override;

private:
    void propose_twins(const ProposalMessage& proposal);
    void scatter(const VoteTarget& target);
    void send_junk();
    ProposalMessage twin_of(const ProposalMessage& proposal, bool valid);

    Lies lies_;
};

}  // namespace probatum::sim
