#pragma once

#include <string>

#include "contracts/schedule/plan.h"
#include "rpc/json.h"
#include "tools/schedule_table.h"

/// Terms of a schedule in minor units as a person writes them. The fields are described in docs/spec/schedules.md,
/// section 9.
namespace probatum::tools {

struct PlanFile {
    Currency currency;
    schedule::PlanTerms terms;
};

/// Whether the file is of this kind: it has a `shape`, or it is a loan's terms with `rows`.
[[nodiscard]] bool is_plan(const rpc::Json& file);

/// Errors: malformed, too_large, terms_invalid, amount_invalid, with the field to blame.
[[nodiscard]] Result<PlanFile> read_plan(const rpc::Json& file);

[[nodiscard]] ScheduleTable plan_table(const std::vector<schedule::PlanRow>& rows, Currency currency, bool chinese);

}  // namespace probatum::tools
