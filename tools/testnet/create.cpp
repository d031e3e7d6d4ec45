#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <set>

#include "base/hash.h"
#include "base/key_file.h"
#include "base/text_encoding.h"
#include "node/config.h"
#include "node/machine.h"
#include "node/tls_binding.h"
#include "node/tls_identity.h"
#include "tools/testnet/cast.h"
#include "tools/testnet/description.h"

namespace probatum::testnet {

namespace {

namespace fs = std::filesystem;

// Cheap to open: the passphrase lies beside the key anyway. Keys made by `probatum key new` cost more.
constexpr key_file::Cost kLightCost{.log2_n = 12, .r = 8, .p = 1};
constexpr std::uint64_t kTlsValidityMs = 825ULL * 24 * 60 * 60 * 1000;
// Below the range from which the kernel takes the ports of outgoing connections.
constexpr std::uint16_t kFirstPort = 20'000;
constexpr std::uint16_t kPorts = 12'000;

SecretKey new_key() {
    for (;;) {
        ByteArray<SecretKey::kSize> scalar{};
        node::fill_random(scalar);
        auto key = SecretKey::from_bytes(scalar);
        wipe(scalar);
        if (key) {
            return std::move(*key);
        }
    }
}

std::string new_passphrase() {
    ByteArray<18> random{};
    node::fill_random(random);
    return to_base64url(random);
}

Result<void> write_text(const fs::path& path, std::string_view text, bool secret = false) {
    return node::write_file(path, as_bytes(text), secret);
}

Result<void> write_key(const fs::path& path, const SecretKey& key, const key_file::Label& label, const std::string& passphrase) {
    key_file::Randomness randomness{};
    node::fill_random(randomness.salt);
    node::fill_random(randomness.nonce);
    return node::write_file(path, key_file::seal(key, label, passphrase, randomness, kLightCost), true);
}

bool is_free(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) {
        return false;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return free;
}

Result<std::uint16_t> take_port(std::set<std::uint16_t>& taken) {
    for (int attempt = 0; attempt < 2'000; ++attempt) {
        ByteArray<2> random{};
        node::fill_random(random);
        const auto port = static_cast<std::uint16_t>(kFirstPort + (random[0] * 256U + random[1]) % kPorts);
        if (!taken.contains(port) && is_free(port)) {
            taken.insert(port);
            return port;
        }
    }
    return fail(Errc::preflight_failed, "port", "no free port on 127.0.0.1");
}

struct ValidatorKey {
    SecretKey key;
    std::string organisation;
};

/// Everything that a test net is made of before anything is written.
struct Draft {
    contracts::Genesis genesis;
    std::vector<SecretKey> identity_keys;      ///< In the order of identities().
    std::vector<ValidatorKey> validator_keys;
    std::vector<SecretKey> recovery_keys;
    Bytes genesis_bytes;
    Digest chain_id;
};

Draft draft(const Options& options) {
    Draft out;
    contracts::Genesis& genesis = out.genesis;
    ByteArray<4> random{};
    node::fill_random(random);
    genesis.chain_name = "testnet-" + to_hex(random);
    genesis.time = node::wall_clock();
    genesis.parameters = options.parameters;
    genesis.organisations = organisations(options.validators);
    genesis.organisations.insert(genesis.organisations.end(), options.more_organisations.begin(), options.more_organisations.end());
    for (const Identity& identity : identities()) {
        out.identity_keys.push_back(new_key());
        genesis.members.push_back({.organisation = identity.organisation, .id = identity.member, .name = identity.name,
                                   .key = out.identity_keys.back().public_key(), .roles = {identity.role}});
    }
    genesis.members.insert(genesis.members.end(), options.more_members.begin(), options.more_members.end());
    for (unsigned i = 0; i < options.validators; ++i) {
        out.validator_keys.push_back({new_key(), operator_of(i)});
        genesis.validators.push_back({operator_of(i), out.validator_keys.back().key.public_key()});
    }
    for (int i = 0; i < 3; ++i) {
        out.recovery_keys.push_back(new_key());
        genesis.recovery_authorities.push_back(out.recovery_keys.back().public_key());
    }
    genesis.recovery_threshold = 2;
    out.genesis_bytes = contracts::encode(genesis);
    out.chain_id = contracts::chain_id_of(out.genesis_bytes);
    return out;
}

Result<void> write_identities(const Draft& made, const fs::path& directory) {
    const std::string passphrase = new_passphrase();
    PROBATUM_TRY(write_text(directory / "passphrase", passphrase + "\n", true));
    for (std::size_t i = 0; i < identities().size(); ++i) {
        const Identity& identity = identities()[i];
        PROBATUM_TRY(write_key(directory / (identity.file + ".key"), made.identity_keys[i],
                               {identity.organisation, identity.member}, passphrase));
    }
    for (std::size_t i = 0; i < made.recovery_keys.size(); ++i) {
        const std::string name = "recovery-" + std::to_string(i + 1);
        PROBATUM_TRY(write_key(directory / (name + ".key"), made.recovery_keys[i], {"", name}, passphrase));
    }
    return {};
}

node::Config config_of(const Testnet& net, const Node& self, const std::string& log_level) {
    node::Config config;
    config.data_dir = "data";
    config.genesis_file = "../genesis.cbor";
    config.identity_key_file = "identity.key";
    config.identity_passphrase_file = "passphrase";
    config.tls_certificate_file = "tls.crt";
    config.tls_key_file = "tls.key";
    config.tls_binding_file = "tls.binding";
    config.listen = {"127.0.0.1", self.peer_port};
    config.rpc.listen = {"127.0.0.1", self.rpc_port};
    config.log.level = log_level;
    for (const Node& other : net.nodes) {
        if (other.number != self.number) {
            config.peers.push_back({.organisation = {}, .index = other.number - 1, .address = {"127.0.0.1", other.peer_port}});
        }
    }
    return config;
}

Result<void> write_node(const Testnet& net, const Node& self, const Draft& made, const std::string& log_level) {
    const ValidatorKey& validator = made.validator_keys.at(self.number - 1);
    std::error_code failed;
    fs::create_directories(self.directory, failed);
    if (failed) {
        return fail(Errc::preflight_failed, self.directory.string(), failed.message());
    }
    const std::string name = "validator-" + std::to_string(self.number);
    const std::string passphrase = new_passphrase();
    PROBATUM_TRY(write_text(self.directory / "passphrase", passphrase + "\n", true));
    PROBATUM_TRY(write_key(self.directory / "identity.key", validator.key, {validator.organisation, name}, passphrase));
    const UnixMs now = node::wall_clock();
    // An hour back: a machine whose clock is a little behind must not refuse its peers.
    const node::Validity validity{UnixMs{now.raw() - 3'600'000}, UnixMs{now.raw() + kTlsValidityMs}};
    PROBATUM_LET(tls, node::make_tls_identity(name, validity));
    PROBATUM_TRY(write_text(self.directory / "tls.crt", tls.certificate_pem));
    PROBATUM_TRY(write_text(self.directory / "tls.key", tls.private_key_pem, true));
    const Bytes binding = node::make_tls_binding(validator.key, {made.chain_id, validator.organisation}, {tls.key_digest, validity});
    PROBATUM_TRY(node::write_file(self.directory / "tls.binding", binding));
    return write_text(self.config, node::render_config(config_of(net, self, log_level)));
}

std::string readme(const Testnet& net) {
    std::string out = fmt::format(
        "A Probatum test net: {} validators on this machine. For trying out; its keys lie beside their passphrases.\n\n"
        "genesis digest  {}\n\n", net.nodes.size(), to_hex(net.genesis_digest));
    for (const Node& node : net.nodes) {
        out += fmt::format("validator {}  {:<16} {}   log validator-{}/node.log\n", node.number, node.organisation, node.url(), node.number);
    }
    out += "\nReady identities, one for each role (passphrase in keys/passphrase, found by itself):\n";
    for (const Identity& identity : identities()) {
        out += fmt::format("  keys/{}.key  {} of {}\n", identity.file, identity.member, identity.organisation);
    }
    out += "\nprobatum testnet status --dir DIR   probatum testnet down --dir DIR   probatum testnet up --dir DIR\n";
    return out;
}

Result<void> make_folders(const fs::path& directory) {
    std::error_code failed;
    if (fs::exists(directory, failed) && !fs::is_empty(directory, failed)) {
        return fail(Errc::preflight_failed, directory.string(), "the folder is not empty and holds no test net");
    }
    fs::create_directories(directory / "keys", failed);
    if (failed) {
        return fail(Errc::preflight_failed, directory.string(), failed.message());
    }
    fs::permissions(directory / "keys", fs::perms::owner_all, failed);
    return {};
}

}  // namespace

Result<Testnet> create(const Options& options) {
    if (options.validators < 1 || options.validators > ledger::kMaxValidators) {
        return fail(Errc::usage, "validators", "1 to 100");
    }
    Testnet net{.directory = fs::absolute(options.directory).lexically_normal(), .genesis_digest = {}, .nodes = {}};
    PROBATUM_TRY(make_folders(net.directory));
    const Draft made = draft(options);
    PROBATUM_TRY(contracts::decode_genesis(made.genesis_bytes));
    net.genesis_digest = made.chain_id;
    std::set<std::uint16_t> ports;
    for (unsigned i = 0; i < options.validators; ++i) {
        const fs::path directory = net.directory / ("validator-" + std::to_string(i + 1));
        PROBATUM_LET(peer_port, take_port(ports));
        PROBATUM_LET(rpc_port, take_port(ports));
        net.nodes.push_back({i + 1, operator_of(i), directory, directory / "node.toml", peer_port, rpc_port});
    }
    PROBATUM_TRY(node::write_file(net.directory / "genesis.cbor", made.genesis_bytes));
    PROBATUM_TRY(write_text(net.directory / "genesis.digest", to_hex(net.genesis_digest) + "\n"));
    PROBATUM_TRY(write_identities(made, net.directory / "keys"));
    for (const Node& node : net.nodes) {
        PROBATUM_TRY(write_node(net, node, made, options.log_level));
    }
    PROBATUM_TRY(write_text(net.directory / "README.txt", readme(net)));
    // Last: a folder without it is a test net that was never finished.
    PROBATUM_TRY(write_text(net.directory / kDescriptionFile, describe(net)));
    return net;
}

}  // namespace probatum::testnet
