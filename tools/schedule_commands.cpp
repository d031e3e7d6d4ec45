#include "tools/schedule_commands.h"

#include <CLI/CLI.hpp>

#include "node/machine.h"
#include "tools/actus_json.h"
#include "tools/plan_json.h"
#include "tools/schedule_table.h"

namespace probatum::tools {

namespace {

constexpr std::size_t kMaxFileBytes = 64U << 20U;

struct ScheduleInput {
    std::filesystem::path terms;
    std::filesystem::path cases;
    bool csv{false};
};

Result<rpc::Json> read_json_file(const std::filesystem::path& file) {
    PROBATUM_LET(text, node::read_file(file, kMaxFileBytes));
    auto out = rpc::parse_json(as_text(text));
    if (!out) {
        return fail(out.error().code, file.string() + " " + out.error().field, out.error().detail);
    }
    return out;
}

Result<PublishedCase> run_case(const rpc::Json& object, const std::string& name) {
    PROBATUM_LET(input, read_actus_case(object, name));
    auto events = schedule::actus_events(input);
    if (!events) {
        const std::string& field = events.error().field;
        const char* const place = field.starts_with("eventsObserved") ? "." : ".terms.";
        return fail(events.error().code, name + place + field, events.error().detail);
    }
    return PublishedCase{name, *std::move(events)};
}

/// Every case that can be carried out is printed; each that cannot is reported and makes the answer a no.
Result<int> show_cases(Session& session, const ScheduleInput& input) {
    PROBATUM_LET(file, read_json_file(input.cases));
    if (!file.is_object()) {
        return fail(Errc::malformed, input.cases.string(), "an object of cases by name is needed");
    }
    std::vector<PublishedCase> cases;
    int code = kExitYes;
    for (const auto& [name, object] : file.items()) {
        auto one = run_case(object, name);
        if (one) {
            cases.push_back(*std::move(one));
        } else {
            (void)session.report(one.error());
            code = kExitNo;
        }
    }
    session.verbatim(write_actus_cases(cases));
    return code;
}

/// Terms in minor units, a loan's terms, or terms under the dictionary's names, these alone or as one case.
Result<ScheduleTable> table_of(const rpc::Json& file, bool chinese) {
    if (is_plan(file)) {
        PROBATUM_LET(plan, read_plan(file));
        PROBATUM_LET(rows, schedule::plan_rows(plan.terms));
        return plan_table(rows, plan.currency, chinese);
    }
    const bool bare = file.is_object() && file.contains("contractType");
    PROBATUM_LET(one, run_case(bare ? rpc::Json{{"terms", file}} : file, "schedule"));
    return actus_table(one.events, chinese);
}

Result<int> show_terms(const Commands& commands, const ScheduleInput& input) {
    if (input.terms.empty()) {
        return fail(Errc::usage, "terms", "name a file of terms, or: probatum schedule actus FILE");
    }
    PROBATUM_LET(file, read_json_file(input.terms));
    Session& session = commands.session;
    PROBATUM_LET(table, table_of(file, session.language == Language::chinese && !session.json && !input.csv));
    session.verbatim(session.json ? json_of(table) : input.csv ? csv_of(table) : text_of(table));
    return kExitYes;
}

}  // namespace

void add_schedule_commands(CLI::App& app, Commands& commands) {
    const auto input = std::make_shared<ScheduleInput>();
    CLI::App* const show = commands.add(app, "schedule", "When and how much a contract pays, computed on this machine",
                                        "在本机计算合同的付款日期与金额", "probatum schedule TERMS.json --csv");
    show->add_option("terms", input->terms, commands.say("Terms as JSON", "条款（JSON）"));
    show->add_flag("--csv", input->csv, commands.say("Comma-separated values", "以 CSV 输出"));
    CLI::App* const actus = commands.add(
        *show, "actus", "Events of a file of ACTUS cases in the published layout, as JSON",
        "按公布的 ACTUS 案例文件逐例计算事件，以 JSON 输出", "probatum schedule actus actus-tests-pam.json");
    actus->add_option("file", input->cases, commands.say("Cases by name, as JSON", "案例文件（JSON）"))->required();
    show->callback([&commands, input, actus] {
        commands.chosen = [&commands, input, cases = actus->parsed()] {
            return cases ? show_cases(commands.session, *input) : show_terms(commands, *input);
        };
    });
}

}  // namespace probatum::tools
