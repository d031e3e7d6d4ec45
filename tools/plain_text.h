#pragma once

#include <string>

#include "rpc/json.h"

namespace probatum::tools {

/// A JSON object for people: a member a line, "name: value"; lists below their name, indented.
[[nodiscard]] std::string plain_text(const rpc::Json& object, std::size_t indent = 0);

}  // namespace probatum::tools
