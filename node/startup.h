#pragma once

#include <optional>
#include <string>

#include "base/key.h"
#include "node/config.h"
#include "node/storage.h"

/// What a start needs, read and checked before anything runs. Every fault has its number and names what to mend.
namespace probatum::node {

/// Who this node is, and how it proves it.
struct Credentials : Membership {
    std::optional<SecretKey> identity{};  ///< Validators only.
    std::string certificate_pem;
    std::string private_key_pem;
    Bytes binding{};
};

/// preflight_failed (field = the file or key), wrong_passphrase, config_invalid.
[[nodiscard]] Result<Credentials> load_credentials(const Config& config, UnixMs now);

/// Positions in genesis of the configured peers; this node itself is left out. config_invalid where one is not a
/// validator.
struct PeerAddress {
    ledger::ValidatorIndex index{0};
    Endpoint address;
};
[[nodiscard]] Result<std::vector<PeerAddress>> resolve_peers(const Config& config, const Credentials& credentials);

/// Where this node keeps what it keeps; `on_fatal` is told when its disk fails.
[[nodiscard]] StorageOptions storage_options(const Config& config, const Membership& who,
                                             const ledger::store::FatalHandler& on_fatal);

}  // namespace probatum::node
