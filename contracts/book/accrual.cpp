#include <algorithm>

#include "contracts/book/desk.h"

namespace probatum::book {

using schedule::Rational;

namespace {

Rational year(const Terms& terms, CivilDate from, CivilDate to) {
    return from < to ? schedule::year_fraction({from, to}, terms.plan.day_count, terms.plan.maturity) : Rational{};
}

CivilDate late_from(const Instalment& one) { return std::max(one.due, one.counted_to); }

CivilDate past_grace_from(const Terms& terms, const Instalment& one) {
    return schedule::plus_days(one.due, static_cast<std::int32_t>(terms.overdue.grace_days));
}

const Rational* ceiling_on(const Overdue& overdue, CivilDate date) {
    const Rational* out = nullptr;
    for (const Ceiling& ceiling : overdue.ceilings) {
        if (ceiling.from <= date) {
            out = &ceiling.rate;
        }
    }
    return out;
}

/// The penalty rate that may be taken on a day.
Rational penalty_rate(const Terms& terms, const Rational& contract_rate, CivilDate date) {
    const Overdue& overdue = terms.overdue;
    const Rational* const ceiling = ceiling_on(overdue, date);
    if (ceiling == nullptr) {
        return overdue.penalty_rate;
    }
    const Rational room = overdue.mode == PenaltyMode::beside ? *ceiling - contract_rate : *ceiling;
    return std::min(overdue.penalty_rate, std::max(room, Rational{}));
}

/// The first day after `from` on which what accrues changes, or `to`.
CivilDate next_change(Desk desk, CivilDate from, CivilDate to) {
    CivilDate out = to;
    const auto consider = [&](CivilDate date) {
        if (date > from) {
            out = std::min(out, date);
        }
    };
    for (const Instalment& one : desk.book.instalments) {
        consider(late_from(one));
        consider(past_grace_from(desk.terms(), one));
    }
    for (const Ceiling& ceiling : desk.terms().overdue.ceilings) {
        consider(ceiling.from);
    }
    return out;
}

/// Between two days on which nothing changes.
void count_piece(Desk desk, CivilDate from, CivilDate to) {
    const Terms& terms = desk.terms();
    const Overdue& overdue = terms.overdue;
    MinorAmount late = 0;
    MinorAmount punished = 0;
    for (const Instalment& one : desk.book.instalments) {
        const bool past_grace = past_grace_from(terms, one) <= from;
        if (past_grace) {
            punished += one.principal_open_minor + (overdue.on_interest ? one.interest_open_minor : 0);
        }
        if (late_from(one) <= from && !(past_grace && overdue.mode == PenaltyMode::instead)) {
            late += one.principal_open_minor;
        }
    }
    Accruals& accruals = desk.book.accruals;
    const bool bears_interest = late > 0 && !desk.book.rate.is_zero();
    const bool bears_penalty = punished > 0 && !overdue.penalty_rate.is_zero();
    if (!bears_interest && !bears_penalty) {
        return;
    }
    const Rational years = year(terms, from, to);
    if (bears_interest) {
        accruals.late += Rational{late} * desk.book.rate * years;
    }
    if (bears_penalty) {
        accruals.penalty += Rational{punished} * penalty_rate(terms, desk.book.rate, from) * years;
    }
}

bool has_balance_fee(const Terms& terms) {
    return std::ranges::any_of(terms.plan.fees, [](const schedule::PlanFee& fee) {
        return fee.kind == schedule::PlanFeeKind::yearly_on_balance;
    });
}

}  // namespace

void count_interest(Desk desk, CivilDate to) {
    Accruals& accruals = desk.book.accruals;
    if (to <= accruals.interest_to) {
        return;
    }
    if (desk.book.not_due_minor > 0 && !desk.book.rate.is_zero()) {
        accruals.interest +=
            Rational{desk.book.not_due_minor} * desk.book.rate * year(desk.terms(), accruals.interest_to, to);
    }
    accruals.interest_to = to;
}

void count_late(Desk desk, CivilDate to) {
    Accruals& accruals = desk.book.accruals;
    if (to <= accruals.late_to) {
        return;
    }
    if (has_balance_fee(desk.terms())) {
        accruals.balance_years += Rational{desk.book.outstanding_minor()} * year(desk.terms(), accruals.late_to, to);
    }
    if (!desk.book.instalments.empty()) {
        for (CivilDate from = accruals.late_to; from < to;) {
            const CivilDate until = next_change(desk, from, to);
            count_piece(desk, from, until);
            from = until;
        }
    }
    accruals.late_to = to;
}

void change_not_due(Desk desk, MinorAmount by_minor, CivilDate date) {
    count_interest(desk, date);
    desk.book.not_due_minor += by_minor;
    Accruals& accruals = desk.book.accruals;
    // With a CSP convention the interest of a row is counted ahead of its date.
    if (date < accruals.interest_to) {
        accruals.interest += Rational{by_minor} * desk.book.rate * year(desk.terms(), date, accruals.interest_to);
    }
}

MinorAmount posted(const Terms& terms, const Rational& amount) {
    if (amount.sign() <= 0) {
        return 0;
    }
    return std::min(amount.rounded(0, terms.plan.rounding).whole().value_or(kMaxAmount), kMaxAmount);
}

void post_accrued(Desk desk, CivilDate to) {
    Book& book = desk.book;
    count_late(desk, to);
    if (!book.accruals.penalty.is_zero()) {
        charge(desk, Claim::penalty, posted(desk.terms(), std::exchange(book.accruals.penalty, Rational{})));
    }
    if (!book.cursor.ended) {
        return;
    }
    const Rational accrued =
        std::exchange(book.accruals.interest, Rational{}) + std::exchange(book.accruals.late, Rational{});
    const MinorAmount interest = posted(desk.terms(), accrued);
    if (interest > 0) {
        charge(desk, Claim::interest, interest);
        if (book.instalments.empty()) {
            instalment_on(book, book.cursor.last, book.cursor.last);
        }
        book.instalments.back().interest_minor += interest;
        book.instalments.back().interest_open_minor += interest;
    }
}

}  // namespace probatum::book
