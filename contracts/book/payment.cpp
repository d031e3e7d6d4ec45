#include <algorithm>
#include <utility>

#include "contracts/book/desk.h"

namespace probatum::book {

using schedule::PrepaymentFeeKind;
using schedule::Rational;

namespace {

MinorAmount& open_of(Instalment& one, Claim claim) {
    return claim == Claim::interest ? one.interest_open_minor : one.principal_open_minor;
}
MinorAmount open_of(const Instalment& one, Claim claim) {
    return claim == Claim::interest ? one.interest_open_minor : one.principal_open_minor;
}

/// The fee of prepaying so much principal on a day.
MinorAmount prepayment_fee(const Terms& terms, const Rational& contract_rate, CivilDate date, MinorAmount principal) {
    const schedule::PrepaymentFee& fee = *terms.prepayment;
    switch (fee.kind) {
        case PrepaymentFeeKind::fixed:
            return fee.amount_minor;
        case PrepaymentFeeKind::relative:
            return posted(terms, Rational{principal} * fee.rate);
        case PrepaymentFeeKind::differential: {
            if (date >= terms.plan.maturity || contract_rate <= fee.rate) {
                return 0;
            }
            const Rational years =
                schedule::year_fraction({date, terms.plan.maturity}, terms.plan.day_count, terms.plan.maturity);
            return posted(terms, Rational{principal} * (contract_rate - fee.rate) * years);
        }
        case PrepaymentFeeKind::none:
            break;
    }
    return 0;
}

}  // namespace

MinorAmount free_minor(const Book& book, Claim claim) {
    return std::max<MinorAmount>(book.open_minor(claim) - book.held_minor(claim), 0);
}

MinorAmount free_minor(const Book& book, const Instalment& one, Claim claim) {
    MinorAmount out = open_of(one, claim);
    for (const Hold& hold : book.holds) {
        out -= hold.claim == claim && hold.due == one.due ? hold.amount_minor : 0;
    }
    return std::max<MinorAmount>(out, 0);
}

void drop_paid(Book& book) {
    std::erase_if(book.instalments, [](const Instalment& one) { return !one.open(); });
}

MinorAmount Payer::take(Claim claim, MinorAmount at_most) {
    const MinorAmount part = std::min(at_most, left_);
    Book& book = desk_.book;
    left_ -= part;
    split_.paid[claim] += part;
    book.sums.paid[claim] += part;
    book.accounts.post({source_, receivable(claim), part});
    if (claim == Claim::principal && desk_.terms().revolving) {
        const MinorAmount room =
            desk_.terms().plan.principal_minor - book.accounts.balance(Account::undrawn_commitment);
        book.accounts.post({Account::undrawn_commitment, Account::commitment_contra, std::min(part, room)});
    }
    return part;
}

void Payer::pay_claim(Claim claim) {
    Book& book = desk_.book;
    if (claim != Claim::interest && claim != Claim::principal) {
        book.open[claim] -= take(claim, free_minor(book, claim));
        return;
    }
    for (Instalment& one : book.instalments) {
        if (left_ == 0) {
            return;
        }
        const MinorAmount free = std::min(free_minor(book, one, claim), free_minor(book, claim));
        open_of(one, claim) -= take(claim, free);
    }
}

void Payer::pay_due() {
    for (const Claim claim : desk_.terms().allocation) {
        pay_claim(claim);
    }
    drop_paid(desk_.book);
}

void Payer::pay_row_ahead(Claim claim, const RowSums& up_to, bool last) {
    Book& book = desk_.book;
    if (claim == Claim::interest) {
        const MinorAmount open = std::max<MinorAmount>(up_to.interest_minor - book.row_interest_minor, 0);
        const MinorAmount part = std::min(open, left_);
        // Interest paid ahead is income when it is paid; its due date then adds nothing.
        charge(desk_, Claim::interest, part);
        book.row_interest_minor += take(claim, part);
    } else if (claim == Claim::principal) {
        const MinorAmount room = std::max<MinorAmount>(up_to.principal_minor - book.row_principal_minor, 0);
        const MinorAmount open = std::min(last ? book.not_due_minor : room, book.not_due_minor);
        const MinorAmount part = take(claim, std::min(open, free_minor(book, claim)));
        book.row_principal_minor += part;
        book.not_due_minor -= part;
    }
}

void Payer::pay_rows_ahead() {
    const schedule::PlanTerms& plan = desk_.terms().plan;
    Cursor cursor = desk_.book.cursor;
    // Added up once: a replay comes by here for each of many payments.
    RowSums up_to;
    std::uint32_t counted = 0;
    for (auto due = next_due(plan, cursor); due && left_ > 0; due = next_due(plan, cursor)) {
        for (; counted <= due->step; ++counted) {
            add_row(up_to, desk_.book, plan.rows[counted]);
        }
        for (const Claim claim : desk_.terms().allocation) {
            pay_row_ahead(claim, up_to, due->last);
        }
        cursor = behind(*due);
    }
}

/// Nothing will fall due any more, so what has accrued is due now, and so are the fees of a row.
void Payer::post_all_accrued(CivilDate date) {
    Book& book = desk_.book;
    count_late(desk_, date);
    const MinorAmount interest = posted(desk_.terms(), std::exchange(book.accruals.interest, Rational{}) +
                                                           std::exchange(book.accruals.late, Rational{}));
    if (interest > 0) {
        charge(desk_, Claim::interest, interest);
        Instalment& one = instalment_on(book, date, date);
        one.interest_minor += interest;
        one.interest_open_minor += interest;
    }
    charge_due_fees(desk_);
    pay_due();
}

bool Payer::prepay(CivilDate date, schedule::PrepaymentChoice choice) {
    Book& book = desk_.book;
    const Terms& terms = desk_.terms();
    count_interest(desk_, date);
    const auto fee_of = [&](MinorAmount principal) { return prepayment_fee(terms, book.rate, date, principal); };
    if (book.not_due_minor > 0 && free_minor(book, Claim::principal) >= book.not_due_minor &&
        left_ >= book.not_due_minor + fee_of(book.not_due_minor)) {
        post_all_accrued(date);
    }
    // The largest principal that the money covers together with its fee, which grows with the principal.
    MinorAmount covered = 0;
    MinorAmount beyond = std::min({book.not_due_minor, free_minor(book, Claim::principal), left_}) + 1;
    while (beyond - covered > 1) {
        const MinorAmount middle = covered + (beyond - covered) / 2;
        (middle + fee_of(middle) <= left_ ? covered : beyond) = middle;
    }
    if (covered == 0) {
        return false;
    }
    charge(desk_, Claim::fee, fee_of(covered));
    book.open[Claim::fee] -= take(Claim::fee, fee_of(covered));
    change_not_due(desk_, -take(Claim::principal, covered), date);
    if (choice == schedule::PrepaymentChoice::reduce_instalment) {
        book.fixed_minor.reset();
    }
    return true;
}

Split Payer::finish() {
    split_.suspense_minor = left_;
    if (source_ != Account::suspense) {
        desk_.book.accounts.post({source_, Account::suspense, left_});
        desk_.book.suspense_minor += left_;
    }
    return split_;
}

void apply_suspense(Desk desk, CivilDate date) {
    Book& book = desk.book;
    const MinorAmount free = book.suspense_minor - book.held_minor(std::nullopt);
    if (desk.terms().keep_suspense || free <= 0 || !book.anything_due()) {
        return;
    }
    post_accrued(desk, date);
    Payer payer{desk, free, Account::suspense};
    payer.pay_due();
    book.suspense_minor -= payer.finish().paid.sum();
}

}  // namespace probatum::book
