#include <gtest/gtest.h>

#include "contracts/view.h"
#include "contracts_world.h"

namespace probatum::contracts {
namespace {

using test::day;
using test::LoanWorld;

TEST(View, NothingIsFoundWhereNothingIs) {
    const LoanWorld world;
    EXPECT_FALSE(find_contract(world.state, world.id).has_value());
    EXPECT_FALSE(find_posting(world.state, world.id, 0).has_value());
    EXPECT_FALSE(find_record(world.state, "bank-a", {}).has_value());
}

TEST(View, OverdueBeginsTheDayAfterTheDueDate) {
    LoanWorld world;
    world.disbursed();
    const Contract contract = world.stored().contract;
    EXPECT_FALSE(summarise(contract, day("2026-12-09")).overdue);
    EXPECT_EQ(summarise(contract, day("2026-12-09")).interest_due_minor, 0);
    EXPECT_FALSE(summarise(contract, day("2026-12-10")).overdue);
    EXPECT_EQ(summarise(contract, day("2026-12-10")).interest_due_minor, 3'000);
    EXPECT_TRUE(summarise(contract, day("2026-12-11")).overdue);
    EXPECT_EQ(summarise(contract, day("2027-01-10")).interest_due_minor, 5'000);
    EXPECT_EQ(summarise(contract, day("2027-01-10")).principal_due_minor, 100'000);
}

TEST(View, TheNextDueRowShowsWhatIsOpenOfIt) {
    LoanWorld world;
    world.disbursed();
    EXPECT_EQ(world.summary().next_due, (DueRow{day("2026-12-10"), 50'000, 3'000}));
    world.act("supplier-b/treasurer-1", world.payment<RepayBody>(10'000));
    EXPECT_EQ(world.summary().next_due, (DueRow{day("2026-12-10"), 43'000, 0}));
    world.act("supplier-b/treasurer-1", world.payment<RepayBody>(43'000));
    EXPECT_EQ(world.summary().next_due, (DueRow{day("2027-01-10"), 50'000, 2'000}));
    world.act("supplier-b/treasurer-1", world.payment<RepayBody>(60'000));
    EXPECT_FALSE(world.summary().next_due.has_value());
    EXPECT_EQ(world.summary().suspense_minor, 8'000);
}

TEST(View, PaidRowsAreFilledOldestFirst) {
    LoanWorld world;
    world.disbursed();
    world.act("supplier-b/treasurer-1", world.payment<RepayBody>(60'000));
    const std::vector<PaidRow> paid = paid_rows(world.stored().contract);
    ASSERT_EQ(paid.size(), 2U);
    EXPECT_EQ(paid[0].principal_minor, 50'000);
    EXPECT_EQ(paid[0].interest_minor, 3'000);
    EXPECT_EQ(paid[1].principal_minor, 5'000);
    EXPECT_EQ(paid[1].interest_minor, 2'000);
}

TEST(View, ARecordIsFoundUnderItsKey) {
    LoanWorld world;
    world.registered();
    const auto& transaction = *world.transactions.back();
    const Record record = *find_record(world.state, "bank-a", transaction.payload().idempotency_key);
    EXPECT_EQ(record, (Record{.action = "contract.register", .transaction = transaction.id(), .contract = world.id}));
}

}  // namespace
}  // namespace probatum::contracts
