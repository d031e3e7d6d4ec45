#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "contracts/allocation.h"
#include "contracts/contract_terms.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

/// The specification word by word, one fen at a time, over rows that remember what is open of them.
class FenByFen {
public:
    FenByFen(const LoanTerms& terms, const Repaid& repaid) : terms_{terms} {
        MinorAmount drawn = repaid.disbursed_minor;
        for (const DueRow& row : terms.rows) {
            const MinorAmount principal = std::min(drawn, row.principal_minor);
            drawn -= principal;
            open_.push_back({row.due > repaid.first_value_date ? row.interest_minor : 0, principal});
        }
        for (MinorAmount i = 0; i < repaid.interest_minor; ++i) {
            take_oldest(Claim::interest);
        }
        for (MinorAmount i = 0; i < repaid.principal_minor; ++i) {
            take_oldest(Claim::principal);
        }
    }

    void pay_one_fen(CivilDate value_date, Allocation& out) {
        for (const Claim claim : terms_.allocation) {
            for (std::size_t i = 0; i < open_.size(); ++i) {
                if (terms_.rows[i].due <= value_date && take(i, claim, out)) {
                    return;
                }
            }
        }
        for (std::size_t i = 0; i < open_.size(); ++i) {
            for (const Claim claim : terms_.allocation) {
                if (take(i, claim, out)) {
                    return;
                }
            }
        }
        ++out.suspense_minor;
    }

private:
    struct Open {
        MinorAmount interest;
        MinorAmount principal;
    };
    void take_oldest(Claim claim) {
        Allocation ignored;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            if (take(i, claim, ignored)) {
                return;
            }
        }
    }
    bool take(std::size_t row, Claim claim, Allocation& out) {
        MinorAmount* const open = claim == Claim::interest    ? &open_[row].interest
                                  : claim == Claim::principal ? &open_[row].principal
                                                              : nullptr;
        if (open == nullptr || *open == 0) {
            return false;
        }
        --*open;
        ++(claim == Claim::interest ? out.interest_minor : out.principal_minor);
        return true;
    }
    const LoanTerms& terms_;
    std::vector<Open> open_;
};

LoanTerms any_terms() {
    LoanTerms terms{.currency = test::cny(), .contract_date = CivilDate{20'000}, .rows = {}};
    const int rows = *rc::gen::inRange(1, 7);
    int date = 20'000;
    for (int i = 0; i < rows; ++i) {
        date += *rc::gen::inRange(1, 5);
        const MinorAmount principal = *rc::gen::inRange<MinorAmount>(0, 9);
        const MinorAmount interest = *rc::gen::inRange<MinorAmount>(principal == 0 ? 1 : 0, 5);
        terms.rows.push_back({CivilDate{date}, principal, interest});
        terms.principal_minor += principal;
    }
    terms.allocation =
        *rc::gen::elementOf(std::vector<std::vector<Claim>>{{Claim::costs, Claim::interest, Claim::principal},
                                                            {Claim::principal, Claim::interest, Claim::costs},
                                                            {Claim::interest, Claim::costs, Claim::principal},
                                                            {Claim::principal, Claim::costs, Claim::interest}});
    return terms;
}

RC_GTEST_PROP(AllocationProperty, EqualsTheSpecificationFenByFen, ()) {
    const LoanTerms terms = any_terms();
    Repaid repaid{.first_value_date = CivilDate{*rc::gen::inRange(19'999, 20'012)},
                  .disbursed_minor = *rc::gen::inRange<MinorAmount>(0, terms.principal_minor + 1)};
    const Owed whole = owed_in_all(terms, repaid);
    repaid.principal_minor = *rc::gen::inRange<MinorAmount>(0, whole.principal_minor + 1);
    repaid.interest_minor = *rc::gen::inRange<MinorAmount>(0, whole.interest_minor + 1);
    const CivilDate value_date{*rc::gen::inRange(20'000, 20'030)};
    const MinorAmount amount = *rc::gen::inRange<MinorAmount>(1, 90);

    Allocation expected;
    FenByFen reference{terms, repaid};
    for (MinorAmount i = 0; i < amount; ++i) {
        reference.pay_one_fen(value_date, expected);
    }
    RC_ASSERT(allocate(amount, terms, repaid, value_date) == expected);
}

}  // namespace
}  // namespace probatum::contracts
