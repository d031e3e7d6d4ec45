#include "tools/testnet_layout.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "tools/keys.h"
#include "tools/tls_files.h"

namespace probatum::tools {

namespace {

constexpr std::uint16_t kFirstPeerPort = 7100;
constexpr std::uint16_t kFirstRpcPort = 8100;
constexpr std::uint64_t kTlsValidityMs = 365ULL * 24 * 60 * 60 * 1000;
constexpr std::uint64_t kClockSlackMs = 60ULL * 60 * 1000;
constexpr key_file::Cost kLightCost{.log2_n = 10};

std::filesystem::path validator_folder(const std::filesystem::path& folder, std::size_t index) {
    return folder / fmt::format("validator-{}", index);
}

/// Ports that are free now, held until all are chosen so that none is given twice.
class FreePorts {
public:
    ~FreePorts() {
        for (const int socket : held_) {
            close(socket);
        }
    }
    Result<std::uint16_t> take(std::uint16_t preferred) {
        for (const std::uint16_t wanted : {preferred, std::uint16_t{0}}) {
            const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (socket < 0) {
                break;
            }
            held_.push_back(socket);
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_port = htons(wanted);
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            socklen_t size = sizeof address;
            if (bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
                continue;
            }
            if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
                return ntohs(address.sin_port);
            }
        }
        return fail(Errc::preflight_failed, "port", "no TCP port is free on 127.0.0.1");
    }

private:
    std::vector<int> held_;
};

std::string random_passphrase() {
    ByteArray<24> random{};
    node::fill_random(random);
    return to_base64url(random);
}

Result<void> write_text(const std::filesystem::path& file, std::string_view text, bool secret = false) {
    return node::write_file(file, as_bytes(text), secret);
}

Result<void> write_member_keys(const std::filesystem::path& folder, const Consortium& consortium) {
    std::filesystem::create_directories(folder);
    const std::string passphrase = random_passphrase();
    PROBATUM_TRY(write_text(folder / "passphrase", passphrase + "\n", true));
    for (std::size_t i = 0; i < consortium.member_keys.size(); ++i) {
        const contracts::Member& member = consortium.genesis.members[i];
        PROBATUM_TRY(save_key(folder / (member.organisation + "." + member.id + ".key"), consortium.member_keys[i],
                              {.organisation = member.organisation, .name = member.id}, passphrase, kLightCost));
    }
    for (std::size_t i = 0; i < consortium.recovery_keys.size(); ++i) {
        const std::string name = fmt::format("recovery-{}", i + 1);
        PROBATUM_TRY(save_key(folder / (name + ".key"), consortium.recovery_keys[i], {.organisation = {}, .name = name},
                              passphrase, kLightCost));
    }
    return {};
}

node::Config config_of(const std::filesystem::path& folder, const node::Endpoint& listen, std::uint16_t rpc_port) {
    node::Config out;
    out.data_dir = folder / "data";
    out.genesis_file = folder.parent_path() / "genesis.cbor";
    out.identity_key_file = folder / "identity.key";
    out.identity_passphrase_file = folder / "passphrase";
    out.tls_certificate_file = folder / "tls.crt";
    out.tls_key_file = folder / "tls.key";
    out.tls_binding_file = folder / "tls.binding";
    out.listen = listen;
    out.rpc.listen = {"127.0.0.1", rpc_port};
    out.log.file = folder / "node.log";
    return out;
}

struct ValidatorIdentity {
    const std::string& organisation;
    std::size_t number;
    const SecretKey& key;
};

Result<void> write_validator(const node::Config& config, const ValidatorIdentity& identity, const Digest& chain_id,
                             UnixMs now) {
    const std::filesystem::path folder = config.identity_key_file.parent_path();
    std::filesystem::create_directories(folder);
    const std::string passphrase = random_passphrase();
    PROBATUM_TRY(write_text(config.identity_passphrase_file, passphrase + "\n", true));
    PROBATUM_TRY(save_key(config.identity_key_file, identity.key,
                          {.organisation = identity.organisation, .name = fmt::format("validator-{}", identity.number)},
                          passphrase, kLightCost));
    const node::Validity validity{.not_before = UnixMs{now.raw() - kClockSlackMs},
                                  .not_after = UnixMs{now.raw() + kTlsValidityMs}};
    PROBATUM_TRY(write_tls_files({config.tls_certificate_file, config.tls_key_file, config.tls_binding_file},
                                 identity.key, {.chain_id = chain_id, .organisation = identity.organisation},
                                 validity));
    return write_text(folder / "node.toml", node::render_config(config));
}

/// Those of genesis, with what each needs to be told of the others.
Result<std::string> write_validators(const std::filesystem::path& folder, const Consortium& consortium,
                                     const Digest& chain_id) {
    const auto& validators = consortium.genesis.validators;
    FreePorts ports;
    std::vector<node::Endpoint> peers;
    std::string list;
    for (std::size_t i = 0; i < validators.size(); ++i) {
        PROBATUM_LET(port, ports.take(static_cast<std::uint16_t>(kFirstPeerPort + i)));
        peers.push_back({"127.0.0.1", port});
        list += fmt::format("{} {} {}\n", i, validators[i].organisation, peers.back().to_string());
    }
    PROBATUM_TRY(write_text(folder / "peers.txt", list));
    std::string nodes;
    for (std::size_t i = 0; i < validators.size(); ++i) {
        PROBATUM_LET(port, ports.take(static_cast<std::uint16_t>(kFirstRpcPort + i)));
        node::Config config = config_of(validator_folder(folder, i), peers[i], port);
        for (std::size_t other = 0; other < peers.size(); ++other) {
            if (other != i) {
                config.peers.push_back(
                    {.organisation = {}, .index = static_cast<std::uint32_t>(other), .address = peers[other]});
            }
        }
        PROBATUM_TRY(write_validator(config, {validators[i].organisation, i, consortium.validator_keys[i]}, chain_id,
                                     consortium.genesis.time));
        nodes += fmt::format("http://127.0.0.1:{}\n", port);
    }
    return nodes;
}

std::string readme(const Consortium& consortium, const Digest& chain_id) {
    std::string out = fmt::format(
        "Probatum test net / 测试网\n\ngenesis digest / 创世摘要: {}\n\n"
        "nodes.txt     JSON-RPC addresses, one a line / JSON-RPC 地址，每行一个\n"
        "keys/         one identity for every role, opened by keys/passphrase / 各角色身份密钥，口令见 "
        "keys/passphrase\n"
        "validator-N/  one validator: node.toml, its keys, its data / 各验证节点：配置、密钥与数据\n\n"
        "  probatum testnet add --dir D              one more validator, to be let in / 增加一个待接纳的验证节点\n"
        "  probatum testnet up --dir D --detach      start / 启动\n  probatum testnet status --dir D           look / "
        "查看\n  probatum testnet down --dir D             stop / 停止\n\n"
        "These keys are for trying out only. / 以上密钥仅供试用。\n\n",
        to_hex(chain_id));
    for (const contracts::Member& member : consortium.genesis.members) {
        out += fmt::format("keys/{}.{}.key", member.organisation, member.id);
        for (const contracts::Role role : member.roles) {
            out += fmt::format("  {}", contracts::name(role));
        }
        out += '\n';
    }
    return out;
}

}  // namespace

