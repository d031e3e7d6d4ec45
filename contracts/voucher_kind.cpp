#include "base/check.h"
#include "contracts/claim_parts.h"
#include "contracts/voucher_rules.h"

/// What a voucher has of its own.
namespace probatum::contracts {
namespace {

/// Within what the network allows: six months in principle, one year at most, by default.
Result<void> check_limits(const VoucherTerms& terms, const VoucherLimits& limits) {
    const std::int64_t days = std::int64_t{terms.due.days()} - terms.contract_date.days();
    if (days <= 0 || days > limits.max_days) {
        return fail(Errc::terms_invalid, "terms.due", "after the day of issue, within what the network allows");
    }
    const bool unusual = days > limits.usual_days;
    if (unusual != terms.reason.has_value()) {
        return fail(Errc::terms_invalid, "terms.reason", "exactly where the term is longer than the usual one");
    }
    if (terms.max_level == 0 || terms.max_level > limits.max_level) {
        return fail(Errc::terms_invalid, "terms.max_level", "at least one, within what the network allows");
    }
    return {};
}

Result<void> settle(ContractState& state) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    if (state.voucher().open_minor() != 0) {
        return fail(Errc::balance_outstanding, "amount");
    }
    PROBATUM_TRY(rules::require_all_acknowledged(state.voucher().redemptions));
    state.phase = Phase::settled;
    return {};
}

/// The actions that a voucher has.
struct Actions {
    using Outcome = Result<rules::PostingChanges>;
    ContractState& state;
    const rules::Attempt& attempt;
    const Event& event;

    Outcome operator()(const IssueBody&) const { return quiet(rules::issue(state, circulating())); }
    Outcome operator()(const AcceptPieceBody& body) const { return quiet(rules::accept_piece(circulating(), body)); }
    Outcome operator()(const WithdrawPieceBody& body) const {
        return quiet(rules::withdraw_piece(circulating(), body));
    }
    Outcome operator()(const SplitBody& body) const { return quiet(rules::split(circulating(), body)); }
    Outcome operator()(const TransferBody& body) const { return quiet(rules::transfer(circulating(), body)); }
    Outcome operator()(const FinancePieceBody& body) const { return quiet(rules::finance_piece(circulating(), body)); }
    Outcome operator()(const CancelPieceBody& body) const { return quiet(rules::cancel_piece(circulating(), body)); }
    Outcome operator()(const RedeemBody& body) const {
        PROBATUM_CHECK(event.action.blinded_reference.has_value(), "nothing is hidden from the rules");
        PROBATUM_LET(posting, rules::redeem(circulating(), body, *event.action.blinded_reference));
        return rules::PostingChanges{{attempt.sequence, std::move(posting)}};
    }
    Outcome operator()(const AcknowledgeBody& body) const {
        const std::optional<Posting> target = event.postings.find(body.target);
        if (!target) {
            return fail(Errc::event_unknown, "target");
        }
        VoucherBook& book = state.voucher();
        PROBATUM_LET(answered, rules::answer_payment({book.redemptions, book.issuer, attempt, body}, *target));
        return rules::PostingChanges{{body.target, std::move(answered)}};
    }
    Outcome operator()(const SettleBody&) const { return quiet(settle(state)); }
    template <class Body>
    Outcome operator()(const Body&) const {
        return fail(Errc::wrong_kind, "action");
    }

private:
    rules::Circulating circulating() const { return {state.voucher(), attempt.terms.voucher(), attempt}; }
    static Outcome quiet(Result<void> done) {
        PROBATUM_TRY(std::move(done));
        return rules::PostingChanges{};
    }
};

Result<rules::PostingChanges> run(ContractState& state, const rules::Attempt& attempt, const Event& event) {
    const bool issues = std::holds_alternative<IssueBody>(event.action.body);
    if (!issues && state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    return std::visit(Actions{state, attempt, event}, event.action.body);
}

}  // namespace

Result<void> rules::check_voucher_terms(const RegisterBody& body, const Resolved& resolved) {
    const VoucherTerms& terms = std::get<VoucherTerms>(body.terms);
    PROBATUM_TRY(check_claim_parties(body.parties, Capacity::guarantor));
    if (terms.amount_minor <= 0) {
        return fail(Errc::amount_invalid, "terms.amount");
    }
    return check_limits(terms, resolved.voucher_limits.value_or(VoucherLimits{}));
}

VoucherBook rules::new_voucher(const ContractTerms& terms) {
    return {.issuer = organisation_as(terms, Capacity::debtor),
            .first_holder = organisation_as(terms, Capacity::creditor)};
}

const rules::KindRules& rules::voucher_rules() {
    static const KindRules table{
        .check_terms = check_voucher_terms,
        .new_book = [](const ContractTerms& terms) { return KindBook{new_voucher(terms)}; },
        .run = ::probatum::contracts::run,
        .activate = [](ContractState&, const Attempt&) -> Result<void> { return fail(Errc::wrong_kind, "action"); },
        .advance = [](const ContractTerms&, ContractState&, CivilDate) {},
        .check_invariants = check_voucher_invariants,
        .first_phase = Phase::registered,
        .by_approval = false};
    return table;
}

}  // namespace probatum::contracts
