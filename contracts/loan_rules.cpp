#include <algorithm>
#include <set>

#include "base/check.h"
#include "contracts/rule_parts.h"

/// What a loan has of its own; the money is in fund_rules and allocation, the invariants in loan_invariants.
namespace probatum::contracts {
namespace {

std::ptrdiff_t count_of(const std::vector<Party>& parties, Capacity capacity) {
    return std::ranges::count(parties, capacity, &Party::capacity);
}

Result<void> check_parties(const std::vector<Party>& parties) {
    // Whom a claim has would answer and settle for the lender.
    const std::set of_a_loan{Capacity::lender, Capacity::borrower, Capacity::guarantor, Capacity::settlement_bank};
    for (const Party& party : parties) {
        if (!of_a_loan.contains(party.capacity)) {
            return fail(Errc::terms_invalid, "parties", "a capacity that this kind of contract does not have");
        }
    }
    if (count_of(parties, Capacity::lender) != 1) {
        return fail(Errc::terms_invalid, "parties", "exactly one lender");
    }
    if (count_of(parties, Capacity::borrower) < 1) {
        return fail(Errc::terms_invalid, "parties", "at least one borrower");
    }
    if (count_of(parties, Capacity::settlement_bank) > 1) {
        return fail(Errc::terms_invalid, "parties", "at most one settlement bank");
    }
    for (std::size_t i = 0; i < parties.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (parties[i].organisation != parties[j].organisation) {
                continue;
            }
            // A bank may lend and settle. Every other double capacity would let one organisation answer itself.
            const std::set<Capacity> both{parties[i].capacity, parties[j].capacity};
            if (both != std::set{Capacity::lender, Capacity::settlement_bank}) {
                return fail(Errc::terms_invalid, "parties", "an organisation stands on both sides, or twice");
            }
        }
    }
    return {};
}

Result<void> check_rows(const LoanTerms& terms) {
    if (terms.rows.empty()) {
        return fail(Errc::terms_invalid, "terms.rows", "at least one row");
    }
    CivilDate previous{terms.contract_date.days() - 1};
    Cumulative sum;
    for (const DueRow& row : terms.rows) {
        if (row.due <= previous) {
            return fail(Errc::terms_invalid, "terms.rows", "dates ascend and do not precede the contract date");
        }
        if (row.principal_minor < 0 || row.interest_minor < 0 ||
            (row.principal_minor == 0 && row.interest_minor == 0)) {
            return fail(Errc::amount_invalid, "terms.rows", "a row owes something, and nothing negative");
        }
        const std::optional<MinorAmount> principal = add(sum.principal_minor, row.principal_minor);
        const std::optional<MinorAmount> interest = add(sum.interest_minor, row.interest_minor);
        if (!principal || !interest) {
            return fail(Errc::amount_invalid, "terms.rows", "the sum exceeds 64 bits");
        }
        sum = {*principal, *interest};
        previous = row.due;
    }
    if (sum.principal_minor != terms.principal_minor) {
        return fail(Errc::terms_invalid, "terms.rows", "the rows' principal does not add up to the principal");
    }
    if (!add(sum.principal_minor, sum.interest_minor)) {
        return fail(Errc::amount_invalid, "terms.rows", "the sum exceeds 64 bits");
    }
    return {};
}

Result<void> check_loan(const RegisterBody& body, const Resolved&) {
    const LoanTerms& terms = body.loan();
    PROBATUM_TRY(check_parties(body.parties));
    if (terms.principal_minor <= 0) {
        return fail(Errc::amount_invalid, "terms.principal");
    }
    std::vector<Claim> order = terms.allocation;
    std::ranges::sort(order);
    if (order != std::vector{Claim::costs, Claim::interest, Claim::principal}) {
        return fail(Errc::terms_invalid, "terms.allocation", "each class once");
    }
    return check_rows(terms);
}

KindBook new_book(const ContractTerms&) { return LoanBook{}; }

Result<void> settle(ContractState& state) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    LoanBook& book = state.loan();
    // Interest that is not due yet is the lender's to waive: settling is the lender's own signed statement.
    if (book.accounts.balance(Account::principal_receivable) != 0) {
        return fail(Errc::balance_outstanding, "principal");
    }
    if (book.accounts.balance(Account::interest_receivable) != 0) {
        return fail(Errc::balance_outstanding, "interest");
    }
    state.phase = Phase::settled;
    const Accounts::Transfer lapsed{Account::commitment_contra, Account::undrawn_commitment,
                                    book.accounts.balance(Account::undrawn_commitment)};
    return book.accounts.post({&lapsed, 1});
}

