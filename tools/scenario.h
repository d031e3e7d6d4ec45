#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

/// A story of contracts as text, one step a line, told to the rules themselves over a chain in memory: no node, no
/// network, no clock. The format: tests/scenarios/README.md. Keys follow from names, so that a story has one outcome.
namespace probatum::tools {

/// Each line of the story as it happened, ready to print. The first step that goes otherwise than the story says ends
/// it with evidence_mismatch, or malformed; the field names the line.
[[nodiscard]] Result<void> run_scenario(std::string_view text, const std::function<void(std::string_view)>& tell);

}  // namespace probatum::tools
