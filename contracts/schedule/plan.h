#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "contracts/schedule/calendar.h"
#include "contracts/schedule/cycle.h"
#include "contracts/schedule/day_count.h"
#include "contracts/schedule/rational.h"

/// Schedules in minor units, as a contract owes them: every posting is rounded once, the last one takes the rest.
/// The rules are in docs/spec/schedules.md, section 9; the names of fields in errors are those of the terms file.
namespace probatum::schedule {

enum class PlanShape : std::uint8_t {
    bullet = 1,            ///< Principal and all interest at maturity.
    interest_only = 2,     ///< Interest on each due date, principal at maturity.
    equal_principal = 3,   ///< The same principal on each due date, and the interest.
    equal_instalment = 4,  ///< The same total on each due date.
    explicit_rows = 5,     ///< What the parties wrote.
    fixed_payment = 6      ///< The same total, named in the terms; what its interest exceeds becomes principal.
};
[[nodiscard]] std::string_view name(PlanShape shape);  ///< "equal-instalment"
[[nodiscard]] std::optional<PlanShape> plan_shape_from_name(std::string_view name);

enum class PrepaymentChoice : std::uint8_t { shorten_term = 1, reduce_instalment = 2 };

enum class PrepaymentFeeKind : std::uint8_t {
    none = 1,
    fixed = 2,        ///< An amount.
    relative = 3,     ///< A share of what is prepaid.
    differential = 4  ///< The rate less a reference rate, on what is prepaid, from then to maturity; never below zero.
};

struct PrepaymentFee {
    PrepaymentFeeKind kind{PrepaymentFeeKind::none};
    MinorAmount amount_minor{0};  ///< fixed
    Rational rate{};              ///< relative: the share; differential: the reference rate a year.
    friend bool operator==(const PrepaymentFee&, const PrepaymentFee&) = default;
};

struct Prepayment {
    CivilDate date;
    MinorAmount principal_minor{0};
    PrepaymentChoice choice{PrepaymentChoice::shorten_term};
    PrepaymentFee fee{};
    friend bool operator==(const Prepayment&, const Prepayment&) = default;
};

enum class PlanFeeKind : std::uint8_t {
    at_start = 1,           ///< An amount on the start date.
    each_due_date = 2,      ///< An amount on each due date that is paid.
    yearly_on_balance = 3,  ///< A rate a year on what is outstanding, due with each due date that is paid.
    share_at_start = 4      ///< A share of the principal on the start date.
};
struct PlanFee {
    PlanFeeKind kind{PlanFeeKind::at_start};
    MinorAmount amount_minor{0};
    Rational rate{};
    friend bool operator==(const PlanFee&, const PlanFee&) = default;
};

struct ExplicitRow {
    CivilDate due;
    MinorAmount principal_minor{0};
    MinorAmount interest_minor{0};
    friend bool operator==(const ExplicitRow&, const ExplicitRow&) = default;
};

struct PlanTerms {
    PlanShape shape{PlanShape::equal_instalment};
    MinorAmount principal_minor{0};
    CivilDate start;                       ///< From when interest counts.
    CivilDate maturity;                    ///< The last due date. Explicit rows have their own dates and ignore it.
    std::optional<CivilDate> first_due{};  ///< None: one cycle after the start.
    Cycle cycle{};
    Rational rate{};  ///< A year.
    DayCount day_count{DayCount::actual_365};
    EndOfMonth end_of_month{EndOfMonth::same_day};
    BusinessDayConvention business_day{};
    Calendar calendar{};
    Rounding rounding{Rounding::half_up};
    /// Due dates up to it add their interest to the principal and are not paid.
    std::optional<CivilDate> capitalise_until{};
    MinorAmount balloon_minor{0};  ///< Equal principal, equal instalment: paid with the last row besides.
    MinorAmount payment_minor{0};  ///< Fixed payment: interest and principal on each due date together.
    std::vector<PlanFee> fees{};
    std::vector<Prepayment> prepayments{};  ///< Dates strictly ascending.
    std::vector<ExplicitRow> rows{};        ///< Dates strictly ascending.
    friend bool operator==(const PlanTerms&, const PlanTerms&) = default;
};

enum class PlanRowKind : std::uint8_t { fee = 1, capitalisation = 2, instalment = 3, prepayment = 4 };
[[nodiscard]] std::string_view name(PlanRowKind kind);  ///< "instalment"

struct PlanRow {
    CivilDate due;
    PlanRowKind kind{PlanRowKind::instalment};
    MinorAmount principal_minor{0};
    MinorAmount interest_minor{0};
    MinorAmount fee_minor{0};
    MinorAmount capitalised_minor{0};
    MinorAmount outstanding_minor{0};  ///< Principal left after the row.
    [[nodiscard]] MinorAmount total_minor() const { return principal_minor + interest_minor + fee_minor; }
    friend bool operator==(const PlanRow&, const PlanRow&) = default;
};

/// The rows in order of their dates; on one date a due date comes before a prepayment.
///
/// @return  terms_invalid or amount_invalid with the field to blame; too_large above kMaxCycleDates dates or where an
///          amount leaves 63 bits.
/// Source:  docs/spec/schedules.md section 9; tests/vectors/schedules.json.
/// Threads: pure.
[[nodiscard]] Result<std::vector<PlanRow>> plan_rows(const PlanTerms& terms);

}  // namespace probatum::schedule