bool is_test_net(const std::filesystem::path& folder) {
    std::error_code ignored;
    return std::filesystem::exists(folder / "genesis.digest", ignored);
}

Result<void> write_test_net(const std::filesystem::path& folder, std::size_t validators) {
    return write_test_net(folder, make_consortium(validators, node::wall_clock()));
}

Result<void> write_test_net(const std::filesystem::path& folder, const Consortium& consortium) {
    std::error_code problem;
    if (std::filesystem::exists(folder, problem) && !std::filesystem::is_empty(folder, problem)) {
        return fail(Errc::preflight_failed, folder.string(), "this folder is not empty and holds no whole test net");
    }
    std::filesystem::create_directories(folder, problem);
    if (problem) {
        return fail(Errc::preflight_failed, folder.string(), problem.message());
    }
    const Bytes genesis = contracts::encode(consortium.genesis);
    const Digest chain_id = contracts::chain_id_of(genesis);
    PROBATUM_TRY(node::write_file(folder / "genesis.cbor", genesis));
    PROBATUM_TRY(write_member_keys(folder / "keys", consortium));
    PROBATUM_LET(nodes, write_validators(folder, consortium, chain_id));
    PROBATUM_TRY(write_text(folder / "nodes.txt", nodes));
    PROBATUM_TRY(write_text(folder / "README.txt", readme(consortium, chain_id)));
    return write_text(folder / "genesis.digest", to_hex(chain_id) + "\n");
}

