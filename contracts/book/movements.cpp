#include <algorithm>
#include <array>

#include "base/check.h"
#include "contracts/book/desk.h"

namespace probatum::book {

using schedule::PlanShape;
using schedule::Rational;

namespace {

constexpr std::array<std::string_view, 14> kNames{"disburse", "repay",      "prepay",  "fee",       "costs",
                                                  "refund",   "capitalise", "set-off", "write-off", "rate-reset",
                                                  "amend",    "hold",       "release", "close"};

Result<void> check_amount(const Movement& movement) {
    if (movement.amount_minor <= 0 || movement.amount_minor > kMaxAmount) {
        return fail(Errc::amount_invalid, "amount", "above zero, at most 10^15 minor units");
    }
    return {};
}

bool is_explicit(Desk desk) { return desk.terms().plan.shape == PlanShape::explicit_rows; }

void charge_fees_at_start(Desk desk) {
    const Terms& terms = desk.terms();
    for (const schedule::PlanFee& fee : terms.plan.fees) {
        if (fee.kind == schedule::PlanFeeKind::at_start) {
            charge(desk, Claim::fee, fee.amount_minor);
        } else if (fee.kind == schedule::PlanFeeKind::share_at_start) {
            charge(desk, Claim::fee, posted(terms, Rational{terms.plan.principal_minor} * fee.rate));
        }
    }
}

Result<Split> disburse(Desk desk, const Movement& movement) {
    Book& book = desk.book;
    const MinorAmount amount = movement.amount_minor;
    const bool beyond_limit =
        desk.terms().revolving && amount > desk.terms().plan.principal_minor - book.outstanding_minor();
    if (amount > book.accounts.balance(Account::undrawn_commitment) || beyond_limit) {
        return fail(Errc::over_disbursement, "amount");
    }
    PROBATUM_TRY(check_amount(movement));
    if (book.cursor.ended && !is_explicit(desk)) {
        return fail(Errc::value_date_invalid, "value_date", "behind the last due date");
    }
    count_late(desk, movement.value_date);
    change_not_due(desk, amount, movement.value_date);
    book.sums.disbursed_minor += amount;
    book.accounts.post({Account::principal_receivable, Account::cash_clearing, amount});
    book.accounts.post({Account::commitment_contra, Account::undrawn_commitment, amount});
    book.fixed_minor.reset();
    if (!book.first_disbursed) {
        book.first_disbursed = movement.value_date;
        charge_fees_at_start(desk);
    }
    if (is_explicit(desk)) {
        fill_past_rows(desk);
    }
    return Split{};
}

Result<Split> pay(Desk desk, const Movement& movement) {
    PROBATUM_TRY(check_amount(movement));
    Book& book = desk.book;
    if (!book.first_disbursed) {
        return fail(Errc::wrong_state, "phase", "nothing has been disbursed");
    }
    const bool prepays = movement.kind == MovementKind::prepay;
    if (prepays && !desk.terms().prepayment) {
        return fail(Errc::prepayment_refused, "prepayment");
    }
    const bool sets_off = movement.kind == MovementKind::set_off;
    (sets_off ? book.sums.set_off_minor : book.sums.received_minor) += movement.amount_minor;
    post_accrued(desk, movement.value_date);
    Payer payer{desk, movement.amount_minor, sets_off ? Account::set_off_clearing : Account::cash_clearing};
    payer.pay_due();
    if (prepays && !payer.prepay(movement.value_date, movement.choice)) {
        return fail(Errc::amount_invalid, "amount", "covers no principal that is not due");
    }
    if (is_explicit(desk)) {
        payer.pay_rows_ahead();
    }
    return payer.finish();
}

Result<Split> charge_event(Desk desk, const Movement& movement) {
    PROBATUM_TRY(check_amount(movement));
    charge(desk, movement.kind == MovementKind::fee ? Claim::fee : Claim::costs, movement.amount_minor);
    return Split{};
}

Result<Split> refund(Desk desk, const Movement& movement) {
    PROBATUM_TRY(check_amount(movement));
    Book& book = desk.book;
    if (movement.amount_minor > book.suspense_minor - book.held_minor(std::nullopt)) {
        return fail(Errc::amount_invalid, "amount", "more than is in suspense and not held");
    }
    book.suspense_minor -= movement.amount_minor;
    book.sums.refunded_minor += movement.amount_minor;
    book.accounts.post({Account::suspense, Account::cash_clearing, movement.amount_minor});
    return Split{};
}

/// Takes so much from the open instalments, oldest first; what they do not have is left.
MinorAmount take_from_instalments(Book& book, Claim claim, MinorAmount amount) {
    for (Instalment& one : book.instalments) {
        const MinorAmount part = std::min(amount, free_minor(book, one, claim));
        (claim == Claim::interest ? one.interest_open_minor : one.principal_open_minor) -= part;
        amount -= part;
    }
    drop_paid(book);
    return amount;
}

Result<Split> capitalise(Desk desk, const Movement& movement) {
    PROBATUM_TRY(check_amount(movement));
    Book& book = desk.book;
    post_accrued(desk, movement.value_date);
    if (movement.amount_minor > free_minor(book, Claim::interest)) {
        return fail(Errc::amount_invalid, "amount", "more interest than is due and not held");
    }
    const MinorAmount left = take_from_instalments(book, Claim::interest, movement.amount_minor);
    PROBATUM_CHECK(left == 0, "all that is due is in an instalment");
    post_capitalised(desk, movement.amount_minor);
    if (book.cursor.ended) {
        Instalment& last = instalment_on(book, book.cursor.last, book.cursor.last);
        last.principal_minor += movement.amount_minor;
        last.principal_open_minor += movement.amount_minor;
        return Split{};
    }
    change_not_due(desk, movement.amount_minor, movement.value_date);
    book.fixed_minor.reset();
    return Split{};
}

Result<Split> write_off(Desk desk, const Movement& movement) {
    PROBATUM_TRY(check_amount(movement));
    Book& book = desk.book;
    if (!movement.claim) {
        return fail(Errc::malformed, "claim");
    }
    const Claim claim = *movement.claim;
    post_accrued(desk, movement.value_date);
    if (movement.amount_minor > free_minor(book, claim)) {
        return fail(Errc::amount_invalid, "amount", "more than is open and not held");
    }
    book.sums.written_off[claim] += movement.amount_minor;
    book.accounts.post({Account::loss, receivable(claim), movement.amount_minor});
    if (claim != Claim::interest && claim != Claim::principal) {
        book.open[claim] -= movement.amount_minor;
        return Split{};
    }
    const MinorAmount not_due = take_from_instalments(book, claim, movement.amount_minor);
    if (not_due > 0) {
        change_not_due(desk, -not_due, movement.value_date);
        book.fixed_minor.reset();
    }
    return Split{};
}

}  // namespace

std::string_view name(MovementKind kind) { return kNames.at(static_cast<std::size_t>(kind) - 1); }

std::optional<MovementKind> movement_kind_from_name(std::string_view text) {
    const auto* const found = std::ranges::find(kNames, text);
    return found == kNames.end() ? std::nullopt : std::optional{static_cast<MovementKind>(found - kNames.begin() + 1)};
}

Book open_book(Versions versions) {
    const schedule::PlanTerms& plan = versions.front().plan;
    Book out;
    out.rate = plan.rate;
    out.cursor = first_cursor(plan);
    out.accruals.interest_to = plan.start;
    out.accruals.late_to = plan.start;
    out.accounts.post({Account::undrawn_commitment, Account::commitment_contra, plan.principal_minor});
    return out;
}

Result<Split> apply(Desk desk, const Movement& movement) {
    if (desk.book.closed) {
        return fail(Errc::wrong_state, "phase", "the book is closed");
    }
    switch (movement.kind) {
        case MovementKind::disburse:
            return disburse(desk, movement);
        case MovementKind::repay:
        case MovementKind::prepay:
        case MovementKind::set_off:
            return pay(desk, movement);
        case MovementKind::fee:
        case MovementKind::costs:
            return charge_event(desk, movement);
        case MovementKind::refund:
            return refund(desk, movement);
        case MovementKind::capitalise:
            return capitalise(desk, movement);
        case MovementKind::write_off:
            return write_off(desk, movement);
        default:
            return apply_change(desk, movement);
    }
}

}  // namespace probatum::book
