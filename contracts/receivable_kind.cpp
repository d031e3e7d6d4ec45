#include "base/check.h"
#include "contracts/claim_parts.h"
#include "contracts/evidence_record.h"
#include "contracts/receivable_rules.h"

/// What a receivable has of its own.
namespace probatum::contracts {
namespace {

Result<void> check_invoices(const ReceivableTerms& terms) {
    if (terms.invoices.empty()) {
        return fail(Errc::terms_invalid, "terms.invoices", "at least one invoice");
    }
    MinorAmount left = terms.amount_minor;
    for (std::size_t i = 0; i < terms.invoices.size(); ++i) {
        const Invoice& invoice = terms.invoices[i];
        PROBATUM_TRY(require_both_digests(invoice.digests, "terms.invoices"));
        if (invoice.amount_minor <= 0 || invoice.amount_minor > left) {
            return fail(Errc::amount_invalid, "terms.invoices");
        }
        left -= invoice.amount_minor;
        for (std::size_t j = 0; j < i; ++j) {
            if (terms.invoices[j].number == invoice.number || terms.invoices[j].digests == invoice.digests) {
                return fail(Errc::terms_invalid, "terms.invoices", "an invoice stands twice");
            }
        }
    }
    if (left != 0) {
        return fail(Errc::amount_invalid, "terms.invoices", "they do not add up to the amount");
    }
    return {};
}

/// The actions that a receivable has.
struct Actions {
    using Outcome = Result<rules::PostingChanges>;
    ContractState& state;
    const rules::Attempt& attempt;
    const Event& event;

    Outcome operator()(const ConfirmBody& body) const { return quiet(rules::confirm(claiming(), body)); }
    Outcome operator()(const AssignBody& body) const { return quiet(rules::assign(claiming(), body)); }
    Outcome operator()(const AcceptAssignmentBody& body) const {
        return quiet(rules::accept_assignment(claiming(), body));
    }
    Outcome operator()(const WithdrawAssignmentBody& body) const {
        return quiet(rules::withdraw_assignment(claiming(), body));
    }
    Outcome operator()(const NotifyBody& body) const { return quiet(rules::notify(claiming(), body)); }
    Outcome operator()(const RespondBody& body) const { return quiet(rules::respond(claiming(), body)); }
    Outcome operator()(const RegisterAssignmentBody& body) const {
        return quiet(rules::register_assignment(claiming(), body));
    }
    Outcome operator()(const BuyBackBody& body) const { return quiet(rules::buy_back(claiming(), body)); }
    Outcome operator()(const PayClaimBody& body) const {
        PROBATUM_CHECK(event.action.blinded_reference.has_value(), "nothing is hidden from the rules");
        return moved(rules::pay_claim(claiming(), body, *event.action.blinded_reference));
    }
    Outcome operator()(const SetOffBody& body) const { return moved(rules::set_off(claiming(), body)); }
    Outcome operator()(const AcknowledgeBody& body) const {
        const std::optional<Posting> target = event.postings.find(body.target);
        if (!target) {
            return fail(Errc::event_unknown, "target");
        }
        ReceivableBook& book = state.receivable();
        Totals& totals = target->kind == PostingKind::set_off ? book.set_offs : book.payments;
        PROBATUM_LET(answered, rules::answer_payment({totals, book.debtor, attempt, body}, *target));
        return rules::PostingChanges{{body.target, std::move(answered)}};
    }
    Outcome operator()(const SettleBody&) const {
        const ReceivableBook& book = state.receivable();
        if (book.open_minor() != 0) {
            return fail(Errc::balance_outstanding, "amount");
        }
        PROBATUM_TRY(rules::require_all_acknowledged(book.payments));
        PROBATUM_TRY(rules::require_all_acknowledged(book.set_offs));
        state.phase = Phase::settled;
        return rules::PostingChanges{};
    }
    template <class Body>
    Outcome operator()(const Body&) const {
        return fail(Errc::wrong_kind, "action");
    }

private:
    rules::Claiming claiming() const { return {state.receivable(), attempt.terms.receivable(), attempt}; }
    static Outcome quiet(Result<void> done) {
        PROBATUM_TRY(std::move(done));
        return rules::PostingChanges{};
    }
    Outcome moved(Result<Posting> posting) const {
        PROBATUM_TRY(posting);
        return rules::PostingChanges{{attempt.sequence, *std::move(posting)}};
    }
};

Result<rules::PostingChanges> run(ContractState& state, const rules::Attempt& attempt, const Event& event) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    return std::visit(Actions{state, attempt, event}, event.action.body);
}

}  // namespace

Result<void> rules::check_receivable_terms(const RegisterBody& body, const Resolved&) {
    const ReceivableTerms& terms = std::get<ReceivableTerms>(body.terms);
    PROBATUM_TRY(check_claim_parties(body.parties, std::nullopt));
    if (terms.amount_minor <= 0) {
        return fail(Errc::amount_invalid, "terms.amount");
    }
    if (terms.due < terms.contract_date) {
        return fail(Errc::terms_invalid, "terms.due", "before the contract date");
    }
    return check_invoices(terms);
}

ReceivableBook rules::new_receivable(const ContractTerms& terms) {
    return {.creditor = organisation_as(terms, Capacity::creditor),
            .debtor = organisation_as(terms, Capacity::debtor),
            .parts = {{.amount_minor = terms.receivable().amount_minor}}};
}

const rules::KindRules& rules::receivable_rules() {
    static const KindRules table{
        .check_terms = check_receivable_terms,
        .new_book = [](const ContractTerms& terms) { return KindBook{new_receivable(terms)}; },
        .run = ::probatum::contracts::run,
        .activate = [](ContractState&, const Attempt&) -> Result<void> { return fail(Errc::wrong_kind, "action"); },
        .advance = [](const ContractTerms&, ContractState&, CivilDate) {},
        .check_invariants = check_receivable_invariants,
        .first_phase = Phase::active,
        .by_approval = false};
    return table;
}

}  // namespace probatum::contracts
