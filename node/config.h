#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// One TOML file (toml.io 1.0) is all a node is told; nothing comes from the environment. Every key is listed in
/// docs/spec/node.md; an unknown key is refused by its name.
namespace probatum::node {

struct Endpoint {
    std::string host{"127.0.0.1"};
    std::uint16_t port{0};
    [[nodiscard]] std::string to_string() const;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};
/// "127.0.0.1:7100", "[::1]:7100", "node.bank-a.example:7100"; malformed otherwise.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);

/// Another validator and where it listens. It is named by organisation, or by index where an organisation runs several.
struct PeerConfig {
    std::string organisation;              ///< Empty where `index` is given.
    std::optional<std::uint32_t> index{};  ///< Position in genesis.
    Endpoint address;
    friend bool operator==(const PeerConfig&, const PeerConfig&) = default;
};

enum class Mode : std::uint8_t { validator, observer };

struct RpcConfig {
    Endpoint listen{"127.0.0.1", 8100};
    std::uint64_t max_body_bytes{8U << 20U};
    std::uint64_t max_connections{1024};
    std::uint64_t max_batch{1024};
    std::uint64_t request_timeout_ms{30'000};
    friend bool operator==(const RpcConfig&, const RpcConfig&) = default;
};

struct LogConfig {
    std::string level{"info"};     ///< trace, debug, info, warn, error
    std::string format{"text"};    ///< text or json
    std::filesystem::path file{};  ///< Empty: standard error.
    friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

struct PoolConfig {
    std::uint64_t max_transactions{100'000};
    std::uint64_t max_bytes{256U << 20U};
    std::uint64_t max_per_sender{20'000};  ///< Transactions of one key that wait at once.
    friend bool operator==(const PoolConfig&, const PoolConfig&) = default;
};

struct Config {
    Mode mode{Mode::validator};
    std::filesystem::path data_dir;
    std::filesystem::path genesis_file;
    std::filesystem::path succession_file{};  ///< What the recovery authorities signed; empty in ordinary times.
    std::filesystem::path identity_key_file;  ///< Validators only.
    std::filesystem::path identity_passphrase_file{};  ///< One of these two.
    std::string identity_passphrase_credential{};      ///< Name of a systemd credential (LoadCredential=).
    std::filesystem::path tls_certificate_file;
    std::filesystem::path tls_key_file;
    std::filesystem::path tls_binding_file{};  ///< Validators: the statement over the TLS key.
    Endpoint listen{"127.0.0.1", 7100};
    std::vector<PeerConfig> peers;
    RpcConfig rpc;
    LogConfig log;
    PoolConfig pool;
    friend bool operator==(const Config&, const Config&) = default;
};

/// Reads and checks one file; relative paths in it are relative to its folder.
/// config_invalid names the key and says what it should be; unusable_input if the file cannot be read.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);
[[nodiscard]] Result<Config> parse_config(std::string_view toml, const std::filesystem::path& folder);

/// The file for a configuration, each key with a comment; parse_config() of it gives the same configuration.
[[nodiscard]] std::string render_config(const Config& config);

}  // namespace probatum::node
