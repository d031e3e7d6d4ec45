#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "tools/testnet/testnet.h"

/// The validators of a test net as processes of this machine.
namespace probatum::testnet {

/// The process that runs this node, if it is alive and truly ours (its program is probatumd, started with this file).
[[nodiscard]] std::optional<pid_t> running(const Node& node);

/// Starts one validator in a session of its own, output into its log. preflight_failed if the program cannot be started.
[[nodiscard]] Result<pid_t> start(const Node& node, const std::filesystem::path& program);

/// Waits until the node answers that it is ready. If the process ends first: preflight_failed with the log's last lines.
[[nodiscard]] Result<void> wait_ready(const Node& node, int timeout_ms);

/// SIGTERM, then SIGKILL after `timeout_ms`. True if it ended in order (or did not run).
bool stop(const Node& node, int timeout_ms = 15'000);

/// kill -9, for tests of power loss.
void kill_now(const Node& node);

/// probatumd beside the running program.
[[nodiscard]] std::filesystem::path daemon_program();

/// Starts every validator that does not run and waits until all are ready; on a failure stops those it started.
[[nodiscard]] Result<void> up(const Testnet& net, int timeout_ms = 60'000);
/// Stops all; true if all ended in order.
bool down(const Testnet& net);

}  // namespace probatum::testnet
