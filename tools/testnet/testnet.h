#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "contracts/genesis.h"

/// A consortium on one machine: for trying out, for the demo, for tests and the bench. One folder holds all of it.
///   testnet.json  genesis.cbor  genesis.digest  README.txt  keys/<role>.key  keys/passphrase  validator-<n>/...
namespace probatum::testnet {

struct Options {
    std::filesystem::path directory;
    unsigned validators{4};
    std::vector<contracts::Organisation> more_organisations{};   ///< The bench's senders.
    std::vector<contracts::Member> more_members{};
    contracts::Parameters parameters{};
    std::string log_level{"info"};
};

struct Node {
    unsigned number{1};                   ///< From 1, as people count; position in genesis + 1.
    std::string organisation;
    std::filesystem::path directory;      ///< Absolute.
    std::filesystem::path config;
    std::uint16_t peer_port{0};
    std::uint16_t rpc_port{0};
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(rpc_port); }
    [[nodiscard]] std::filesystem::path log() const { return directory / "node.log"; }
    [[nodiscard]] std::filesystem::path pid_file() const { return directory / "pid"; }
};

struct Testnet {
    std::filesystem::path directory;      ///< Absolute.
    Digest genesis_digest;
    std::vector<Node> nodes;
};

[[nodiscard]] bool exists(const std::filesystem::path& directory);

/// Makes everything; nothing runs yet. preflight_failed if the folder holds something else, names what failed.
[[nodiscard]] Result<Testnet> create(const Options& options);
/// Reads what create() made. unusable_input.
[[nodiscard]] Result<Testnet> load(const std::filesystem::path& directory);

}  // namespace probatum::testnet
