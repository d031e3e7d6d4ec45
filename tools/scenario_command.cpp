#include <CLI/CLI.hpp>

#include "node/machine.h"
#include "tools/commands.h"
#include "tools/scenario.h"

namespace probatum::tools {

namespace {

Result<int> tell(Session& session, const std::filesystem::path& file) {
    PROBATUM_LET(text, node::read_file(file));
    std::string told;
    const Result<void> done = run_scenario(as_text(text), [&](std::string_view line) {
        told += line;
        told += '\n';
    });
    session.result({{"file", file.string()}, {"as_written", done.has_value()}, {"story", told}}, told);
    if (!done) {
        return fail(done.error());
    }
    return kExitYes;
}

}  // namespace

void add_scenario_command(CLI::App& app, Commands& commands) {
    const auto file = std::make_shared<std::filesystem::path>();
    CLI::App* const command =
        commands.add(app, "demo-scenario", "Tell a story of contracts to the rules on this machine, step by step",
                     "在本机逐步演示合同场景", "probatum demo-scenario tests/scenarios/voucher_chain.scenario");
    command->add_option("file", *file, commands.say("The story", "场景文件"))->required();
    command->callback(
        [&commands, file] { commands.chosen = [&commands, file] { return tell(commands.session, *file); }; });
}

}  // namespace probatum::tools
