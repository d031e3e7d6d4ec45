#include "contracts/allocation.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/contract_terms.h"

namespace probatum::contracts {
namespace {

Owed open_amounts(const Cumulative& due, const Repaid& repaid) {
    // Paid ahead shows as nothing owed, never as a negative amount.
    const MinorAmount principal_due = std::min(due.principal_minor, repaid.disbursed_minor);
    return {.interest_minor = std::max<MinorAmount>(0, due.interest_minor - repaid.interest_minor),
            .principal_minor = std::max<MinorAmount>(0, principal_due - repaid.principal_minor)};
}

/// Gives out one amount, class by class.
class Payer {
public:
    Payer(MinorAmount amount_minor, const LoanTerms& terms) : left_{amount_minor}, terms_{terms} {}

    void pay(const Owed& owed) {
        for (const Claim claim : terms_.allocation) {
            switch (claim) {
                case Claim::costs:
                    break;  // No event of these rules creates costs; the class keeps its place.
                case Claim::interest:
                    take(owed.interest_minor, out_.interest_minor);
                    break;
                case Claim::principal:
                    take(owed.principal_minor, out_.principal_minor);
                    break;
            }
        }
    }
    [[nodiscard]] bool spent() const { return left_ == 0; }
    [[nodiscard]] const Allocation& so_far() const { return out_; }
    [[nodiscard]] Allocation finish() {
        out_.suspense_minor = left_;
        return out_;
    }

private:
    void take(MinorAmount owed, MinorAmount& into) {
        const MinorAmount part = std::min(owed, left_);
        into += part;
        left_ -= part;
    }

    MinorAmount left_;
    const LoanTerms& terms_;
    Allocation out_;
};

}  // namespace

Owed owed_by(const LoanTerms& terms, const Repaid& repaid, CivilDate date) {
    return open_amounts(due_by(terms.rows, repaid.first_value_date, date), repaid);
}

Owed owed_in_all(const LoanTerms& terms, const Repaid& repaid) { return owed_by(terms, repaid, terms.rows.back().due); }

Allocation allocate(MinorAmount amount_minor, const LoanTerms& terms, const Repaid& repaid, CivilDate value_date) {
    PROBATUM_CHECK(amount_minor > 0, "amounts are checked before they are allocated");
    Payer payer{amount_minor, terms};
    payer.pay(owed_by(terms, repaid, value_date));

    Cumulative due;
    for (const DueRow& row : terms.rows) {
        due.principal_minor += row.principal_minor;
        due.interest_minor += row.due > repaid.first_value_date ? row.interest_minor : 0;
        if (row.due <= value_date) {
            continue;
        }
        if (payer.spent()) {
            break;
        }
        Repaid now = repaid;
        now.interest_minor += payer.so_far().interest_minor;
        now.principal_minor += payer.so_far().principal_minor;
        payer.pay(open_amounts(due, now));
    }
    return payer.finish();
}

}  // namespace probatum::contracts
