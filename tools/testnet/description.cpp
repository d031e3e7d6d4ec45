#include "tools/testnet/description.h"

#include <nlohmann/json.hpp>

#include "base/text_encoding.h"
#include "node/machine.h"

namespace probatum::testnet {

namespace fs = std::filesystem;

bool exists(const fs::path& directory) {
    std::error_code ignored;
    return fs::exists(directory / kDescriptionFile, ignored);
}

std::string describe(const Testnet& net) {
    nlohmann::ordered_json out{{"format", 1}, {"genesis_digest", to_hex(net.genesis_digest)}, {"validators", nlohmann::ordered_json::array()}};
    for (const Node& node : net.nodes) {
        out["validators"].push_back({{"number", node.number}, {"organisation", node.organisation},
                                     {"peer_port", node.peer_port}, {"rpc_port", node.rpc_port}});
    }
    return out.dump(2) + "\n";
}

Result<Testnet> load(const fs::path& directory) {
    const fs::path root = fs::absolute(directory).lexically_normal();
    PROBATUM_LET(bytes, node::read_file(root / kDescriptionFile));
    const auto json = nlohmann::json::parse(as_text(bytes), nullptr, false);
    try {
        Testnet net{.directory = root, .genesis_digest = {}, .nodes = {}};
        PROBATUM_LET(digest, digest_from_hex(json.at("genesis_digest").get<std::string>()));
        net.genesis_digest = digest;
        for (const auto& item : json.at("validators")) {
            const auto number = item.at("number").get<unsigned>();
            const fs::path folder = root / ("validator-" + std::to_string(number));
            net.nodes.push_back({number, item.at("organisation").get<std::string>(), folder, folder / "node.toml",
                                 item.at("peer_port").get<std::uint16_t>(), item.at("rpc_port").get<std::uint16_t>()});
        }
        return net;
    } catch (const nlohmann::json::exception& broken) {
        return fail(Errc::unusable_input, (root / kDescriptionFile).string(), broken.what());
    }
}

}  // namespace probatum::testnet