std::vector<std::filesystem::path> validator_folders(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    for (std::size_t i = 0;; ++i) {
        std::filesystem::path own = validator_folder(folder, i);
        if (!std::filesystem::is_directory(own)) {
            return out;
        }
        out.push_back(std::move(own));
    }
}

Result<TestNet> load_test_net(const std::filesystem::path& folder) {
    if (!is_test_net(folder)) {
        return fail(Errc::preflight_failed, folder.string(), "no test net was made here");
    }
    const auto named = [](const std::filesystem::path& file, Error error) {
        return fail(Errc::preflight_failed, file.string(), error.to_string());
    };
    auto bytes = node::read_file(folder / "genesis.cbor");
    if (!bytes) {
        return named(folder / "genesis.cbor", bytes.error());
    }
    auto genesis = contracts::decode_genesis(*bytes);
    if (!genesis) {
        return named(folder / "genesis.cbor", genesis.error());
    }
    auto written = node::read_file(folder / "genesis.digest");
    if (!written) {
        return named(folder / "genesis.digest", written.error());
    }
    TestNet out{.folder = folder,
                .genesis_digest = contracts::chain_id_of(*bytes),
                .quorum = genesis->validator_set().quorum(),
                .validators = {},
                .identities = {}};
    if (!as_text(*written).starts_with(to_hex(out.genesis_digest))) {
        return fail(Errc::preflight_failed, (folder / "genesis.cbor").string(), "does not match genesis.digest");
    }
    for (std::size_t i = 0; i < genesis->validators.size(); ++i) {
        const std::filesystem::path own = validator_folder(folder, i);
        auto config = node::load_config(own / "node.toml");
        if (!config) {
            return named(own / "node.toml", config.error());
        }
        out.validators.push_back({i, genesis->validators[i].organisation, own, *std::move(config)});
    }
    const auto folders = validator_folders(folder);
    for (std::size_t i = genesis->validators.size(); i < folders.size(); ++i) {
        auto config = node::load_config(folders[i] / "node.toml");
        if (!config) {
            return named(folders[i] / "node.toml", config.error());
        }
        PROBATUM_LET(key, node::read_file(config->identity_key_file));
        PROBATUM_LET(described, key_file::describe(key));
        out.validators.push_back({i, described.label.organisation, folders[i], *std::move(config)});
    }
    for (const contracts::Member& member : genesis->members) {
        out.identities.push_back({member.organisation, member.id, member.roles,
                                  folder / "keys" / (member.organisation + "." + member.id + ".key")});
    }
    return out;
}

Result<std::size_t> add_validator(const std::filesystem::path& folder, std::string organisation) {
    PROBATUM_LET(net, load_test_net(folder));
    PROBATUM_LET(genesis_bytes, node::read_file(folder / "genesis.cbor"));
    PROBATUM_LET(genesis, contracts::decode_genesis(genesis_bytes));
    if (organisation.empty()) {
        organisation = fmt::format("operator-{}", genesis.validators.size() + 1);
    }
    const auto operates = [&](const contracts::Member& member) {
        return member.organisation == organisation &&
               std::ranges::find(member.roles, contracts::Role::validator_operator) != member.roles.end();
    };
    if (std::ranges::none_of(genesis.members, operates)) {
        return fail(Errc::usage, "--organisation", organisation + ": has no validator operator in this test net");
    }
    const std::size_t number = net.validators.size();
    FreePorts ports;
    PROBATUM_LET(peer_port, ports.take(static_cast<std::uint16_t>(kFirstPeerPort + number)));
    PROBATUM_LET(rpc_port, ports.take(static_cast<std::uint16_t>(kFirstRpcPort + number)));
    node::Config config = config_of(validator_folder(folder, number), {"127.0.0.1", peer_port}, rpc_port);
    for (const TestNet::Validator& other : net.validators) {
        const bool founder = other.index < genesis.validators.size();
        config.peers.push_back(
            {.organisation = founder ? std::string{} : other.organisation,
             .index = founder ? std::optional{static_cast<std::uint32_t>(other.index)} : std::nullopt,
             .address = other.config.listen});
    }
    PROBATUM_TRY(write_validator(config, {organisation, number, make_key()}, net.genesis_digest, node::wall_clock()));
    PROBATUM_LET(before, node::read_file(folder / "nodes.txt"));
    PROBATUM_TRY(write_text(folder / "nodes.txt",
                            std::string{as_text(before)} + fmt::format("http://127.0.0.1:{}\n", rpc_port)));
    return number;
}

}  // namespace probatum::tools
