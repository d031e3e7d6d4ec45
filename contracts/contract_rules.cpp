#include "contracts/contract_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/check.h"
#include "contracts/evidence_record.h"
#include "contracts/permissions.h"
#include "contracts/rule_parts.h"

namespace probatum::contracts {
namespace rules {

const KindRules& rules_of(ContractKind kind) {
    // In the order of ContractKind.
    static const std::array<const KindRules*, std::variant_size_v<KindTerms>> table{&loan_rules(), &receivable_rules(),
                                                                                    &voucher_rules()};
    return *table.at(static_cast<std::size_t>(kind) - 1);
}

}  // namespace rules

namespace {

Result<Applied> register_contract(const DecodedAction& action, const RegisterBody& body, const Resolved& resolved) {
    PROBATUM_TRY(permit(action.name, &body.parties, resolved));
    if (!resolved.parties_registered.value_or(false)) {
        return fail(Errc::terms_invalid, "parties", "an organisation is not registered");
    }
    if (!resolved.links_known.value_or(true)) {
        return fail(Errc::terms_invalid, "links", "no contract has this id");
    }
    PROBATUM_TRY(check_terms(body));
    PROBATUM_TRY(rules::rules_of(kind_of(body.terms)).check_terms(body, resolved));
    PROBATUM_CHECK(action.contract.has_value(), "decoding gives a registration its contract id");
    Applied out;
    out.terms = ContractTerms{.id = *action.contract,
                              .organisation = resolved.organisation,
                              .number = body.number,
                              .parties = body.parties,
                              .of_kind = body.terms,
                              .documents = body.documents,
                              .links = body.links};
    out.state.terms = sha256(encode(*out.terms));
    out.state.registrar = {resolved.organisation, resolved.member, 0};
    out.state.events = 1;
    out.state.phase = rules::rules_of(out.terms->kind()).first_phase;
    out.state.book = rules::rules_of(out.terms->kind()).new_book(*out.terms);
    return out;
}

/// The rules of one action on a contract that is there: those that every kind has, and the kind's own for the rest.
class Rules {
public:
    Rules(ContractState& state, const rules::Attempt& attempt, const Event& event)
        : state_{state}, attempt_{attempt}, event_{event} {}

    using Outcome = Result<rules::PostingChanges>;

    Outcome operator()(const DepositBody& body) const {
        PROBATUM_TRY(require_both_digests(body.digests, "digests"));
        ++state_.records;
        return rules::PostingChanges{};
    }
    Outcome operator()(const RegisterBody&) const { return fail(Errc::already_exists, "number"); }
    Outcome operator()(const SignBody& body) const { return without_posting(rules::sign(state_, attempt_, body)); }
    Outcome operator()(const ApproveBody& body) const {
        return without_posting(rules::approve(state_, attempt_, body));
    }
    Outcome operator()(const ActivateBody&) const { return without_posting(rules::activate(state_, attempt_)); }
    template <class Body>
    Outcome operator()(const Body&) const {
        return rules::rules_of(attempt_.terms.kind()).run(state_, attempt_, event_);
    }

private:
    static Outcome without_posting(Result<void> done) {
        PROBATUM_TRY(std::move(done));
        return rules::PostingChanges{};
    }

    ContractState& state_;
    const rules::Attempt& attempt_;
    const Event& event_;
};

}  // namespace

Result<Applied> apply(const Contract* before, const Event& event, const Resolved& resolved, CivilDate date) {
    PROBATUM_CHECK(event.action.hidden.empty(), "the rules read every sealed field");
    if (resolved.idempotency_key_used) {
        return fail(Errc::idempotency_conflict, "idempotency_key");
    }
    const auto* registration = std::get_if<RegisterBody>(&event.action.body);
    if (before == nullptr) {
        if (registration == nullptr) {
            return fail(Errc::contract_unknown, "subject");
        }
        return register_contract(event.action, *registration, resolved);
    }
    if (registration != nullptr) {
        return fail(Errc::already_exists, "number");
    }
    const std::vector<Party> parties = parties_of(before->terms, before->state.book);
    PROBATUM_TRY(permit(event.action.name, &parties, resolved));
    Applied out;
    const bool days_pass = rules::rules_of(before->terms.kind()).stored_advanced;
    out.state = days_pass ? advance(before->terms, before->state, date) : before->state;
    const rules::Attempt attempt{before->terms, resolved, date, before->state.events};
    PROBATUM_LET(postings, std::visit(Rules{out.state, attempt, event}, event.action.body));
    out.postings = std::move(postings);
    ++out.state.events;
    return out;
}

ContractState advance(const ContractTerms& terms, ContractState state, CivilDate date) {
    if (state.phase == Phase::active) {
        rules::rules_of(terms.kind()).advance(terms, state, date);
    }
    return state;
}

CivilDate event_date(const Contract* before, const DecodedAction& action, UnixMs block_time) {
    if (before != nullptr) {
        return date_at(block_time, before->terms.utc_offset_minutes());
    }
    const auto* registration = std::get_if<RegisterBody>(&action.body);
    return date_at(block_time, registration == nullptr ? 0 : utc_offset_minutes_of(registration->terms));
}

std::vector<Party> parties_of(const ContractTerms& terms, const KindBook& book) {
    std::vector<Party> out = terms.parties;
    std::set<std::string_view> holders;  // Into `book`. Nobody registers as holder, so these are all of them.
    const auto add = [&](const std::string& organisation) {
        if (holders.insert(organisation).second) {
            out.push_back({organisation, Capacity::holder});
        }
    };
    if (const auto* receivable = std::get_if<ReceivableBook>(&book)) {
        for (const Assignment& assignment : receivable->assignments) {
            if (assignment.state == AssignmentState::offered || assignment.state == AssignmentState::effective) {
                add(assignment.assignee);
            }
        }
    } else if (const auto* voucher = std::get_if<VoucherBook>(&book)) {
        for (const Piece& piece : voucher->pieces) {
            add(piece.holder);
            if (piece.offer) {
                add(piece.offer->to);
            }
        }
    }
    return out;
}

bool must_sign(ContractKind kind, Capacity capacity) {
    switch (kind) {
        case ContractKind::loan:
            return capacity != Capacity::settlement_bank;
        case ContractKind::receivable:
            return false;
        case ContractKind::voucher:
            return capacity == Capacity::guarantor;
    }
    return false;
}

std::vector<std::string> required_signers(const ContractTerms& terms) {
    std::vector<std::string> out;
    for (const Party& party : terms.parties) {
        if (must_sign(terms.kind(), party.capacity)) {
            out.push_back(party.organisation);
        }
    }
    return out;
}

}  // namespace probatum::contracts
