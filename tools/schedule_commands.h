#pragma once

#include "tools/commands.h"

namespace probatum::tools {

/// `schedule TERMS.json` and `schedule actus FILE.json`: pure computation, no node and no key.
void add_schedule_commands(CLI::App& app, Commands& commands);

}  // namespace probatum::tools
