#include <algorithm>

#include "contracts/book/desk.h"

namespace probatum::book {

using schedule::PlanShape;
using schedule::Rational;

namespace {

constexpr std::int64_t kRateUnits = 1'000'000'000'000;  ///< 12 decimal places.

bool is_reset_date(const Floating& floating, CivilDate date) {
    using schedule::Moment;
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(schedule::kMaxCycleDates); ++k) {
        const Moment reset =
            schedule::step(Moment{floating.first_reset}, floating.cycle, k, schedule::EndOfMonth::same_day);
        if (reset.date >= date) {
            return reset.date == date;
        }
    }
    return false;
}

Rational floating_rate(const Floating& floating, const Rational& fixing) {
    Rational out = std::max(fixing + floating.margin, floating.floor.value_or(Rational{}));
    return floating.cap ? std::min(out, *floating.cap) : out;
}

Result<Split> reset_rate(Desk desk, const Movement& movement) {
    const Terms& terms = desk.terms();
    if (terms.plan.shape == PlanShape::explicit_rows) {
        return fail(Errc::wrong_state, "plan", "explicit rows have no rate");
    }
    const bool exact = (movement.rate * Rational{kRateUnits}).whole().has_value();
    if (movement.rate.magnitude() > Rational{10} || !exact || (!terms.floating && movement.rate.sign() < 0)) {
        return fail(Errc::terms_invalid, "rate", "from 0 to 10 a year, at most 12 decimal places");
    }
    if (terms.floating && !is_reset_date(*terms.floating, movement.value_date)) {
        return fail(Errc::value_date_invalid, "value_date", "not a reset date");
    }
    count_interest(desk, movement.value_date);
    count_late(desk, movement.value_date);
    desk.book.rate = terms.floating ? floating_rate(*terms.floating, movement.rate) : movement.rate;
    if (terms.plan.shape == PlanShape::equal_instalment) {
        desk.book.fixed_minor.reset();
    }
    return Split{};
}

/// The undrawn commitment follows a limit that an amendment changes.
Result<void> change_limit(Book& book, MinorAmount before, MinorAmount after) {
    if (after < before && before - after > book.accounts.balance(Account::undrawn_commitment)) {
        return fail(Errc::terms_invalid, "principal", "the limit is below what was drawn");
    }
    if (after > before) {
        book.accounts.post({Account::undrawn_commitment, Account::commitment_contra, after - before});
    } else {
        book.accounts.post({Account::commitment_contra, Account::undrawn_commitment, before - after});
    }
    return {};
}

Result<Split> amend(Desk desk, const Movement& movement) {
    Book& book = desk.book;
    if (book.version + 1 >= desk.versions.size()) {
        return fail(Errc::terms_invalid, "version", "there is no next version of the terms");
    }
    const schedule::PlanTerms& before = desk.terms().plan;
    const schedule::PlanTerms& after = desk.versions[book.version + 1].plan;
    const Cursor cursor = first_cursor(after, movement.value_date);
    if (cursor.ended) {
        return fail(Errc::terms_invalid, "maturity", "no due date lies behind the amendment");
    }
    PROBATUM_TRY(change_limit(book, before.principal_minor, after.principal_minor));
    count_interest(desk, movement.value_date);
    count_late(desk, movement.value_date);
    ++book.version;
    book.cursor = cursor;
    book.fixed_minor.reset();
    if (after.rate != before.rate) {
        book.rate = after.rate;
    }
    // Interest of rows paid ahead stays paid and counts for the rows that follow.
    const RowSums due = rows_due(book, before, movement.value_date);
    const MinorAmount ahead = std::max<MinorAmount>(book.row_interest_minor - due.interest_minor, 0);
    const RowSums skipped = rows_due(book, after, movement.value_date);
    book.row_interest_minor = skipped.interest_minor + ahead;
    book.row_principal_minor = skipped.principal_minor;
    return Split{};
}

MinorAmount can_be_held(const Book& book, const Movement& movement) {
    if (!movement.claim) {
        return movement.due ? 0 : book.suspense_minor - book.held_minor(std::nullopt);
    }
    const MinorAmount free = free_minor(book, *movement.claim);
    if (!movement.due) {
        return free;
    }
    const bool of_instalment = *movement.claim == Claim::interest || *movement.claim == Claim::principal;
    const auto one = std::ranges::find(book.instalments, *movement.due, &Instalment::due);
    if (!of_instalment || one == book.instalments.end()) {
        return 0;
    }
    return std::min(free, free_minor(book, *one, *movement.claim));
}

Result<Split> hold(Book& book, const Movement& movement) {
    if (movement.amount_minor <= 0 || movement.amount_minor > can_be_held(book, movement)) {
        return fail(Errc::amount_invalid, "amount", "more than is open and not held");
    }
    if (book.holds.size() >= kMaxHolds) {
        return fail(Errc::too_large, "holds", "at most 16 at once");
    }
    book.holds.push_back({.sequence = movement.sequence,
                          .claim = movement.claim,
                          .due = movement.due,
                          .amount_minor = movement.amount_minor});
    return Split{};
}

Result<Split> release(Book& book, const Movement& movement) {
    if (std::erase_if(book.holds, [&](const Hold& one) { return one.sequence == movement.target; }) == 0) {
        return fail(Errc::event_unknown, "target", "nothing is held by that event");
    }
    return Split{};
}

Result<Split> close(Book& book) {
    // Principal first: it is what hinders most often.
    for (const Claim claim : {Claim::principal, Claim::interest, Claim::penalty, Claim::fee, Claim::costs}) {
        if (book.open_minor(claim) > 0) {
            return fail(Errc::balance_outstanding, std::string{name(claim)});
        }
    }
    const MinorAmount undrawn = book.accounts.balance(Account::undrawn_commitment);
    book.accounts.post({Account::commitment_contra, Account::undrawn_commitment, undrawn});
    const CivilDate interest_to = book.accruals.interest_to;
    book.accruals = {.interest_to = interest_to, .late_to = book.accruals.late_to};
    book.cursor.ended = true;
    book.closed = true;
    return Split{};
}

}  // namespace

Result<Split> apply_change(Desk desk, const Movement& movement) {
    switch (movement.kind) {
        case MovementKind::rate_reset:
            return reset_rate(desk, movement);
        case MovementKind::amend:
            return amend(desk, movement);
        case MovementKind::hold:
            return hold(desk.book, movement);
        case MovementKind::release:
            return release(desk.book, movement);
        default:
            return close(desk.book);
    }
}

}  // namespace probatum::book
