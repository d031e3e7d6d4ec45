#pragma once

#include <optional>

#include "contracts/terms.h"

/// How a repayment is spread over what is owed (invariants I7 and I8).
namespace probatum::contracts {

struct Allocation {
    MinorAmount costs_minor{0};
    MinorAmount interest_minor{0};
    MinorAmount principal_minor{0};
    MinorAmount suspense_minor{0};  ///< Overpaid.
    friend bool operator==(const Allocation&, const Allocation&) = default;
};

/// How far a loan has been drawn and repaid.
struct Repaid {
    CivilDate first_value_date;  ///< Of the disbursements.
    MinorAmount disbursed_minor{0};
    MinorAmount principal_minor{0};  ///< Repaid so far.
    MinorAmount interest_minor{0};
};

/// What is owed and not paid.
struct Owed {
    MinorAmount interest_minor{0};
    MinorAmount principal_minor{0};
    friend bool operator==(const Owed&, const Owed&) = default;
};
/// By the plan up to and including `date`; principal never beyond what was disbursed.
[[nodiscard]] Owed owed_by(const LoanTerms& terms, const Repaid& repaid, CivilDate date);
/// By the whole plan.
[[nodiscard]] Owed owed_in_all(const LoanTerms& terms, const Repaid& repaid);

/// First what is due on `value_date`, class by class in the order of the terms (Civil Code art. 561), oldest row first
/// within a class; then rows that are not due yet, row by row, each in the same order of classes; the rest to suspense.
/// Preconditions: amount_minor > 0; check_terms held; repaid amounts do not exceed the plan.
/// Source: docs/spec/contracts.md, "Allocation". Threads: pure.
[[nodiscard]] Allocation allocate(MinorAmount amount_minor, const LoanTerms& terms, const Repaid& repaid,
                                  CivilDate value_date);

}  // namespace probatum::contracts
