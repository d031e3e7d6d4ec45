#include "evidence/recompute.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "contracts/invariants.h"

namespace probatum::evidence {

namespace {

using contracts::Applied;

const contracts::Contract* contract_of(const Recomputed& state) { return state.contract ? &*state.contract : nullptr; }

CivilDate date_of(const Recomputed& before, const DecodedEvent& event) {
    return contracts::event_date(contract_of(before), event.action, event.event->leaf.time);
}

/// The movements of the events that were applied so far.
class AppliedPostings : public contracts::Postings {
public:
    explicit AppliedPostings(const Recomputed& state) : state_{state} {}
    std::optional<contracts::Posting> find(std::uint64_t sequence) const override {
        const auto found = state_.postings.find(sequence);
        return found == state_.postings.end() ? std::nullopt : std::optional{found->second};
    }

private:
    const Recomputed& state_;
};

Result<Applied> judge(const Recomputed& before, const DecodedEvent& event) {
    const AppliedPostings postings{before};
    return contracts::apply(contract_of(before), {event.action, postings}, event.resolved, date_of(before, event));
}

Result<void> check_invariants(const Recomputed& before, const Applied& applied, const DecodedEvent& event) {
    return contracts::check_invariants({.before = contract_of(before),
                                        .terms = before.contract ? before.contract->terms : *applied.terms,
                                        .after = applied.state,
                                        .postings = applied.postings,
                                        .action = event.action,
                                        .resolved = event.resolved,
                                        .date = date_of(before, event)});
}

Result<void> step(Recomputed& state, const DecodedEvent& event) {
    Result<Applied> applied = judge(state, event);
    const Result<void> holds = applied ? check_invariants(state, *applied, event) : fail(applied.error());
    if (!holds) {
        return fail(Errc::evidence_mismatch, "events[" + std::to_string(event.event->leaf.sequence) + "]",
                    holds.error().to_string());
    }
    if (applied->terms) {
        state.contract = contracts::Contract{*std::move(applied->terms), {}};
    }
    state.contract->state = std::move(applied->state);
    for (contracts::PostingChange& change : applied->postings) {
        state.postings[change.sequence] = std::move(change.posting);
    }
    return {};
}

auto order_of(const DecodedEvent& event) { return std::tuple{event.event->leaf.height, event.event->leaf.index}; }

}  // namespace

bool any_hidden(const std::vector<DecodedEvent>& events) {
    return std::ranges::any_of(events, [](const DecodedEvent& event) { return !event.action.hidden.empty(); });
}

Result<Recomputed> recompute(const std::vector<DecodedEvent>& accepted) {
    Recomputed out;
    for (const DecodedEvent& event : accepted) {
        PROBATUM_TRY(step(out, event));
    }
    return out;
}

Result<void> recompute_refusals(const std::vector<DecodedEvent>& accepted, const std::vector<DecodedEvent>& refused) {
    Recomputed state;
    auto next = accepted.begin();
    for (const DecodedEvent& attempt : refused) {
        for (; next != accepted.end() && order_of(*next) < order_of(attempt); ++next) {
            PROBATUM_TRY(step(state, *next));
        }
        const ledger::Outcome& recorded = attempt.event->leaf.outcome;
        const Result<Applied> applied = judge(state, attempt);
        // A broken invariant is found after the rules have spoken, and says so by its own number.
        const Result<void> judged = applied ? check_invariants(state, *applied, attempt) : fail(applied.error());
        const bool same = !judged && judged.error().number() == recorded.code && judged.error().field == recorded.field;
        if (!same) {
            return fail(Errc::evidence_mismatch,
                        "refused[" + std::to_string(attempt.event->leaf.sequence) + "].outcome",
                        judged ? "the rules accept it" : judged.error().to_string());
        }
    }
    return {};
}

}  // namespace probatum::evidence