/// The actions that a loan has.
struct Actions {
    using Outcome = Result<rules::PostingChanges>;
    ContractState& state;
    const rules::Attempt& attempt;
    const Event& event;

    Outcome operator()(const SettleBody&) const {
        PROBATUM_TRY(settle(state));
        return rules::PostingChanges{};
    }
    Outcome operator()(const DisburseBody& body) const {
        PROBATUM_LET(posting, rules::disburse(state, attempt, movement(body)));
        return rules::PostingChanges{{attempt.sequence, std::move(posting)}};
    }
    Outcome operator()(const RepayBody& body) const {
        PROBATUM_LET(posting, rules::repay(state, attempt, movement(body)));
        return rules::PostingChanges{{attempt.sequence, std::move(posting)}};
    }
    Outcome operator()(const AcknowledgeBody& body) const {
        PROBATUM_LET(posting, rules::acknowledge(state, attempt, body, event.postings.find(body.target)));
        return rules::PostingChanges{{body.target, std::move(posting)}};
    }
    template <class Body>
    Outcome operator()(const Body&) const {
        return fail(Errc::wrong_kind, "action");
    }

private:
    rules::Movement movement(const Payment& payment) const {
        PROBATUM_CHECK(event.action.blinded_reference.has_value(), "nothing is hidden from the rules");
        return {payment, *event.action.blinded_reference};
    }
};

Result<rules::PostingChanges> run(ContractState& state, const rules::Attempt& attempt, const Event& event) {
    return std::visit(Actions{state, attempt, event}, event.action.body);
}

Result<void> activate(ContractState& state, const rules::Attempt& attempt) {
    const Accounts::Transfer commitment{Account::undrawn_commitment, Account::commitment_contra,
                                        attempt.terms.loan().principal_minor};
    return state.loan().accounts.post({&commitment, 1});
}

/// Interest that has fallen due is charged.
void advance_loan(const ContractTerms& terms, ContractState& state, CivilDate date) {
    LoanBook& book = state.loan();
    if (!book.first_value_date) {
        return;
    }
    const MinorAmount due = due_by(terms.loan().rows, *book.first_value_date, date).interest_minor;
    if (due <= book.interest_charged_minor) {
        return;
    }
    const Accounts::Transfer charge{Account::interest_receivable, Account::income, due - book.interest_charged_minor};
    const Result<void> posted = book.accounts.post({&charge, 1});
    PROBATUM_CHECK(posted.has_value(), "principal and interest of a plan fit into 64 bits together");
    book.interest_charged_minor = due;
}

}  // namespace

const rules::KindRules& rules::loan_rules() {
    static const KindRules table{.check_terms = check_loan,
                                 .new_book = new_book,
                                 .run = ::probatum::contracts::run,
                                 .activate = ::probatum::contracts::activate,
                                 .advance = advance_loan,
                                 .check_invariants = check_loan_invariants,
                                 .first_phase = Phase::registered,
                                 .by_approval = true};
    return table;
}

Cumulative due_by(std::span<const DueRow> rows, CivilDate first_value_date, CivilDate date) {
    Cumulative out;
    for (const DueRow& row : rows) {
        if (row.due > date) {
            break;
        }
        out.principal_minor += row.principal_minor;
        out.interest_minor += row.due > first_value_date ? row.interest_minor : 0;
    }
    return out;
}

}  // namespace probatum::contracts
