#include "liar.h"

#include "cluster.h"

namespace probatum::sim {

void Liar::broadcast(const Message& message) {
    if (const auto* proposal = std::get_if<ProposalMessage>(&message)) {
        if (lies_.equivocates) {
            return propose_twins(*proposal);
        }
        if (lies_.proposes_invalid && cluster_.random().percent(70)) {
            return SimNode::broadcast(twin_of(*proposal, false));
        }
    }
    SimNode::broadcast(message);
}

void Liar::send(ValidatorIndex to, const Message& message) {
    if (lies_.withholds && cluster_.random().percent(50)) {
        return;
    }
    SimNode::send(to, message);
}

void Liar::heard(ValidatorIndex, const Message& message) {
    if (lies_.sends_junk && cluster_.random().percent(5)) {
        send_junk();
    }
    const auto* proposal = std::get_if<ProposalMessage>(&message);
    if (proposal == nullptr || !lies_.votes_twice) {
        return;
    }
    const View view = proposal->block.ref.view;
    scatter({VoteKind::notarize, Epoch{0}, view, proposal->block.ref.id});
    scatter({VoteKind::nullify, Epoch{0}, view, {}});
    scatter({VoteKind::finalize, Epoch{0}, view, proposal->block.ref.id});
}

ProposalMessage Liar::twin_of(const ProposalMessage& proposal, bool valid) {
    ProposalMessage twin = proposal;
    twin.block.valid = valid;
    twin.block.transactions.clear();
    twin.block.ref.has_content = false;
    twin.block.ref.id = testing::digest_of_text("twin " + std::to_string(cluster_.random().next()));
    twin.leader_vote =
        cluster_.signers().vote({VoteKind::notarize, Epoch{0}, twin.block.ref.view, twin.block.ref.id}, index_);
    blocks_.insert({twin.block.ref.id, twin.block});
    return twin;
}

void Liar::propose_twins(const ProposalMessage& proposal) {
    const ProposalMessage twin = twin_of(proposal, true);
    for (ValidatorIndex to = 0; to < cluster_.size(); ++to) {
        if (to == index_) {
            continue;
        }
        const std::uint64_t choice = cluster_.random().below(5);
        if (choice != 0) {
            send(to, choice < 3 ? proposal : twin);
        }
        if (choice == 4) {
            send(to, proposal);
        }
    }
}

void Liar::scatter(const VoteTarget& target) {
    const Vote vote = cluster_.signers().vote(target, index_);
    for (ValidatorIndex to = 0; to < cluster_.size(); ++to) {
        if (to != index_ && cluster_.random().percent(60)) {
            send(to, VoteMessage{vote});
        }
    }
}

void Liar::send_junk() {
    Random& random = cluster_.random();
    const auto to = static_cast<ValidatorIndex>(random.below(cluster_.size()));
    if (to == index_) {
        return;
    }
    const View now = status().view;
    const View near{now.raw() + random.below(4)};
    const Digest block = testing::digest_of_text("junk " + std::to_string(random.below(5)));
    Vote bad{{VoteKind::notarize, Epoch{0}, near, block}, index_, {}};
    switch (random.below(6)) {
        case 0:
            return send(to, VoteMessage{bad});
        case 1:
            return send(to, VoteMessage{cluster_.signers().vote({VoteKind::finalize, Epoch{0}, near, block}, index_)});
        case 2:
            return send(to, VoteMessage{cluster_.signers().vote(
                                {VoteKind::nullify, Epoch{0}, View{~std::uint64_t{0} - random.below(3)}, {}}, index_)});
        case 3:
            bad.signer = static_cast<ValidatorIndex>(random.below(cluster_.size() + 2));
            return send(to, VoteMessage{bad});
        case 4:
            return send(to, CertificateMessage{
                                {{VoteKind::finalize, Epoch{0}, near, block}, {{index_, {}}, {index_, {}}, {to, {}}}}});
        default:
            return send(to, AskViewMessage{View{random.below(now.raw() + 3)}});
    }
}

}  // namespace probatum::sim
