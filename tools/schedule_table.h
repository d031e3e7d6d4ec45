#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/schedule/actus.h"

/// Schedules as people and spreadsheets read them.
namespace probatum::tools {

struct ScheduleColumn {
    std::string name;   ///< For machines: CSV and JSON.
    std::string title;  ///< For people.
    bool number{false};
};

/// A table whose cells are printed already; numbers are decimals.
struct ScheduleTable {
    std::vector<ScheduleColumn> columns{};
    std::vector<std::vector<std::string>> rows{};
};

[[nodiscard]] ScheduleTable actus_table(std::span<const schedule::ActusEvent> events, bool chinese);

/// Aligned columns, a title line and a rule under it.
[[nodiscard]] std::string text_of(const ScheduleTable& table);
/// RFC 4180 with a header line; lines end in LF.
[[nodiscard]] std::string csv_of(const ScheduleTable& table);
/// A list of objects, one a line; numbers as JSON numbers.
[[nodiscard]] std::string json_of(const ScheduleTable& table);

}  // namespace probatum::tools
