#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "contracts/genesis.h"
#include "rpc/client.h"
#include "tools/session.h"

/// Which network a command speaks to, and how much of it is known without asking it.
namespace probatum::tools {

struct NetworkOptions {
    std::string node;            ///< Empty: the first node of the test net that the key belongs to, or loopback.
    std::string genesis_digest;  ///< Empty: from the test net's folder, if there is one.
    std::optional<std::filesystem::path> key{};  ///< Its folder may lie inside a test net's.
};

/// A connection, and the genesis that it must belong to.
struct Network {
    rpc::Client client;
    Bytes genesis_bytes;
    contracts::Genesis genesis;
    Digest chain_id;
    bool pinned{false};  ///< The digest was known beforehand; otherwise the node was believed.
};

/// The folder of the test net that a file lies in: the nearest one above it that holds `genesis.digest`.
[[nodiscard]] std::optional<std::filesystem::path> test_net_of(const std::filesystem::path& file);

[[nodiscard]] Result<rpc::Client> connect(const NetworkOptions& options);

/// Fetches genesis and checks it against the digest. wrong_genesis where the node belongs to another network.
[[nodiscard]] Result<Network> join(Session& session, const NetworkOptions& options);

}  // namespace probatum::tools
