#include "tools/network.h"

#include "base/text_encoding.h"
#include "node/machine.h"

namespace probatum::tools {

namespace {

constexpr std::string_view kDefaultNode = "http://127.0.0.1:8100";
constexpr std::size_t kMaxSmallFileBytes = 1U << 20U;

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string{text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1)};
}

Result<std::optional<Digest>> known_digest(const NetworkOptions& options) {
    if (!options.genesis_digest.empty()) {
        auto given = digest_from_hex(options.genesis_digest);
        if (!given) {
            return fail(Errc::usage, "--genesis-digest", "64 hexadecimal digits are needed");
        }
        return std::optional{*given};
    }
    const auto folder = options.key ? test_net_of(*options.key) : std::nullopt;
    if (!folder) {
        return std::optional<Digest>{};
    }
    PROBATUM_LET(text, node::read_file(*folder / "genesis.digest", kMaxSmallFileBytes));
    PROBATUM_LET(digest, digest_from_hex(trimmed(as_text(text))));
    return std::optional{digest};
}

std::string address_of(const NetworkOptions& options) {
    if (!options.node.empty()) {
        return options.node;
    }
    const auto folder = options.key ? test_net_of(*options.key) : std::nullopt;
    if (!folder) {
        return std::string{kDefaultNode};
    }
    const auto nodes = node::read_file(*folder / "nodes.txt", kMaxSmallFileBytes);
    if (!nodes) {
        return std::string{kDefaultNode};
    }
    const std::string_view text = as_text(*nodes);
    return trimmed(text.substr(0, text.find('\n')));
}

}  // namespace

std::optional<std::filesystem::path> test_net_of(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::path folder = std::filesystem::absolute(file, ignored).parent_path();
    for (int level = 0; level < 3 && !folder.empty(); ++level, folder = folder.parent_path()) {
        if (std::filesystem::exists(folder / "genesis.digest", ignored)) {
            return folder;
        }
    }
    return std::nullopt;
}

Result<rpc::Client> connect(const NetworkOptions& options) { return rpc::Client::make(address_of(options)); }

Result<Network> join(Session& session, const NetworkOptions& options) {
    PROBATUM_LET(known, known_digest(options));
    PROBATUM_LET(client, connect(options));
    PROBATUM_LET(answer, session.call(client, "chain.genesis"));
    if (!answer.is_object() || !answer.contains("cbor") || !answer["cbor"].is_string()) {
        return fail(Errc::malformed, "cbor", "the node gave no genesis");
    }
    PROBATUM_LET(bytes, from_hex(answer["cbor"].get_ref<const std::string&>()));
    const Digest found = contracts::chain_id_of(bytes);
    if (known && *known != found) {
        return fail(Errc::wrong_genesis, "genesis", "expected " + to_hex(*known) + ", the node has " + to_hex(found));
    }
    PROBATUM_LET(genesis, contracts::decode_genesis(bytes));
    if (!known) {
        session.note(std::string{session.say("warning: genesis digest not known beforehand; believing the node: ",
                                             "警告：事先未知创世摘要，暂信节点所述：")} +
                     to_hex(found));
    }
    return Network{std::move(client), std::move(bytes), std::move(genesis), found, known.has_value()};
}

}  // namespace probatum::tools
