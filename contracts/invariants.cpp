#include "contracts/invariants.h"

#include <algorithm>

#include "contracts/permissions.h"
#include "contracts/rule_parts.h"

namespace probatum::contracts {
namespace {

/// I5: nothing is active or paid out without every signature and both approvals, by different people.
Result<void> check_consent(const ContractTerms& terms, const ContractState& state) {
    for (std::size_t i = 0; i < state.signatures.size(); ++i) {
        const Mark& mark = state.signatures[i];
        PROBATUM_TRY(demand(terms.is_party(mark.organisation), "I5", "somebody signed who is no party"));
        for (std::size_t j = 0; j < i; ++j) {
            PROBATUM_TRY(
                demand(state.signatures[j].organisation != mark.organisation, "I5", "an organisation signed twice"));
        }
    }
    if (state.maker && state.checker) {
        PROBATUM_TRY(demand(!state.maker->same_person(*state.checker), "I5", "maker and checker are one person"));
    }
    if (state.phase == Phase::registered || !rules::rules_of(terms.kind()).by_approval) {
        return {};
    }
    PROBATUM_TRY(demand(state.maker && state.checker, "I5", "active without approvals"));
    for (const std::string& organisation : required_signers(terms)) {
        PROBATUM_TRY(demand(state.signed_by(organisation), "I5", "active without a signature"));
    }
    return {};
}

/// I13: a settled contract changes in nothing but its count of events and records.
Result<void> check_terminal(const Transition& t) {
    if (t.before == nullptr || t.before->state.phase != Phase::settled) {
        return {};
    }
    ContractState same = t.after;
    same.events = t.before->state.events;
    same.records = t.before->state.records;
    return demand(same == t.before->state && t.postings.empty(), "I13", "a settled contract changed");
}

}  // namespace

Result<void> demand(bool holds, const char* invariant, const char* why) {
    if (holds) {
        return {};
    }
    return fail(Errc::invariant_violated, invariant, why);
}

Result<void> check_invariants(const Transition& t) {
    PROBATUM_TRY(check_consent(t.terms, t.after));
    PROBATUM_TRY(demand(t.after.book.index() == t.terms.of_kind.index(), "I20", "the book of another kind"));
    PROBATUM_TRY(rules::rules_of(t.terms.kind()).check_invariants(t));
    PROBATUM_TRY(check_terminal(t));
    const std::uint64_t events_before = t.before == nullptr ? 0 : t.before->state.events;
    PROBATUM_TRY(demand(t.after.events == events_before + 1, "I18", "events are not counted one by one"));
    const std::vector<Party> parties =
        t.before == nullptr ? t.terms.parties : parties_of(t.terms, t.before->state.book);
    const bool permitted = permit(t.action.name, &parties, t.resolved).has_value();
    // What a freeze leaves possible is for the permissions; a frozen key must have been judged as one.
    const bool judged = t.resolved.key_status == KeyStatus::active ||
                        (t.resolved.key_status == KeyStatus::frozen && t.resolved.frozen == FreezeSubject::Kind::key);
    return demand(permitted && judged, "I22", "signer, party or role");
}

}  // namespace probatum::contracts
