#include <gtest/gtest.h>

#include <limits>

#include "contracts/allocation.h"
#include "contracts/contract_terms.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::day;

/// Three rows: interest 30 each, principal 0, 400, 600.
LoanTerms terms(std::vector<Claim> order = {Claim::costs, Claim::interest, Claim::principal}) {
    return {.currency = test::cny(),
            .principal_minor = 1000,
            .contract_date = day("2026-01-01"),
            .rows = {{day("2026-02-01"), 0, 30}, {day("2026-03-01"), 400, 30}, {day("2026-04-01"), 600, 30}},
            .allocation = std::move(order)};
}

Repaid drawn(MinorAmount disbursed, MinorAmount principal = 0, MinorAmount interest = 0) {
    return {.first_value_date = day("2026-01-01"),
            .disbursed_minor = disbursed,
            .principal_minor = principal,
            .interest_minor = interest};
}

struct Case {
    const char* name;
    MinorAmount amount;
    const char* value_date;
    Repaid repaid;
    Allocation expected;  // costs, interest, principal, suspense
};

class Allocates : public testing::TestWithParam<Case> {};

TEST_P(Allocates, InterestBeforePrincipalOldestFirst) {
    const Case& c = GetParam();
    EXPECT_EQ(allocate(c.amount, terms(), c.repaid, day(c.value_date)), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Allocates,
    testing::Values(
        // On 1 March 60 interest and 400 principal are due.
        Case{"too_little_goes_to_interest", 50, "2026-03-01", drawn(1000), {0, 50, 0, 0}},
        Case{"interest_then_principal", 100, "2026-03-01", drawn(1000), {0, 60, 40, 0}},
        Case{"exactly_what_is_due", 460, "2026-03-01", drawn(1000), {0, 60, 400, 0}},
        Case{"beyond_due_pays_the_next_row_ahead", 500, "2026-03-01", drawn(1000), {0, 90, 410, 0}},
        Case{"everything", 1090, "2026-03-01", drawn(1000), {0, 90, 1000, 0}},
        Case{"excess_goes_to_suspense", 1100, "2026-03-01", drawn(1000), {0, 90, 1000, 10}},
        Case{"nothing_due_yet_pays_row_by_row", 100, "2026-01-15", drawn(1000), {0, 60, 40, 0}},
        Case{"the_day_before_is_not_due", 70, "2026-01-31", drawn(1000), {0, 60, 10, 0}},
        Case{"paid_ahead_counts", 100, "2026-03-01", drawn(1000, 350, 60), {0, 30, 70, 0}},
        Case{"principal_only_as_far_as_disbursed", 1000, "2026-03-01", drawn(200), {0, 90, 200, 710}},
        Case{"all_paid_all_suspense", 5, "2026-05-01", drawn(1000, 1000, 90), {0, 0, 0, 5}}),
    [](const auto& test_case) { return std::string{test_case.param.name}; });

TEST(Allocation, FollowsTheOrderOfTheContract) {
    const LoanTerms principal_first = terms({Claim::principal, Claim::costs, Claim::interest});
    EXPECT_EQ(allocate(410, principal_first, drawn(1000), day("2026-03-01")), (Allocation{0, 10, 400, 0}));
    // Ahead of time it goes row by row: row one owes interest alone.
    EXPECT_EQ(allocate(410, principal_first, drawn(1000), day("2026-01-15")), (Allocation{0, 30, 380, 0}));
}

TEST(Allocation, InterestOfRowsBeforeTheFirstDisbursementIsNotOwed) {
    Repaid late = drawn(1000);
    late.first_value_date = day("2026-02-01");
    EXPECT_EQ(owed_by(terms(), late, day("2026-03-01")), (Owed{30, 400}));
    EXPECT_EQ(owed_in_all(terms(), late), (Owed{60, 1000}));
    EXPECT_EQ(allocate(2000, terms(), late, day("2026-03-01")), (Allocation{0, 60, 1000, 940}));
}

TEST(Allocation, TheLargestAmountsDoNotOverflow) {
    LoanTerms huge = terms();
    const MinorAmount most = std::numeric_limits<MinorAmount>::max();
    huge.principal_minor = most - 10;
    huge.rows = {{day("2026-02-01"), most - 10, 10}};
    const Allocation all = allocate(most, huge, drawn(most - 10), day("2026-02-01"));
    EXPECT_EQ(all, (Allocation{0, 10, most - 10, 0}));
}

}  // namespace
}  // namespace probatum::contracts
