#pragma once

#include <span>
#include <string_view>

#include "contracts/book/accounts.h"
#include "contracts/book/due_dates.h"

/// What a loan owes and what became of its money: the fold of its movements, and nothing else. A value.
/// Source: docs/spec/loan-book.md.
namespace probatum::book {

/// What fell due on one date and is not wholly paid.
struct Instalment {
    CivilDate due;
    CivilDate counted_to;  ///< To which day its interest counts; `due` but for CS conventions.
    MinorAmount interest_minor{0};
    MinorAmount interest_open_minor{0};
    MinorAmount principal_minor{0};
    MinorAmount principal_open_minor{0};
    [[nodiscard]] bool open() const { return interest_open_minor > 0 || principal_open_minor > 0; }
    friend bool operator==(const Instalment&, const Instalment&) = default;
};

/// An amount that cannot move (I21).
struct Hold {
    std::uint64_t sequence{0};       ///< Of the movement that holds.
    std::optional<Claim> claim{};    ///< None: suspense.
    std::optional<CivilDate> due{};  ///< Of one instalment; none: of the claim as a whole.
    MinorAmount amount_minor{0};
    friend bool operator==(const Hold&, const Hold&) = default;
};

/// What has accrued and is not posted, exact.
struct Accruals {
    schedule::Rational interest{};  ///< On principal not due, up to `interest_to`.
    CivilDate interest_to;
    schedule::Rational late{};           ///< On due principal, up to `late_to`, as the two that follow.
    schedule::Rational penalty{};        ///< On what is past grace.
    schedule::Rational balance_years{};  ///< Outstanding × years, for fees on the balance.
    CivilDate late_to;
    friend bool operator==(const Accruals&, const Accruals&) = default;
};

/// Sums of all movements; each only grows.
struct Sums {
    MinorAmount disbursed_minor{0};
    MinorAmount received_minor{0};  ///< Repayments and prepayments.
    MinorAmount set_off_minor{0};
    MinorAmount refunded_minor{0};
    MinorAmount capitalised_minor{0};  ///< Interest that became principal.
    PerClaim charged{};                ///< Principal: nothing.
    PerClaim paid{};
    PerClaim written_off{};
    friend bool operator==(const Sums&, const Sums&) = default;
};

struct Book {
    std::optional<CivilDate> as_of{};  ///< The value date of the last movement.
    std::uint32_t movements{0};        ///< All, the reversed ones too.
    std::uint32_t version{0};          ///< Index of the terms in force.
    bool closed{false};
    std::optional<CivilDate> first_disbursed{};
    schedule::Rational rate{};  ///< In force, a year.
    Cursor cursor{};
    std::optional<MinorAmount> fixed_minor{};  ///< Share or instalment, once it is fixed.
    MinorAmount not_due_minor{0};              ///< Principal that has not fallen due.
    std::vector<Instalment> instalments{};     ///< Open ones, oldest first.
    PerClaim open{};                           ///< Costs, fee and penalty; the others are in the instalments.
    MinorAmount suspense_minor{0};
    MinorAmount row_interest_minor{0};   ///< Explicit rows: how far their interest has fallen due or is paid ahead.
    MinorAmount row_principal_minor{0};  ///< The same of their principal.
    Accruals accruals{};
    std::vector<Hold> holds{};
    Sums sums{};
    Accounts accounts{};

    [[nodiscard]] MinorAmount outstanding_minor() const;  ///< Principal, due or not.
    [[nodiscard]] MinorAmount due_minor(Claim claim) const;
    /// Open: due, and of principal what is not due as well.
    [[nodiscard]] MinorAmount open_minor(Claim claim) const;
    [[nodiscard]] bool anything_due() const;
    [[nodiscard]] MinorAmount held_minor(std::optional<Claim> claim) const;  ///< All holds on it; none: suspense.
    friend bool operator==(const Book&, const Book&) = default;
};

/// The book of a contract that has just become active: the limit is an undrawn commitment. Threads: pure.
[[nodiscard]] Book open_book(Versions versions);

/// The book once everything up to and including `date` has fallen due; nothing else changes. Idempotent, total, and
/// going through dates between makes no difference. Precondition: the versions were checked. Threads: pure.
[[nodiscard]] Book advance(Versions versions, Book book, CivilDate date);

}  // namespace probatum::book
