#include <algorithm>
#include <utility>

#include "consensus/machine.h"

/// Messages get lost; what is repeated here makes up for it. Nothing in this file makes a new vote.
namespace probatum::consensus {

void Core::Machine::send_again() {
    if (!votes_here()) {
        return;
    }
    send_votes_again();
    const Certificate* opening = book_.closer(below(view_, 1));
    if (opening != nullptr) {
        emit(BroadcastCertificate{*opening});
    }
    const auto& finality = book_.finality();
    if (finality && (opening == nullptr || *opening != *finality)) {
        emit(BroadcastCertificate{*finality});
    }
}

void Core::Machine::send_votes_again() {
    const View oldest = std::max(book_.final_view(), below(view_, kResendViews));
    for (auto place = own_votes_.all().upper_bound(oldest); place != own_votes_.all().end(); ++place) {
        const auto& [view, votes] = *place;
        const bool open = book_.closer(view) == nullptr;
        if (votes.notarize && open) {
            // With its block where it is an own proposal: who missed the block cannot vote for it.
            if (is_own_proposal(*votes.notarize)) {
                emit(BroadcastProposal{votes.notarize->target.block, *votes.notarize});
            } else {
                emit(BroadcastVote{*votes.notarize});
            }
        }
        if (votes.nullify && open) {
            emit(BroadcastVote{*votes.nullify});
        }
        if (votes.finalize) {
            emit(BroadcastVote{*votes.finalize});
        }
    }
}

void Core::Machine::ask_again() {
    for (const auto& [id, from] : missing_) {
        emit(FetchBlock{id, from});
    }
    const auto& finality = book_.finality();
    if (catching_up_ && finality) {
        if (const BlockTree::Entry* target = blocks_.find(*catching_up_)) {
            emit(CatchUp{target->ref, *finality});
        }
    }
    if (later_epoch_heard_) {
        emit(AskView{view_, std::nullopt});
    }
    std::erase_if(now_.asked_views, [this](View view) {
        return book_.nullification(view) != nullptr || view < book_.final_view() ||
               (view == book_.final_view() && book_.notarization(view) != nullptr);
    });
    std::size_t asks = 0;
    for (const View view : now_.asked_views) {
        if (asks++ < kAsksAtOnce) {
            emit(AskView{view, std::nullopt});
        }
    }
    if (!is_behind()) {
        return;
    }
    // One of those that were heard in later views, another one each time: one of them may be a liar.
    auto peer = ahead_.begin();
    std::advance(peer, static_cast<std::ptrdiff_t>(retries_ % ahead_.size()));
    emit(AskView{view_, peer->first});
}

void Core::Machine::ask_for(const std::vector<View>& views, std::optional<ValidatorIndex> to) {
    for (const View view : views) {
        if (now_.asked_views.insert(view).second) {
            emit(AskView{view, to});
        }
    }
}

void Core::Machine::answer(View view, ValidatorIndex to) {
    if (view >= view_ || setup_.own == to) {
        return;
    }
    const auto send = [&](const Certificate* certificate) {
        if (certificate != nullptr) {
            emit(SendCertificate{*certificate, to});
        }
    };
    const View final_view = book_.final_view();
    const View closed = std::max(view, final_view);
    if (book_.finality() && view <= final_view) {
        send(&*book_.finality());
    }
    // Both, where both exist: the asker may need the one to build on the view and the other to pass over it.
    send(book_.notarization(closed));
    send(book_.nullification(closed));
    // And what lets the asker stand where we stand, without asking view by view.
    const View opening = below(view_, 1);
    if (opening > closed) {
        send(book_.closer(opening));
    }
}

bool Core::Machine::repeats_itself(const VoteTarget& target, ValidatorIndex from,
                                   std::map<ValidatorIndex, VoteTarget>& last) {
    const auto [place, first] = last.try_emplace(from, target);
    if (first) {
        return false;
    }
    // What is sent for the first time ascends by view and kind, but for a little reordering.
    const bool repeated = std::pair{target.view, target.kind} <= std::pair{place->second.view, place->second.kind};
    place->second = target;
    return repeated;
}

}  // namespace probatum::consensus
