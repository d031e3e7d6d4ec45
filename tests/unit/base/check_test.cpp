#include "base/check.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace probatum {
namespace {

void check_that(bool condition) { PROBATUM_CHECK(condition, "the reason"); }

TEST(Check, AbortsWithTheReason) {
    check_that(true);
    EXPECT_DEATH(check_that(false), "internal check failed: condition \\(the reason\\) at .*check_test.cpp");
}

TEST(Check, AThrowingHandlerGoesOn) {
    const CheckHandler before =
        set_check_handler([](std::string_view message) { throw std::logic_error{std::string{message}}; });
    EXPECT_THROW(check_that(false), std::logic_error);
    EXPECT_NE(set_check_handler(before), nullptr);
}

TEST(Check, AHandlerThatReturnsStillAborts) {
    EXPECT_DEATH(
        {
            set_check_handler([](std::string_view) {});
            check_that(false);
        },
        "internal check failed");
}

}  // namespace
}  // namespace probatum
