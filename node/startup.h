#pragma once

#include <limits>
#include <optional>
#include <string>

#include "base/key.h"
#include "node/config.h"
#include "node/network.h"
#include "node/storage.h"
#include "node/succession_plan.h"

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

/// The configured peers; this node itself is left out. An organisation that had no validator at genesis may have one
/// now, under a key that is learned from the chain. config_invalid where it is not known to genesis at all.
struct PeerAddress {
    PeerId id{0};  ///< Position in genesis, or kNoValidatorYet.
    std::string organisation;
    Endpoint address;
    static constexpr PeerId kNoValidatorYet = std::numeric_limits<PeerId>::max();
};
[[nodiscard]] Result<std::vector<PeerAddress>> resolve_peers(const Config& config, const Credentials& credentials);

/// The successions that a start has to know.
struct Successions {
    std::optional<SuccessionPlan> to_follow{};  ///< Of the configuration, or else the one of an earlier life.
    std::optional<SuccessionPlan> taken_up{};   ///< In an earlier life.
};
/// succession_invalid where one does not hold, or the configuration's contradicts what this node took up before.
[[nodiscard]] Result<Successions> load_successions(const Config& config, const Membership& who);
/// Whether another one may take the place of what was taken up: only when the chain here has recorded it. Otherwise
/// votes of its epoch may have left this node and nothing but the kept statements says so. succession_invalid.
[[nodiscard]] Result<void> may_replace(const Config& config, const Successions& successions,
                                       const ledger::StateView& state);
/// Takes it up for all later lives, whatever the configuration will say then: votes of the new epoch must never be
/// followed by votes of the old one.
[[nodiscard]] Result<void> keep_succession(const Config& config, const SuccessionPlan& plan);

/// Where this node keeps what it keeps; `on_fatal` is told when its disk fails.
[[nodiscard]] StorageOptions storage_options(const Config& config, const Membership& who,
                                             const ledger::store::FatalHandler& on_fatal);

}  // namespace probatum::node
