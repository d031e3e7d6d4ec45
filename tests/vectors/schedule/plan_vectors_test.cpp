// Schedules in minor units against cases that were worked out from docs/spec/schedules.md, section 9, without this
// code.
#include <gtest/gtest.h>

#include "tools/plan_json.h"
#include "vectors.h"

namespace probatum::tools {
namespace {

std::string text_of_rows(const rpc::Json& rows) {
    std::string out;
    for (const rpc::Json& row : rows) {
        for (const rpc::Json& cell : row) {
            out += cell.get<std::string>() + " ";
        }
        out += "\n";
    }
    return out;
}

TEST(PlanVectors, EveryRowIsAsWorkedOut) {
    const auto file = rpc::parse_json(test::read_text(test::golden_vector("schedules.json")));
    ASSERT_TRUE(file) << file.error().to_string();
    const rpc::Json& cases = file->at("cases");
    EXPECT_GE(cases.size(), 30U);
    for (const rpc::Json& one : cases) {
        SCOPED_TRACE(one.at("name").get<std::string>());
        const auto plan = read_plan(one.at("terms"));
        ASSERT_TRUE(plan) << plan.error().to_string();
        const auto rows = schedule::plan_rows(plan->terms);
        ASSERT_TRUE(rows) << rows.error().to_string();
        const ScheduleTable table = plan_table(*rows, plan->currency, false);
        ASSERT_EQ(table.columns.size(), file->at("columns").size());
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            EXPECT_EQ(table.columns[i].name, file->at("columns")[i]);
        }
        EXPECT_EQ(text_of_rows(table.rows), text_of_rows(one.at("rows")));
    }
}

}  // namespace
}  // namespace probatum::tools
