#include "contracts/loan_rules.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/evidence_record.h"
#include "contracts/permissions.h"
#include "contracts/rule_parts.h"

namespace probatum::contracts {
namespace {

Result<Applied> register_contract(const DecodedAction& action, const RegisterBody& body, const Resolved& resolved) {
    PROBATUM_TRY(permit(action.name, &body.parties, resolved));
    if (!resolved.parties_registered.value_or(false)) {
        return fail(Errc::terms_invalid, "parties", "an organisation is not registered");
    }
    PROBATUM_TRY(check_terms(body));
    PROBATUM_CHECK(action.contract.has_value(), "decoding gives a registration its contract id");
    Applied out;
    out.terms = ContractTerms{.id = *action.contract,
                              .organisation = resolved.organisation,
                              .number = body.number,
                              .parties = body.parties,
                              .loan = body.terms,
                              .documents = body.documents};
    out.state.terms = sha256(encode(*out.terms));
    out.state.registrar = {resolved.organisation, resolved.member, 0};
    out.state.events = 1;
    return out;
}

/// The rules of one action on a contract that is there.
class Rules {
public:
    Rules(LoanState& state, const rules::Attempt& attempt, const Event& event)
        : state_{state}, attempt_{attempt}, event_{event} {}

    using Outcome = Result<std::optional<PostingChange>>;

    Outcome operator()(const DepositBody& body) const {
        PROBATUM_TRY(require_both_digests(body.digests, "digests"));
        ++state_.records;
        return std::nullopt;
    }
    Outcome operator()(const RegisterBody&) const { return fail(Errc::already_exists, "number"); }
    Outcome operator()(const SignBody& body) const { return without_posting(rules::sign(state_, attempt_, body)); }
    Outcome operator()(const ApproveBody& body) const {
        return without_posting(rules::approve(state_, attempt_, body));
    }
    Outcome operator()(const ActivateBody&) const { return without_posting(rules::activate(state_, attempt_)); }
    Outcome operator()(const SettleBody&) const { return without_posting(rules::settle(state_, attempt_)); }
    Outcome operator()(const DisburseBody& body) const {
        PROBATUM_LET(posting, rules::disburse(state_, attempt_, movement(body)));
        return PostingChange{attempt_.sequence, std::move(posting)};
    }
    Outcome operator()(const RepayBody& body) const {
        PROBATUM_LET(posting, rules::repay(state_, attempt_, movement(body)));
        return PostingChange{attempt_.sequence, std::move(posting)};
    }
    Outcome operator()(const AcknowledgeBody& body) const {
        PROBATUM_LET(posting, rules::acknowledge(state_, attempt_, body, event_.target));
        return PostingChange{body.target, std::move(posting)};
    }

    /// Governance is about no contract: decoding refuses such a statement, whoever made it.
    template <class Body>
    Outcome operator()(const Body&) const {
        return fail(Errc::malformed, "action", "not an action on a contract");
    }

private:
    static Outcome without_posting(Result<void> done) {
        PROBATUM_TRY(std::move(done));
        return std::nullopt;
    }
    rules::Movement movement(const Payment& payment) const {
        PROBATUM_CHECK(event_.action.blinded_reference.has_value(), "nothing is hidden from the rules");
        return {payment, *event_.action.blinded_reference};
    }

    LoanState& state_;
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
    PROBATUM_TRY(permit(event.action.name, &before->terms.parties, resolved));
    Applied out;
    out.state = advance(before->terms, before->state, date);
    const rules::Attempt attempt{before->terms, resolved, date, before->state.events};
    PROBATUM_LET(posting, std::visit(Rules{out.state, attempt, event}, event.action.body));
    out.posting = std::move(posting);
    ++out.state.events;
    return out;
}

LoanState advance(const ContractTerms& terms, LoanState state, CivilDate date) {
    if (state.phase != Phase::active || !state.first_value_date) {
        return state;
    }
    const MinorAmount due = due_by(terms.loan.rows, *state.first_value_date, date).interest_minor;
    if (due <= state.interest_charged_minor) {
        return state;
    }
    const Accounts::Transfer charge{Account::interest_receivable, Account::income, due - state.interest_charged_minor};
    const Result<void> posted = state.accounts.post({&charge, 1});
    PROBATUM_CHECK(posted.has_value(), "principal and interest of a plan fit into 64 bits together");
    state.interest_charged_minor = due;
    return state;
}

CivilDate event_date(const Contract* before, const DecodedAction& action, UnixMs block_time) {
    if (before != nullptr) {
        return date_at(block_time, before->terms.loan.utc_offset_minutes);
    }
    const auto* registration = std::get_if<RegisterBody>(&action.body);
    return date_at(block_time, registration == nullptr ? 0 : registration->terms.utc_offset_minutes);
}

std::vector<std::string> required_signers(const ContractTerms& terms) {
    std::vector<std::string> out;
    for (const Party& party : terms.parties) {
        if (party.capacity != Capacity::settlement_bank) {
            out.push_back(party.organisation);
        }
    }
    return out;
}

}  // namespace probatum::contracts
