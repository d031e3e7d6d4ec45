// `probatum schedule` in process: no node, no key.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "rpc/json.h"
#include "tools/cli.h"

namespace probatum::tools {
namespace {

class ScheduleCli : public ::testing::Test {
protected:
    std::filesystem::path folder_;

    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "probatum-schedule-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(std::string_view name, std::string_view text) const {
        std::ofstream{folder_ / name} << text;
        return (folder_ / name).string();
    }

    struct Answer {
        int code;
        std::string out;
        std::string err;
    };
    static Answer call(std::vector<std::string> arguments) {
        std::ostringstream out;
        std::ostringstream err;
        arguments.insert(arguments.end(), {"--lang", "en"});
        const int code = run(std::move(arguments), {out, err});
        return {code, out.str(), err.str()};
    }
};

constexpr std::string_view kActus = R"({"contractType": "PAM", "contractRole": "RPA", "statusDate": "2025-12-31",
"initialExchangeDate": "2026-01-01", "maturityDate": "2027-01-01", "notionalPrincipal": 1200, "nominalInterestRate": 0.1,
"dayCountConvention": "30E360", "cycleOfInterestPayment": "P6ML1"})";

TEST_F(ScheduleCli, PrintsATableCsvAndJson) {
    const std::string terms = file("terms.json", kActus);
    EXPECT_EQ(call({"schedule", terms}).out,
              "date        event  payoff  principal  rate  accrued\n"
              "---------------------------------------------------\n"
              "2026-01-01  IED     -1200       1200   0.1        0\n"
              "2026-07-01  IP         60       1200   0.1        0\n"
              "2027-01-01  IP         60       1200   0.1        0\n"
              "2027-01-01  MD       1200          0   0.1        0\n");
    EXPECT_TRUE(call({"schedule", terms, "--csv"}).out.starts_with("eventDate,eventType,payoff,"));
    const auto json = rpc::parse_json(call({"schedule", terms, "--json"}).out);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->at(3).at("payoff"), 1200);
}

TEST_F(ScheduleCli, TheSamplesAreSchedules) {
    const std::string samples = std::string{PROBATUM_SOURCE_DIR} + "/docs/samples/";
    const Answer plan = call({"schedule", samples + "schedule-terms.json", "--csv"});
    EXPECT_EQ(plan.code, 0) << plan.err;
    EXPECT_NE(plan.out.find("2026-06-30,prepayment,200000.00,0.00,2000.00,202000.00,0.00,"), std::string::npos)
        << plan.out;
    const Answer loan = call({"schedule", samples + "loan-terms.json", "--csv"});
    EXPECT_EQ(loan.code, 0) << loan.err;
    EXPECT_NE(loan.out.find("2027-06-21,instalment,250000.00,21750.00,0.00,271750.00,0.00,750000.00"),
              std::string::npos);
}

TEST_F(ScheduleCli, PrintsEveryCaseThatItCanAndNamesTheOthers) {
    const std::string cases =
        file("cases.json", R"({"good": {"terms": )" + std::string{kActus} + R"(, "to": ""}, "bad": {"terms": {}}})");
    const Answer answer = call({"schedule", "actus", cases, "--json"});
    EXPECT_EQ(answer.code, 1);
    const auto printed = rpc::parse_json(answer.out);
    ASSERT_TRUE(printed) << answer.out;
    EXPECT_EQ(printed->size(), 1U);
    EXPECT_EQ(printed->at("good").size(), 4U);
    const auto error = rpc::parse_json(answer.err);
    ASSERT_TRUE(error) << answer.err;
    EXPECT_EQ(error->at("error").at("field"), "bad.terms.contractType");
}

TEST_F(ScheduleCli, WhatCannotBeReadCannotBeDone) {
    EXPECT_EQ(call({"schedule"}).code, 2);
    EXPECT_EQ(call({"schedule", (folder_ / "none.json").string()}).code, 2);
    EXPECT_EQ(call({"schedule", file("broken.json", "{")}).code, 2);
    EXPECT_EQ(call({"schedule", "actus", file("list.json", "[]")}).code, 2);
    const Answer bad = call({"schedule", file("bad.json", R"({"contractType": "PAM"})")});
    EXPECT_EQ(bad.code, 2);
    EXPECT_NE(bad.err.find("schedule.terms.contractRole"), std::string::npos) << bad.err;
}

}  // namespace
}  // namespace probatum::tools
