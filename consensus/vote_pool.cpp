#include "consensus/vote_pool.h"

#include <algorithm>

namespace probatum::consensus {

VotePool::VotePool(const ledger::ValidatorSet& validators, const Digest& chain_id,
                   const ledger::SignatureChecker& checker)
    : validators_{validators}, chain_id_{chain_id}, checker_{checker} {}

bool VotePool::holds(const Vote& vote) {
    if (ledger::verify_vote(vote, validators_, chain_id_, checker_)) {
        return true;
    }
    misbehaving_.insert(vote.signer);
    caught_.insert(vote.signer);
    return false;
}

bool VotePool::holds(Slot& slot) {
    slot.verified = slot.verified || holds(slot.vote);
    return slot.verified;
}

std::optional<VotePool::Contradiction> VotePool::add_direct(const Vote& vote) {
    if (!misbehaving_.contains(vote.signer)) {
        return insert(vote, false);
    }
    if (!holds(vote)) {
        return std::nullopt;
    }
    return insert(vote, true);
}

std::optional<VotePool::Contradiction> VotePool::insert(Vote vote, bool verified) {
    const View view = vote.target.view;
    if (view <= floor_) {
        return std::nullopt;
    }
    if (view > ceiling_) {
        far_.insert_or_assign(vote.signer, vote);
        return std::nullopt;
    }
    InView& votes = views_[view];
    bool refused = false;
    auto proof = contradiction(votes, vote, verified, refused);
    if (!refused) {
        // The first vote keeps its place: a liar's second one must not undo what was counted.
        const auto [place, added] = slots(votes, vote.target.kind).try_emplace(vote.signer, Slot{vote, verified});
        if (!added && verified && !place->second.verified && place->second.vote.target == vote.target) {
            place->second = Slot{vote, true};
        }
    }
    return proof;
}

std::optional<VotePool::Contradiction> VotePool::contradiction(InView& votes, const Vote& vote, bool& verified,
                                                               bool& refused) {
    if (votes.accused.contains(vote.signer)) {
        return std::nullopt;
    }
    for (const VoteKind kind : {VoteKind::notarize, VoteKind::nullify, VoteKind::finalize}) {
        const bool same_kind = kind == vote.target.kind;
        const bool excludes = (kind == VoteKind::nullify && vote.target.kind == VoteKind::finalize) ||
                              (kind == VoteKind::finalize && vote.target.kind == VoteKind::nullify);
        if (!same_kind && !excludes) {
            continue;
        }
        Slots& rivals = slots(votes, kind);
        const auto rival = rivals.find(vote.signer);
        if (rival == rivals.end() || rival->second.vote.target == vote.target) {
            continue;
        }
        if (!holds(rival->second)) {
            rivals.erase(rival);  // The place is free again for an honest vote.
            continue;
        }
        verified = verified || holds(vote);
        if (!verified) {
            refused = true;
            return std::nullopt;
        }
        votes.accused.insert(vote.signer);
        misbehaving_.insert(vote.signer);
        return Contradiction{rival->second.vote, vote};
    }
    return std::nullopt;
}

std::optional<Certificate> VotePool::certificate_for(const VoteTarget& target) {
    const auto found = views_.find(target.view);
    if (found == views_.end()) {
        return std::nullopt;
    }
    Slots& votes = slots(found->second, target.kind);
    std::size_t count = 0;
    for (const auto& [signer, slot] : votes) {
        count += slot.vote.target == target ? 1 : 0;
    }
    if (count < validators_.quorum()) {
        return std::nullopt;
    }

    Certificate certificate{target, {}};
    for (auto place = votes.begin(); place != votes.end() && certificate.signers.size() < validators_.quorum();) {
        if (place->second.vote.target != target) {
            ++place;
        } else if (holds(place->second)) {
            certificate.signers.push_back({place->first, place->second.vote.signature});
            ++place;
        } else {
            place = votes.erase(place);
        }
    }
    if (certificate.signers.size() < validators_.quorum()) {
        return std::nullopt;
    }
    return certificate;
}

bool VotePool::has_votes(View view) const {
    const auto found = views_.find(view);
    return found != views_.end() &&
           std::ranges::any_of(found->second.by_kind, [](const Slots& kind) { return !kind.empty(); });
}

bool VotePool::knows(const Vote& vote) const {
    const auto found = views_.find(vote.target.view);
    if (found == views_.end()) {
        return false;
    }
    const Slots& votes = slots(found->second, vote.target.kind);
    const auto place = votes.find(vote.signer);
    return place != votes.end() && place->second.verified && place->second.vote == vote;
}

std::size_t VotePool::size() const {
    std::size_t count = far_.size();
    for (const auto& [view, votes] : views_) {
        for (const Slots& kind : votes.by_kind) {
            count += kind.size();
        }
    }
    return count;
}

std::vector<Vote> VotePool::move_window(View floor, View ceiling) {
    floor_ = floor;
    ceiling_ = ceiling;
    views_.erase(views_.begin(), views_.upper_bound(floor));
    std::vector<Vote> reached;
    for (auto place = far_.begin(); place != far_.end();) {
        if (place->second.target.view > ceiling) {
            ++place;
            continue;
        }
        if (place->second.target.view > floor) {
            reached.push_back(place->second);
        }
        place = far_.erase(place);
    }
    return reached;
}

}  // namespace probatum::consensus
