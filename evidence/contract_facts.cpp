#include "evidence/contract_facts.h"

#include "contracts/summary.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/civil_time.h"
#include "contracts/view.h"

namespace probatum::evidence {

namespace {

using contracts::ContractState;
using contracts::DecodedAction;
using contracts::RegisterBody;

bool is_hidden(const DecodedAction& action, std::string_view field) {
    return std::ranges::find(action.hidden, field) != action.hidden.end();
}

PostingTotals totals_of(const contracts::Totals& totals) {
    return {totals.claimed_minor, totals.acknowledged_minor, totals.objected_minor};
}

/// What was said about each posting, by its sequence; the answers themselves are never hidden.
std::map<std::uint64_t, std::string> answers_of(const std::vector<DecodedEvent>& events) {
    std::map<std::uint64_t, std::string> out;
    for (const DecodedEvent& event : events) {
        if (const auto* const answer = std::get_if<contracts::AcknowledgeBody>(&event.action.body)) {
            out[answer->target] = answer->answer == contracts::Answer::accept ? "acknowledged" : "objected";
        }
    }
    return out;
}

/// More about an event: in which capacity somebody approved, to which posting an answer belongs.
std::string note_of(const DecodedAction& action) {
    if (const auto* const approval = std::get_if<contracts::ApproveBody>(&action.body)) {
        return approval->capacity == contracts::ApprovalCapacity::maker ? "maker" : "checker";
    }
    if (const auto* const answer = std::get_if<contracts::AcknowledgeBody>(&action.body)) {
        return (answer->answer == contracts::Answer::accept ? "accept #" : "object #") + std::to_string(answer->target);
    }
    return {};
}

std::optional<AllocationFact> allocation_of(const Recomputed& recomputed, const DecodedEvent& event) {
    const auto posting = recomputed.postings.find(event.event->leaf.sequence);
    if (posting == recomputed.postings.end() || !contracts::is_repayment(posting->second.kind)) {
        return {};
    }
    const book::Split& split = posting->second.allocation;
    return AllocationFact{split.paid[book::Claim::interest], split.paid[book::Claim::principal], split.suspense_minor};
}

EventFact event_fact(const DecodedEvent& event, const std::map<std::uint64_t, std::string>& answers) {
    const ledger::EventLeaf& leaf = event.event->leaf;
    EventFact out;
    out.sequence = leaf.sequence;
    out.height = leaf.height;
    out.index = leaf.index;
    out.time = leaf.time;
    out.action = event.action.name;
    out.organisation = event.resolved.organisation;
    out.member = event.resolved.member;
    out.transaction = leaf.transaction;
    out.refusal = leaf.outcome.code;
    out.refusal_field = leaf.outcome.field;
    out.note = note_of(event.action);
    out.openings_hidden = !event.action.hidden.empty();
    if (const auto* signature = std::get_if<contracts::SignBody>(&event.action.body)) {
        out.seen = signature->seen;
        out.seen_reproduced =
            out.seen == sha256(as_bytes(contracts::shown_to_sign(*event.action.contract, *signature)));
    }
    const contracts::Payment* const payment = contracts::payment_of(event.action.body);
    if (payment == nullptr) {
        return out;
    }
    if (!is_hidden(event.action, "amount")) {
        out.amount_minor = payment->amount_minor;
    }
    if (!is_hidden(event.action, "value_date")) {
        out.declared_date = payment->value_date.to_string();
    }
    if (leaf.outcome.accepted()) {
        const auto answer = answers.find(leaf.sequence);
        out.answer = answer == answers.end() ? "claimed" : answer->second;
    }
    return out;
}

/// The accepted signatures are events, so who signed is known even where the state is withheld.
std::set<std::string> signers_of(const std::vector<DecodedEvent>& events) {
    std::set<std::string> out;
    for (const DecodedEvent& event : events) {
        if (std::holds_alternative<contracts::SignBody>(event.action.body)) {
            out.insert(event.resolved.organisation);
        }
    }
    return out;
}

void fill_parties(const RegisterBody& registered, const std::set<std::string>& signers, const Trust& trust,
                  ContractFact& out) {
    for (const contracts::Party& party : registered.parties) {
        PartyFact fact;
        fact.role = std::string{contracts::name(party.capacity)};
        fact.organisation = party.organisation;
        if (const contracts::Organisation* const found = find_organisation(trust, party.organisation)) {
            fact.organisation_name = found->name;
            fact.identifier = found->identifier;
        }
        fact.signature_required = contracts::must_sign(contracts::kind_of(registered.terms), party.capacity);
        fact.signed_contract = signers.contains(party.organisation);
        out.parties.push_back(std::move(fact));
    }
}

/// The chain holds whoever is offered a part to be a party (contracts::parties_of), and so does the report ever after.
std::vector<std::string> later_parties(const std::vector<DecodedEvent>& events) {
    std::set<std::string> out;
    for (const DecodedEvent& event : events) {
        if (const std::string* const organisation = offered_to(event.action.body)) {
            out.insert(*organisation);
        }
    }
    return {out.begin(), out.end()};
}

/// The plan and how it stands on a day.
void fill_plan(const contracts::Contract& contract, CivilDate as_of, ContractFact& out) {
    const std::vector<contracts::PaidRow> paid = contracts::paid_rows(contract);
    for (std::size_t i = 0; i < paid.size(); ++i) {
        const contracts::DueRow& row = contract.terms.loan().rows[i];
        out.rows.push_back({row.due.to_string(), row.principal_minor, row.interest_minor, paid[i].principal_minor,
                            paid[i].interest_minor});
    }
    const contracts::LoanSummary summary = contracts::summarise(contract, as_of);
    out.principal_outstanding_minor = summary.principal_outstanding_minor;
    out.principal_due_minor = summary.principal_due_minor;
    out.interest_due_minor = summary.interest_due_minor;
    out.overdue = summary.overdue;
}

/// Each SHA-256 once, by the name under which it came first.
void fill_documents(const std::vector<DecodedEvent>& events, Facts& facts) {
    std::set<Digest> listed;
    const auto add = [&](std::string name, const contracts::DocumentDigests& digests, std::uint64_t size_bytes) {
        const auto sha256_digest = contracts::find_digest(digests, DigestAlgorithm::sha256);
        if (!sha256_digest || !listed.insert(*sha256_digest).second) {
            return;
        }
        facts.documents.push_back({std::move(name), size_bytes, *sha256_digest,
                                   contracts::find_digest(digests, DigestAlgorithm::sm3).value_or(Digest{}), ""});
    };
    for (const DecodedEvent& event : events) {
        if (const auto* const registered = std::get_if<RegisterBody>(&event.action.body)) {
            for (const contracts::Document& document : registered->documents) {
                add(document.title, document.digests, 0);
            }
        } else if (const auto* const deposit = std::get_if<contracts::DepositBody>(&event.action.body)) {
            add(deposit->title.value_or(deposit->media_type), deposit->digests, deposit->size_bytes);
        }
    }
}

void fill_standing(const ContractState& state, ContractFact& out) {
    out.status = std::string{contracts::name(state.phase)};
    // Claims that change hands keep no accounts: docs/spec/claims.md.
    if (const auto* receivable = std::get_if<contracts::ReceivableBook>(&state.book)) {
        out.principal_outstanding_minor = receivable->open_minor();
        out.repayments = totals_of(receivable->payments);
        return;
    }
    if (const auto* voucher = std::get_if<contracts::VoucherBook>(&state.book)) {
        out.principal_outstanding_minor = voucher->open_minor();
        out.repayments = totals_of(voucher->redemptions);
        return;
    }
    const contracts::Accounts accounts = state.loan().accounts();
    for (std::size_t i = 1; i <= contracts::kAccounts; ++i) {
        const auto account = static_cast<contracts::Account>(i);
        out.accounts.push_back({std::string{contracts::name(account)}, accounts.balance(account)});
    }
    out.disbursements = totals_of(state.loan().disbursements);
    out.repayments = totals_of(state.loan().repayments);
}

ContractFact contract_fact(const ContractEvidence& evidence, const RegisterBody& registered, const Trust& trust,
                           UnixMs head_time) {
    ContractFact out;
    const DecodedAction& registration = evidence.events.front().action;
    out.type = std::string{contracts::name(contracts::kind_of(registered.terms))};
    out.number = registered.number;
    out.currency = std::string{contracts::currency_of(registered.terms).code()};
    out.contract_date = contracts::contract_date_of(registered.terms).to_string();
    out.utc_offset_minutes = contracts::utc_offset_minutes_of(registered.terms);
    out.values_hidden = !registration.hidden.empty();
    out.principal_minor = contracts::amount_of(registered.terms);
    out.recomputed = evidence.recomputed.has_value();
    fill_parties(registered, signers_of(evidence.events), trust, out);
    out.later_parties = later_parties(evidence.events);
    const CivilDate as_of = date_at(head_time, out.utc_offset_minutes);
    out.balances_as_of = as_of.to_string();
    out.state_shown = evidence.state.has_value();
    out.status = "withheld";
    if (evidence.state) {
        // Interest falls due by the calendar alone, so balances are shown as of the head's day (contracts::advance).
        fill_standing(evidence.recomputed
                          ? contracts::advance(evidence.recomputed->contract->terms, *evidence.state, as_of)
                          : *evidence.state,
                      out);
    }
    if (evidence.recomputed && contracts::kind_of(registered.terms) == contracts::ContractKind::loan) {
        fill_plan(*evidence.recomputed->contract, as_of, out);
    }
    return out;
}

}  // namespace

const std::string* offered_to(const contracts::ActionBody& body) {
    if (const auto* const assigned = std::get_if<contracts::AssignBody>(&body)) {
        return &assigned->assignee;
    }
    if (const auto* const transferred = std::get_if<contracts::TransferBody>(&body)) {
        return &transferred->to;
    }
    if (const auto* const financed = std::get_if<contracts::FinancePieceBody>(&body)) {
        return &financed->lender;
    }
    return nullptr;
}

void fill_contract_facts(const ContractEvidence& evidence, const Trust& trust, UnixMs head_time, Facts& facts) {
    facts.event_count = evidence.events.size();
    facts.refused_count = evidence.refused.size();
    const std::map<std::uint64_t, std::string> answers = answers_of(evidence.events);
    for (const DecodedEvent& event : evidence.events) {
        facts.events.push_back(event_fact(event, answers));
        if (evidence.recomputed) {
            facts.events.back().allocation = allocation_of(*evidence.recomputed, event);
        }
    }
    for (const DecodedEvent& event : evidence.refused) {
        facts.refused.push_back(event_fact(event, answers));
    }
    fill_documents(evidence.events, facts);
    if (evidence.events.empty()) {
        return;
    }
    if (const auto* const registered = std::get_if<RegisterBody>(&evidence.events.front().action.body)) {
        facts.contract = contract_fact(evidence, *registered, trust, head_time);
    }
}

}  // namespace probatum::evidence
