#include <algorithm>
#include <utility>

#include "contracts/book/desk.h"
#include "contracts/schedule/annuity.h"

namespace probatum::book {

using schedule::PlanFee;
using schedule::PlanFeeKind;
using schedule::PlanShape;
using schedule::Rational;

namespace {

constexpr int kPlaces = 40;

bool capitalises(const Terms& terms, CivilDate date) {
    return terms.plan.capitalise_until && date <= *terms.plan.capitalise_until;
}

/// The share or the instalment for what is not due and the dates from this one on.
void fix(Desk desk, const DueDate& due) {
    Book& book = desk.book;
    const schedule::PlanTerms& plan = desk.terms().plan;
    const bool instalment = plan.shape == PlanShape::equal_instalment;
    if (book.fixed_minor || (!instalment && plan.shape != PlanShape::equal_principal)) {
        return;
    }
    std::int64_t dates = 1;
    std::vector<Rational> factors;
    CivilDate before = due.counted_to;
    for (auto next = next_due(plan, behind(due)); next; next = next_due(plan, behind(*next))) {
        ++dates;
        if (instalment) {
            const Rational years = schedule::year_fraction({before, next->counted_to}, plan.day_count, plan.maturity);
            factors.push_back(Rational{1} + book.rate * (before < next->counted_to ? years : Rational{}));
            before = next->counted_to;
        }
    }
    if (instalment) {
        count_interest(desk, due.counted_to);
        const Rational debt = Rational{book.not_due_minor} + book.accruals.interest;
        const Rational left{std::min(plan.balloon_minor, book.not_due_minor)};
        book.fixed_minor = posted(desk.terms(), schedule::equal_payment(debt, factors, kPlaces, left));
    } else {
        const Rational spread{std::max<MinorAmount>(book.not_due_minor - plan.balloon_minor, 0)};
        book.fixed_minor = posted(desk.terms(), spread / Rational{dates});
    }
}

MinorAmount principal_of(const Book& book, const schedule::PlanTerms& plan, MinorAmount interest, bool last) {
    if (last) {
        return book.not_due_minor;
    }
    const MinorAmount before_balloon = std::max<MinorAmount>(book.not_due_minor - plan.balloon_minor, 0);
    switch (plan.shape) {
        case PlanShape::equal_principal:
            return std::min(book.fixed_minor.value_or(0), before_balloon);
        case PlanShape::equal_instalment:
            return std::clamp<MinorAmount>(book.fixed_minor.value_or(0) - interest, 0, before_balloon);
        case PlanShape::fixed_payment:
            return std::clamp<MinorAmount>(plan.payment_minor - interest, 0, before_balloon);
        default:
            return 0;
    }
}

/// What a payment that is too small for its interest leaves to be capitalised.
MinorAmount beyond_payment(const schedule::PlanTerms& plan, MinorAmount interest, bool last) {
    const bool shortfall = plan.shape == PlanShape::fixed_payment && !last && interest > plan.payment_minor;
    return shortfall ? interest - plan.payment_minor : 0;
}

void open_instalment(Book& book, const DueDate& due, MinorAmount interest, MinorAmount principal) {
    if (interest == 0 && principal == 0) {
        return;
    }
    Instalment& one = instalment_on(book, due.due, due.counted_to);
    one.interest_minor += interest;
    one.interest_open_minor += interest;
    one.principal_minor += principal;
    one.principal_open_minor += principal;
}

void period_falls_due(Desk desk, const DueDate& due) {
    Book& book = desk.book;
    const Terms& terms = desk.terms();
    Accruals& accruals = book.accruals;
    const bool nothing = book.outstanding_minor() == 0 && accruals.interest.is_zero() && accruals.late.is_zero();
    if (nothing) {
        count_interest(desk, due.counted_to);
        count_late(desk, due.due);
        return;
    }
    if (!capitalises(terms, due.due)) {
        fix(desk, due);
    }
    count_interest(desk, due.counted_to);
    count_late(desk, due.due);
    post_accrued(desk, due.due);
    // The plan's own interest decides how much of an instalment is principal; the borrower owes the late part too.
    const MinorAmount planned = posted(terms, accruals.interest);
    const MinorAmount interest =
        posted(terms, std::exchange(accruals.interest, Rational{}) + std::exchange(accruals.late, Rational{}));
    charge(desk, Claim::interest, interest);
    const MinorAmount capitalised =
        capitalises(terms, due.due) ? interest : std::min(beyond_payment(terms.plan, planned, due.last), interest);
    post_capitalised(desk, capitalised);
    book.not_due_minor += capitalised;
    if (capitalises(terms, due.due)) {
        return;
    }
    charge_due_fees(desk);
    const MinorAmount principal = principal_of(book, terms.plan, planned, due.last);
    book.not_due_minor -= principal;
    open_instalment(book, due, interest - capitalised, principal);
}

void row_falls_due(Desk desk, const DueDate& due) {
    Book& book = desk.book;
    count_late(desk, due.due);
    post_accrued(desk, due.due);
    const RowSums up_to = rows_up_to(book, desk.terms().plan, due.step);
    MinorAmount interest = std::max<MinorAmount>(up_to.interest_minor - book.row_interest_minor, 0);
    book.row_interest_minor += interest;
    // Under an amendment to explicit rows, what had accrued before it falls due with the first of them.
    interest += posted(desk.terms(), std::exchange(book.accruals.interest, Rational{}) +
                                         std::exchange(book.accruals.late, Rational{}));
    const MinorAmount room = std::max<MinorAmount>(up_to.principal_minor - book.row_principal_minor, 0);
    const MinorAmount principal = due.last ? book.not_due_minor : std::min(room, book.not_due_minor);
    book.row_principal_minor += principal;
    book.not_due_minor -= principal;
    charge(desk, Claim::interest, interest);
    open_instalment(book, due, interest, principal);
}

}  // namespace

void let_fall_due(Desk desk, CivilDate up_to) {
    if (desk.book.closed) {
        return;
    }
    for (auto due = next_due(desk.terms().plan, desk.book.cursor); due && due->due <= up_to;
         due = next_due(desk.terms().plan, desk.book.cursor)) {
        if (desk.terms().plan.shape == PlanShape::explicit_rows) {
            row_falls_due(desk, *due);
        } else {
            period_falls_due(desk, *due);
        }
        desk.book.cursor = behind(*due);
        apply_suspense(desk, due->due);
    }
}

void charge(Desk desk, Claim claim, MinorAmount amount_minor) {
    Book& book = desk.book;
    book.sums.charged[claim] += amount_minor;
    book.accounts.post({receivable(claim), Account::income, amount_minor});
    if (claim != Claim::interest) {
        book.open[claim] += amount_minor;
    }
}

void charge_due_fees(Desk desk) {
    const Terms& terms = desk.terms();
    for (const PlanFee& fee : terms.plan.fees) {
        if (fee.kind == PlanFeeKind::each_due_date) {
            charge(desk, Claim::fee, fee.amount_minor);
        } else if (fee.kind == PlanFeeKind::yearly_on_balance) {
            charge(desk, Claim::fee, posted(terms, desk.book.accruals.balance_years * fee.rate));
        }
    }
    desk.book.accruals.balance_years = Rational{};
}

void post_capitalised(Desk desk, MinorAmount amount_minor) {
    desk.book.sums.capitalised_minor += amount_minor;
    desk.book.accounts.post({Account::principal_receivable, Account::interest_receivable, amount_minor});
}

Instalment& instalment_on(Book& book, CivilDate due, CivilDate counted_to) {
    auto at = std::ranges::lower_bound(book.instalments, due, {}, &Instalment::due);
    if (at == book.instalments.end() || at->due != due) {
        at = book.instalments.insert(at, Instalment{.due = due, .counted_to = counted_to});
    }
    return *at;
}

Account receivable(Claim claim) {
    switch (claim) {
        case Claim::penalty:
            return Account::penalty_receivable;
        case Claim::interest:
            return Account::interest_receivable;
        case Claim::principal:
            return Account::principal_receivable;
        default:
            return Account::fee_receivable;
    }
}

Book advance(Versions versions, Book book, CivilDate date) {
    let_fall_due({versions, book}, date);
    return book;
}

}  // namespace probatum::book
