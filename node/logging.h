#pragma once

#include "base/result.h"
#include "node/config.h"

namespace probatum::node {

/// Sets up the process's default logger (spdlog) as configured: text, or one JSON object per line with the fields
/// time (RFC 3339, UTC), level, thread, message. config_invalid where the file cannot be opened.
[[nodiscard]] Result<void> start_logging(const LogConfig& config);

}  // namespace probatum::node
