#include "tools/testnet_layout.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "node/tls_binding.h"
#include "node/tls_identity.h"
#include "tools/keys.h"

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
    return {};
}

node::Config config_of(const std::filesystem::path& folder, std::size_t index, const std::vector<node::Endpoint>& peers,
                       std::uint16_t rpc_port) {
    node::Config out;
    out.data_dir = folder / "data";
    out.genesis_file = folder.parent_path() / "genesis.cbor";
    out.identity_key_file = folder / "identity.key";
    out.identity_passphrase_file = folder / "passphrase";
    out.tls_certificate_file = folder / "tls.crt";
    out.tls_key_file = folder / "tls.key";
    out.tls_binding_file = folder / "tls.binding";
    out.listen = peers[index];
    for (std::size_t i = 0; i < peers.size(); ++i) {
        if (i != index) {
            out.peers.push_back({.organisation = {}, .index = static_cast<std::uint32_t>(i), .address = peers[i]});
        }
    }
    out.rpc.listen = {"127.0.0.1", rpc_port};
    out.log.file = folder / "node.log";
    return out;
}

Result<void> write_validator(const node::Config& config, const Consortium& consortium, std::size_t index,
                             const Digest& chain_id) {
    const std::filesystem::path folder = config.identity_key_file.parent_path();
    std::filesystem::create_directories(folder);
    const std::string& organisation = consortium.genesis.validators[index].organisation;
    const SecretKey& identity = consortium.validator_keys[index];
    const std::string passphrase = random_passphrase();
    PROBATUM_TRY(write_text(config.identity_passphrase_file, passphrase + "\n", true));
    PROBATUM_TRY(save_key(config.identity_key_file, identity,
                          {.organisation = organisation, .name = "validator-" + std::to_string(index)}, passphrase,
                          kLightCost));
    const std::uint64_t now_ms = consortium.genesis.time.raw();
    const node::Validity validity{.not_before = UnixMs{now_ms - kClockSlackMs},
                                  .not_after = UnixMs{now_ms + kTlsValidityMs}};
    PROBATUM_LET(tls, node::make_tls_identity(organisation, validity));
    PROBATUM_TRY(write_text(config.tls_certificate_file, tls.certificate_pem));
    PROBATUM_TRY(write_text(config.tls_key_file, tls.private_key_pem, true));
    const Bytes binding = node::make_tls_binding(identity, {.chain_id = chain_id, .organisation = organisation},
                                                 {.key_digest = tls.key_digest, .validity = validity});
    PROBATUM_TRY(node::write_file(config.tls_binding_file, binding));
    return write_text(folder / "node.toml", node::render_config(config));
}

std::string readme(const Consortium& consortium, const Digest& chain_id) {
    std::string out = fmt::format(
        "Probatum test net / 测试网\n\ngenesis digest / 创世摘要: {}\n\n"
        "nodes.txt     JSON-RPC addresses, one a line / JSON-RPC 地址，每行一个\n"
        "keys/         one identity for every role, opened by keys/passphrase / 各角色身份密钥，口令见 "
        "keys/passphrase\n"
        "validator-N/  one validator: node.toml, its keys, its data / 各验证节点：配置、密钥与数据\n\n"
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
    const std::size_t validators = consortium.genesis.validators.size();
    const Bytes genesis = contracts::encode(consortium.genesis);
    const Digest chain_id = contracts::chain_id_of(genesis);
    PROBATUM_TRY(node::write_file(folder / "genesis.cbor", genesis));
    PROBATUM_TRY(write_member_keys(folder / "keys", consortium));
    FreePorts ports;
    std::vector<node::Endpoint> peers;
    for (std::size_t i = 0; i < validators; ++i) {
        PROBATUM_LET(port, ports.take(static_cast<std::uint16_t>(kFirstPeerPort + i)));
        peers.push_back({"127.0.0.1", port});
    }
    std::string nodes;
    for (std::size_t i = 0; i < validators; ++i) {
        PROBATUM_LET(port, ports.take(static_cast<std::uint16_t>(kFirstRpcPort + i)));
        PROBATUM_TRY(write_validator(config_of(validator_folder(folder, i), i, peers, port), consortium, i, chain_id));
        nodes += fmt::format("http://127.0.0.1:{}\n", port);
    }
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
    for (const contracts::Member& member : genesis->members) {
        out.identities.push_back({member.organisation, member.id, member.roles,
                                  folder / "keys" / (member.organisation + "." + member.id + ".key")});
    }
    return out;
}

}  // namespace probatum::tools
