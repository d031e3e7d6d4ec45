#include <algorithm>
#include <set>

#include "contracts/rule_parts.h"

/// What a loan has of its own; the money is in fund_rules and book/, the invariants in loan_invariants.
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
    MinorAmount principal = 0;
    MinorAmount interest = 0;
    for (const DueRow& row : terms.rows) {
        if (row.due <= previous) {
            return fail(Errc::terms_invalid, "terms.rows", "dates ascend and do not precede the contract date");
        }
        if (row.principal_minor < 0 || row.interest_minor < 0 ||
            (row.principal_minor == 0 && row.interest_minor == 0)) {
            return fail(Errc::amount_invalid, "terms.rows", "a row owes something, and nothing negative");
        }
        // Amounts of a book stay within this, so that none of its sums can leave 64 bits.
        if (row.principal_minor > book::kMaxAmount - principal || row.interest_minor > book::kMaxAmount - interest) {
            return fail(Errc::amount_invalid, "terms.rows", "the sum exceeds 10^15 minor units");
        }
        principal += row.principal_minor;
        interest += row.interest_minor;
        previous = row.due;
    }
    if (principal != terms.principal_minor) {
        return fail(Errc::terms_invalid, "terms.rows", "the rows' principal does not add up to the principal");
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

/// The actions that a loan has.
struct Actions {
    using Outcome = Result<rules::PostingChanges>;
    ContractState& state;
    const rules::Attempt& attempt;
    const Event& event;

    Outcome operator()(const SettleBody&) const { return rules::settle(state, attempt, event); }
    Outcome operator()(const DisburseBody& body) const {
        return rules::pay(state, attempt, event, body, PostingKind::disbursement);
    }
    Outcome operator()(const RepayBody& body) const {
        return rules::pay(state, attempt, event, body, PostingKind::repayment);
    }
    Outcome operator()(const AcknowledgeBody& body) const {
        PROBATUM_LET(posting, rules::acknowledge(state, attempt, body, event.postings.find(body.target)));
        return rules::PostingChanges{{body.target, std::move(posting)}};
    }
    template <class Body>
    Outcome operator()(const Body&) const {
        return fail(Errc::wrong_kind, "action");
    }
};

Result<rules::PostingChanges> run(ContractState& state, const rules::Attempt& attempt, const Event& event) {
    return std::visit(Actions{state, attempt, event}, event.action.body);
}

Result<void> activate(ContractState& state, const rules::Attempt& attempt) {
    state.loan().money = book::open_book(versions_of(attempt.terms.loan()));
    return {};
}

/// What has fallen due is charged.
void advance_loan(const ContractTerms& terms, ContractState& state, CivilDate date) {
    LoanBook& loan = state.loan();
    loan.money = book::advance(versions_of(terms.loan()), *std::move(loan.money), date);
}

}  // namespace

const rules::KindRules& rules::loan_rules() {
    static const KindRules table{.check_terms = check_loan,
                                 .new_book = new_book,
                                 .run = ::probatum::contracts::run,
                                 .activate = ::probatum::contracts::activate,
                                 .stored_advanced = false,
                                 .advance = advance_loan,
                                 .check_invariants = check_loan_invariants,
                                 .first_phase = Phase::registered,
                                 .by_approval = true};
    return table;
}

}  // namespace probatum::contracts
