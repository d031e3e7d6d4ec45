#pragma once

#include "contracts/book/movement.h"

/// The steps that `advance` and the movements are made of. Internal to this folder; each works on the book in place.
namespace probatum::book {

struct Desk {
    Versions versions;
    Book& book;
    [[nodiscard]] const Terms& terms() const { return versions[book.version]; }
};

// What accrues (accrual.cpp).

/// Interest on principal not due, counted up to a day; nothing if that was done already.
void count_interest(Desk desk, CivilDate to);
/// Late interest, penalty and the balance for fees, counted up to a day in pieces between the days on which one of
/// them changes.
void count_late(Desk desk, CivilDate to);
/// Principal not due grows or shrinks on a day to which count_interest has counted, or on an earlier one.
void change_not_due(Desk desk, MinorAmount by_minor, CivilDate date);
/// An amount of the plan in minor units: rounded once, within 0 and kMaxAmount.
[[nodiscard]] MinorAmount posted(const Terms& terms, const schedule::Rational& amount);
/// Posts what has accrued of penalty, and behind the last due date of interest, up to a day.
void post_accrued(Desk desk, CivilDate to);

// What falls due (falling_due.cpp).

void let_fall_due(Desk desk, CivilDate up_to);
/// Something is owed from now on: the claim grows, and income.
void charge(Desk desk, Claim claim, MinorAmount amount_minor);
/// The fees of one due date.
void charge_due_fees(Desk desk);
/// Interest that was charged becomes principal. The caller says whether that is due.
void post_capitalised(Desk desk, MinorAmount amount_minor);
/// The open instalment of a date, made where there is none.
Instalment& instalment_on(Book& book, CivilDate due, CivilDate counted_to);
/// Principal that explicit rows of the past can take after a disbursement.
void fill_past_rows(Desk desk);

// Explicit rows, added up to and including one (rows.cpp).

struct RowSums {
    MinorAmount interest_minor{0};  ///< Of rows that are owed: after the first value date.
    MinorAmount principal_minor{0};
};
void add_row(RowSums& sums, const Book& book, const schedule::ExplicitRow& row);
[[nodiscard]] RowSums rows_up_to(const Book& book, const schedule::PlanTerms& plan, std::uint32_t row);
/// The same of all rows that are due by a date.
[[nodiscard]] RowSums rows_due(const Book& book, const schedule::PlanTerms& plan, CivilDate date);
[[nodiscard]] Account receivable(Claim claim);

// Money (payment.cpp).

/// Gives one amount to what is owed.
class Payer {
public:
    Payer(Desk desk, MinorAmount amount_minor, Account source) : desk_{desk}, left_{amount_minor}, source_{source} {}
    /// Class by class in the order of the terms, oldest instalment first within a class (I8).
    void pay_due();
    /// Explicit rows that are not due yet, row by row.
    void pay_rows_ahead();
    /// Principal not due, together with its fee; whether there was enough for any.
    [[nodiscard]] bool prepay(CivilDate date, schedule::PrepaymentChoice choice);
    [[nodiscard]] MinorAmount left_minor() const { return left_; }
    /// What is left goes to suspense, unless it came from there.
    [[nodiscard]] Split finish();

private:
    MinorAmount take(Claim claim, MinorAmount at_most);
    void pay_claim(Claim claim);
    void pay_row_ahead(Claim claim, const RowSums& up_to, bool last);
    void post_all_accrued(CivilDate date);

    Desk desk_;
    MinorAmount left_;
    Account source_;
    Split split_{};
};

/// What of a claim may move: open and not held.
[[nodiscard]] MinorAmount free_minor(const Book& book, Claim claim);
/// The same of one instalment.
[[nodiscard]] MinorAmount free_minor(const Book& book, const Instalment& one, Claim claim);
/// Instalments of which nothing is open leave the book.
void drop_paid(Book& book);
/// Suspense pays what is due on a day, where the terms say so.
void apply_suspense(Desk desk, CivilDate date);

// Movements (movements.cpp; those that move no money: changes.cpp).

/// Precondition: everything up to the value date has fallen due. On error the book is in no defined state.
[[nodiscard]] Result<Split> apply(Desk desk, const Movement& movement);
[[nodiscard]] Result<Split> apply_change(Desk desk, const Movement& movement);

}  // namespace probatum::book
