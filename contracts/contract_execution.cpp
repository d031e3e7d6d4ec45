#include "contracts/contract_execution.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "contracts/contract_head.h"
#include "contracts/evidence_record.h"
#include "contracts/invariants.h"
#include "contracts/state_keys.h"
#include "contracts/uses.h"
#include "contracts/view.h"

namespace probatum::contracts {
namespace {

class StatePostings : public Postings {
public:
    StatePostings(const ledger::StateView& state, const Digest& contract) : state_{state}, contract_{contract} {}
    std::optional<Posting> find(std::uint64_t sequence) const override {
        return find_posting(state_, contract_, sequence);
    }

private:
    const ledger::StateView& state_;
    const Digest& contract_;
};

/// Appends a leaf for this transaction to one of the contract's logs.
void append(Execution& out, const Execute& task, SubjectLog& log, bool is_refusal) {
    ledger::EventLeaf leaf{.subject = *task.action.contract,
                           .sequence = log.frontier.size,
                           .previous = log.last,
                           .transaction = task.transaction.id(),
                           .height = task.context.height,
                           .index = task.index,
                           .time = task.context.time,
                           .outcome = out.outcome,
                           .resolved = encode(task.resolved)};
    log.last = ledger::log::leaf_hash(ledger::encode(leaf));
    log.frontier.append(log.last);
    out.events.push_back({.refused = is_refusal, .leaf = std::move(leaf)});
}

bool is_party_now(const Contract& contract, const std::string& organisation) {
    const std::vector<Party> parties = parties_of(contract.terms, contract.state.book);
    return std::ranges::find(parties, organisation, &Party::organisation) != parties.end();
}

Execution refuse(const Execute& task, const std::optional<StoredContract>& stored, const Error& error) {
    Execution out = refused(error);
    // Only parties may lengthen the contract's log of refusals; anybody else's attempt stands in the chain's log alone.
    if (!stored || !is_party_now(stored->contract, task.resolved.organisation)) {
        return out;
    }
    ContractHead head = stored->head;
    append(out, task, head.refusals, true);
    out.writes[state_keys::contract(*task.action.contract)] = encode(head);
    return out;
}

void index_registration(Execution& out, const Execute& task, const ContractTerms& terms) {
    for (std::size_t i = 0; i < terms.parties.size(); ++i) {
        const auto before = std::span{terms.parties}.first(i);
        const std::string& organisation = terms.parties[i].organisation;
        if (std::ranges::find(before, organisation, &Party::organisation) == before.end()) {
            out.index.push_back({IndexEntry::Kind::party, to_bytes(as_bytes(organisation)), terms.id});
        }
    }
    out.index.push_back({IndexEntry::Kind::own_number, to_bytes(as_bytes(terms.number)), terms.id});
    for (const Document& document : terms.documents) {
        add_use(out, task.state, {UseList::document, *find_digest(document.digests, DigestAlgorithm::sha256)},
                {UseKind::contract, terms.id});
    }
}

/// Whoever has become party by this event finds the contract under its own name from now on. Both lists are made once:
/// a widely held claim has hundreds of parties, and every event comes by here.
void index_new_parties(Execution& out, const Contract& before, const Applied& applied) {
    std::set<std::string> known;
    for (Party& party : parties_of(before.terms, before.state.book)) {
        known.insert(std::move(party.organisation));
    }
    for (const Party& party : parties_of(before.terms, applied.state.book)) {
        if (party.capacity == Capacity::holder && !known.contains(party.organisation)) {
            out.index.push_back({IndexEntry::Kind::party, to_bytes(as_bytes(party.organisation)), before.terms.id});
        }
    }
}

/// The lists that this event lengthens.
void write_uses(Execution& out, const Execute& task, const Applied& applied) {
    if (applied.terms) {
        index_registration(out, task, *applied.terms);
    } else if (const auto* deposit = std::get_if<DepositBody>(&task.action.body)) {
        add_use(out, task.state, {UseList::document, *find_digest(deposit->digests, DigestAlgorithm::sha256)},
                {UseKind::record, task.transaction.id()});
    } else if (task.action.blinded_reference) {
        add_use(out, task.state, {UseList::bank_reference, *task.action.blinded_reference},
                {UseKind::contract, *task.action.contract});
    }
}

Execution accept(const Execute& task, const std::optional<StoredContract>& stored, const Applied& applied) {
    ContractHead head = stored ? stored->head : ContractHead{};
    const Digest& id = *task.action.contract;
    Execution out;
    append(out, task, head.events, false);
    Bytes state = encode(applied.state);
    head.state = sha256(state);
    out.writes[state_keys::contract_state(id)] = std::move(state);
    if (applied.terms) {
        out.writes[state_keys::contract_terms(id)] = encode(*applied.terms);
    }
    for (const PostingChange& change : applied.postings) {
        out.writes[state_keys::posting(id, change.sequence)] = encode(change.posting);
    }
    write_record(out, task);
    write_uses(out, task, applied);
    if (stored && !std::holds_alternative<LoanBook>(applied.state.book)) {
        index_new_parties(out, stored->contract, applied);
    }
    out.writes[state_keys::contract(id)] = encode(head);
    return out;
}

/// I18 and I19 at the seam between the contract and its log, which the contract alone cannot see.
Result<void> check_log(const ContractHead& head, const ContractState& after) {
    if (head.events.frontier.size + 1 != after.events) {
        return fail(Errc::invariant_violated, "I18", "the log does not have as many leaves as the contract has events");
    }
    if (head.events.last.is_zero() != (head.events.frontier.size == 0)) {
        return fail(Errc::invariant_violated, "I19", "the last leaf is not known");
    }
    return {};
}

Result<Applied> run_rules(const Execute& task, const std::optional<StoredContract>& stored) {
    const Contract* before = stored ? &stored->contract : nullptr;
    const CivilDate date = event_date(before, task.action, task.context.time);
    const StatePostings postings{task.state, *task.action.contract};
    PROBATUM_LET(applied, apply(before, {task.action, postings}, task.resolved, date));
    PROBATUM_TRY(check_invariants({.before = before,
                                   .terms = before != nullptr ? before->terms : *applied.terms,
                                   .after = applied.state,
                                   .postings = applied.postings,
                                   .action = task.action,
                                   .resolved = task.resolved,
                                   .date = date}));
    PROBATUM_TRY(check_log(stored ? stored->head : ContractHead{}, applied.state));
    return applied;
}

}  // namespace

Execution execute_on_contract(const Execute& task) {
    const std::optional<StoredContract> stored = find_contract(task.state, *task.action.contract);
    const Result<Applied> applied = run_rules(task, stored);
    if (!applied) {
        return refuse(task, stored, applied.error());
    }
    return accept(task, stored, *applied);
}

void write_record(Execution& out, const Execute& task) {
    const Digest key = state_keys::record(task.transaction.header().issuer, task.transaction.payload().idempotency_key);
    out.writes[key] = encode(
        Record{.action = task.action.name, .transaction = task.transaction.id(), .contract = task.action.contract});
}

Execution refused(const Error& error) {
    return {.outcome = ledger::Outcome::refused(error), .writes = {}, .events = {}, .index = {}};
}

}  // namespace probatum::contracts
