#include "consensus/own_votes.h"

#include "base/check.h"

namespace probatum::consensus {

const OwnVotes::InView& OwnVotes::in(View view) const {
    static const InView kNothing{};
    const auto found = views_.find(view);
    return found == views_.end() ? kNothing : found->second;
}

bool OwnVotes::may_notarize(View view) const { return view > floor_ && in(view).empty(); }

bool OwnVotes::may_nullify(View view) const {
    const InView& votes = in(view);
    return view > floor_ && !votes.nullify && !votes.finalize;
}

bool OwnVotes::may_finalize(View view) const {
    const InView& votes = in(view);
    return view > floor_ && !votes.nullify && !votes.finalize;
}

std::optional<Vote>& OwnVotes::slot(const Vote& vote) {
    InView& votes = views_[vote.target.view];
    switch (vote.target.kind) {
        case VoteKind::notarize:
            return votes.notarize;
        case VoteKind::nullify:
            return votes.nullify;
        case VoteKind::finalize:
            break;
    }
    return votes.finalize;
}

void OwnVotes::record(const Vote& vote) {
    const View view = vote.target.view;
    // The last guard before a signature: whatever went wrong above, a contradiction must not leave this machine.
    switch (vote.target.kind) {
        case VoteKind::notarize:
            PROBATUM_CHECK(may_notarize(view), "a second or late notarize vote in one view");
            break;
        case VoteKind::nullify:
            PROBATUM_CHECK(may_nullify(view), "nullify after nullify or finalize");
            break;
        case VoteKind::finalize:
            PROBATUM_CHECK(may_finalize(view), "finalize after nullify or finalize");
            break;
    }
    slot(vote) = vote;
}

void OwnVotes::restore(const Vote& vote) {
    if (vote.target.view <= floor_) {
        return;
    }
    std::optional<Vote>& kept = slot(vote);
    if (!kept) {
        kept = vote;
    }
}

void OwnVotes::forget_below(View view) {
    if (view <= floor_) {
        return;
    }
    floor_ = view;
    views_.erase(views_.begin(), views_.lower_bound(view));
}

}  // namespace probatum::consensus
