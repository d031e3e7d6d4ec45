#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "base/result.h"
#include "rpc/json.h"
#include "tools/testnet_layout.h"

/// The processes of a test net. A process is known by its id and the moment it started, so that a number that was given
/// to somebody else's process meanwhile is never signalled.
namespace probatum::tools {

/// The process of the validator in this folder, if it runs.
[[nodiscard]] std::optional<int> running_process(const std::filesystem::path& validator);

/// probatumd beside this program; preflight_failed where it is not.
[[nodiscard]] Result<std::filesystem::path> find_probatumd();

/// preflight_failed where somebody else holds one of the validator's ports; names it and where it is configured.
[[nodiscard]] Result<void> check_ports(const TestNet::Validator& validator);

/// What the validator answers to chain.status. wrong_genesis where another network answers at its address.
[[nodiscard]] Result<rpc::Json> ask_status(const TestNet& net, const TestNet::Validator& validator);

/// Starts one validator in a session of its own, its words in out.log. Gives the process id.
[[nodiscard]] Result<int> start_process(const std::filesystem::path& probatumd, const TestNet::Validator& validator);

/// Waits until every node is ready and those that vote reach each other. preflight_failed names the first that ended,
/// with the last words of its log, or that was not ready in time.
[[nodiscard]] Result<void> await_ready(const TestNet& net, std::chrono::milliseconds patience);

/// Asks the validator in this folder to stop and waits for its end. True if it ran. Reads nothing but the process file,
/// so a validator whose configuration was spoilt meanwhile can still be stopped.
[[nodiscard]] Result<bool> stop_process(const std::filesystem::path& validator, std::chrono::milliseconds patience);

}  // namespace probatum::tools
