#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tools/scenario.h"

namespace probatum {
namespace {

std::vector<std::filesystem::path> stories() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry :
         std::filesystem::directory_iterator{std::filesystem::path{PROBATUM_SOURCE_DIR} / "tests/scenarios"}) {
        if (entry.path().extension() == ".scenario") {
            out.push_back(entry.path());
        }
    }
    std::ranges::sort(out);
    return out;
}

Result<void> tell(std::string_view text) {
    return tools::run_scenario(text, [](std::string_view) {});
}

class Scenario : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Scenario, HappensAsItIsWritten) {
    std::ifstream in{GetParam()};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const Result<void> done = tell(text);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().to_string());
}

INSTANTIATE_TEST_SUITE_P(Each, Scenario, testing::ValuesIn(stories()),
                         [](const auto& story) { return story.param.stem().string(); });

constexpr std::string_view kCast = "organisation a A\nmember a/x borrower\non 2026-11-18\n";

TEST(ScenarioRunner, SaysWhichLineHappenedOtherwise) {
    const auto done = tell(std::string{kCast} + R"(a/x: evidence.deposit {"digests": {"sha-256": "sha256:x"},
  "size_bytes": 1, "media_type": "text/plain"})");
    ASSERT_FALSE(done.has_value());  // The rules demand both digests.
    EXPECT_EQ(done.error().code, Errc::evidence_mismatch);
    EXPECT_EQ(done.error().field, "line 4 step");
}

TEST(ScenarioRunner, ARefusalThatIsForeseenIsPartOfTheStory) {
    EXPECT_TRUE(tell(std::string{kCast} + R"(a/x: evidence.deposit {"digests": {"sha-256": "sha256:x"},
  "size_bytes": 1, "media_type": "text/plain"} => 316 digests)")
                    .has_value());
}

TEST(ScenarioRunner, AStepWithoutItsShapeIsMalformed) {
    EXPECT_EQ(tell(std::string{kCast} + "a/x evidence.deposit {}").error().code, Errc::malformed);
}

}  // namespace
}  // namespace probatum
