#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "contracts/genesis.h"
#include "node/config.h"
#include "tools/session.h"

/// What a test net is on disk:
///
///     D/genesis.cbor, genesis.digest      the network; the digest is written last and marks the folder as whole
///     D/nodes.txt                         one JSON-RPC address per line
///     D/README.txt
///     D/keys/ORGANISATION.MEMBER.key      a ready identity for every role; D/keys/passphrase opens them (mode 0600)
///     D/peers.txt                         position, organisation and address of each validator of genesis
///     D/keys/recovery-N.key               the recovery authorities of genesis
///     D/validator-N/                      node.toml, identity.key, passphrase, tls.crt, tls.key, tls.binding, data/,
///     logs
namespace probatum::tools {

struct TestNet {
    std::filesystem::path folder;
    Digest genesis_digest;
    std::size_t quorum{0};
    struct Validator {
        std::size_t index{0};
        std::string organisation;
        std::filesystem::path folder;
        node::Config config;
        [[nodiscard]] std::string url() const { return "http://" + config.rpc.listen.to_string(); }
    };
    std::vector<Validator> validators;  ///< Those of genesis, then those that were added.
    struct Identity {
        std::string organisation;
        std::string member;
        std::vector<contracts::Role> roles;
        std::filesystem::path key;
    };
    std::vector<Identity> identities;
};

/// The consortium of a test net: a lender, a borrower, a core enterprise, a guarantor, a custodian, a settlement bank,
/// a court, a regulator, the platform, a council, and for each validator an organisation with an operator and a
/// governor; these organisations are the electorate. One more organisation has an operator and no validator yet. Two of
/// three recovery authorities can name successors.
struct Consortium {
    contracts::Genesis genesis;
    std::vector<SecretKey> member_keys;     ///< In the order of genesis.members.
    std::vector<SecretKey> validator_keys;  ///< In the order of genesis.validators.
    std::vector<SecretKey> recovery_keys;   ///< In the order of genesis.recovery_authorities.
};
[[nodiscard]] Consortium make_consortium(std::size_t validators, UnixMs now);
/// One more member, of an organisation that is added if it is not there yet; the lists stay in their order.
void add_member(Consortium& consortium, contracts::Member member, SecretKey key);

/// Writes a whole new test net. preflight_failed where the folder is there already and not empty.
[[nodiscard]] Result<void> write_test_net(const std::filesystem::path& folder, std::size_t validators);
/// The same for a consortium that the caller made or added to. Precondition: its genesis encodes and decodes.
[[nodiscard]] Result<void> write_test_net(const std::filesystem::path& folder, const Consortium& consortium);

/// Keys, TLS and configuration for one more validator of an organisation (empty: the one that has none yet). The chain
/// knows nothing of it: it follows until the consortium lets it in. Returns its number.
[[nodiscard]] Result<std::size_t> add_validator(const std::filesystem::path& folder, std::string organisation);

[[nodiscard]] bool is_test_net(const std::filesystem::path& folder);
/// The validators' folders that are there, in their order, whatever is in them.
[[nodiscard]] std::vector<std::filesystem::path> validator_folders(const std::filesystem::path& folder);
/// preflight_failed (field = the file) where something is missing or was changed.
[[nodiscard]] Result<TestNet> load_test_net(const std::filesystem::path& folder);

}  // namespace probatum::tools
