#pragma once

#include <string>
#include <vector>

#include "tools/session.h"

/// The `probatum` program: everything that a person does.
namespace probatum::tools {

/// @param arguments  without the program's name.
/// @return  0 yes, 1 no, 2 could not be done.
[[nodiscard]] int run(std::vector<std::string> arguments, Session::Streams streams);

/// The help of every command, one after another, as docs/cli.md shows it.
[[nodiscard]] std::string manual(Language language);

}  // namespace probatum::tools
