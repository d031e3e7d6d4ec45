#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "node/config.h"
#include "rpc/json.h"
#include "tools/session.h"

/// What could keep a validator from running, or soon will, found before it does.
namespace probatum::tools {

enum class Level : std::uint8_t { fine, warning, problem };
[[nodiscard]] std::string_view name(Level level);  ///< "ok", "warning", "problem"

struct Finding {
    std::string check;  ///< Stable: "config", "genesis", "identity", "journal", "tls", "disk", "peer", "clock", "node".
    Level level{Level::fine};
    std::string english;
    std::string chinese;
    friend bool operator==(const Finding&, const Finding&) = default;
};

/// What the doctor asks of the world; tests put their own behind it.
struct Surroundings {
    UnixMs now;
    std::function<Result<Bytes>(const std::filesystem::path&)> read;
    std::function<bool(const std::filesystem::path&)> exists;
    std::function<std::optional<std::uint64_t>(const std::filesystem::path&)> free_bytes;
    std::function<bool(const node::Endpoint&)> reachable;
    /// chain.status of the node itself; nothing where it does not answer.
    std::function<std::optional<rpc::Json>(const node::Endpoint&)> status;
};

/// The world as it is: this machine's clock, files and network.
[[nodiscard]] Surroundings real_surroundings(Session& session);

/// Makes every check that can be made. A file that cannot be read ends the checks that need it, not the others.
/// @param config  empty where it could not be read: then `config_error` says why and nothing else is checked.
[[nodiscard]] std::vector<Finding> diagnose(const Result<node::Config>& config, const Surroundings& world);

/// 0: all well; 1: warnings; 2: a problem.
[[nodiscard]] int exit_code(const std::vector<Finding>& findings);

}  // namespace probatum::tools
