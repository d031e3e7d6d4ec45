#include "tools/schedule_table.h"

#include <algorithm>

#include "rpc/json.h"

namespace probatum::tools {

namespace {

constexpr int kPrintedPlaces = 10;

/// How wide a text of one or two columns a character is; CJK characters take two.
std::size_t width_of(std::string_view text) {
    std::size_t out = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        // The first byte of three stands for a wide character here: the titles are ASCII or Chinese.
        out += byte < 0x80U ? 1U : (byte >= 0xE0U ? 2U : 0U);
    }
    return out;
}

void append_cell(std::string& out, std::string_view text, std::size_t width, bool right) {
    const std::string blanks(width - width_of(text), ' ');
    out += right ? blanks + std::string{text} : std::string{text} + blanks;
}

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\n\r") == std::string::npos) {
        return cell;
    }
    std::string out = "\"";
    for (const char c : cell) {
        out += c == '"' ? "\"\"" : std::string(1, c);
    }
    return out + "\"";
}

}  // namespace

ScheduleTable actus_table(std::span<const schedule::ActusEvent> events, bool chinese) {
    const auto title = [&](const char* english, const char* local) { return std::string{chinese ? local : english}; };
    ScheduleTable out;
    out.columns = {{"eventDate", title("date", "日期")},
                   {"eventType", title("event", "事件")},
                   {"payoff", title("payoff", "收付"), true},
                   {"notionalPrincipal", title("principal", "本金余额"), true},
                   {"nominalInterestRate", title("rate", "利率"), true},
                   {"accruedInterest", title("accrued", "应计利息"), true}};
    for (const schedule::ActusEvent& event : events) {
        const auto printed = [](const schedule::Rational& value) { return value.decimal(kPrintedPlaces); };
        out.rows.push_back({event.at.second_of_day == 0 ? event.at.date.to_string() : event.at.to_string(),
                            std::string{name(event.type)}, printed(event.payoff), printed(event.notional),
                            printed(event.rate), printed(event.accrued)});
    }
    return out;
}

std::string text_of(const ScheduleTable& table) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        std::size_t width = width_of(table.columns[i].title);
        for (const auto& row : table.rows) {
            width = std::max(width, width_of(row[i]));
        }
        widths.push_back(width);
    }
    const auto line = [&](auto cell_of) {
        std::string out;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            out += i == 0 ? "" : "  ";
            append_cell(out, cell_of(i), widths[i], table.columns[i].number);
        }
        out.erase(out.find_last_not_of(' ') + 1);
        return out + "\n";
    };
    std::string out = line([&](std::size_t i) { return std::string_view{table.columns[i].title}; });
    std::size_t whole = widths.empty() ? 0 : 2 * (widths.size() - 1);
    for (const std::size_t width : widths) {
        whole += width;
    }
    out += std::string(whole, '-') + "\n";
    for (const auto& row : table.rows) {
        out += line([&](std::size_t i) { return std::string_view{row[i]}; });
    }
    return out;
}

std::string csv_of(const ScheduleTable& table) {
    std::string out;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        out += (i == 0 ? "" : ",") + quoted(table.columns[i].name);
    }
    out += "\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += (i == 0 ? "" : ",") + quoted(row[i]);
        }
        out += "\n";
    }
    return out;
}

std::string json_of(const ScheduleTable& table) {
    std::string out = "[";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        out += r == 0 ? "\n  {" : ",\n  {";
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const std::string& cell = table.rows[r][i];
            out += (i == 0 ? "\"" : ", \"") + table.columns[i].name + "\": ";
            out += table.columns[i].number ? cell : rpc::to_text(rpc::Json(cell));
        }
        out += "}";
    }
    return out + (table.rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace probatum::tools
