#include "tools/ceremony.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "base/key_file.h"
#include "base/text_encoding.h"
#include "node/machine.h"

namespace probatum::tools {

namespace {

template <class T>
Result<T> named(const std::filesystem::path& file, Result<T> result) {
    if (result) {
        return result;
    }
    return fail(Errc::preflight_failed, file.string(), result.error().to_string());
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> out;
    std::istringstream in{text};
    for (std::string part; std::getline(in, part, at);) {
        out.push_back(std::move(part));
    }
    return out;
}

}  // namespace

Result<contracts::Member> read_member(const std::string& organisation, const std::string& text) {
    const std::vector<std::string> parts = split(text, ':');
    if (parts.size() != 3) {
        return fail(Errc::usage, "--member", text + ": ID:KEYFILE:ROLE,ROLE is needed");
    }
    PROBATUM_LET(key, public_key_of(parts[1]));
    contracts::Member out{.organisation = organisation, .id = parts[0], .name = parts[0], .key = key, .roles = {}};
    for (const std::string& role : split(parts[2], ',')) {
        const auto known = contracts::role_from_name(role);
        if (!known) {
            return fail(Errc::usage, "--member", role + ": no such role; docs/spec/roles.md lists them");
        }
        out.roles.push_back(*known);
    }
    std::ranges::sort(out.roles);
    return out;
}

Result<contracts::GenesisPlan> read_plan(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file));
    return named(file, contracts::decode_genesis_plan(bytes));
}

Result<contracts::JoinRequest> read_join_request(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file, contracts::kMaxJoinRequestBytes));
    return named(file, contracts::open_join_request(bytes));
}

Result<PublicKey> public_key_of(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file));
    PROBATUM_LET(described, named(file, key_file::describe(bytes)));
    return described.public_key;
}

Result<Assembled> assemble(const std::filesystem::path& plan_file,
                           const std::vector<std::filesystem::path>& request_files) {
    PROBATUM_LET(plan, read_plan(plan_file));
    std::vector<contracts::JoinRequest> requests;
    for (const std::filesystem::path& file : request_files) {
        PROBATUM_LET(request, read_join_request(file));
        requests.push_back(std::move(request));
    }
    auto genesis = contracts::assemble_genesis(plan, requests);
    if (!genesis) {
        return fail(Errc::preflight_failed, genesis.error().field, genesis.error().to_string());
    }
    Assembled out{.genesis = contracts::encode(*genesis), .digest = {}, .peers = {}};
    out.digest = contracts::chain_id_of(out.genesis);
    for (std::size_t index = 0; index < genesis->validators.size(); ++index) {
        const std::string& organisation = genesis->validators[index].organisation;
        const auto request = std::ranges::find(
            requests, organisation, [](const auto& one) -> const std::string& { return one.organisation.id; });
        out.peers += fmt::format("{} {} {}\n", index, organisation, request->peer_address);
    }
    return out;
}

Result<std::vector<Peer>> read_peers(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file));
    std::vector<Peer> out;
    std::istringstream in{std::string{as_text(bytes)}};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        Peer peer;
        if (!(words >> peer.index >> peer.organisation >> peer.address)) {
            return fail(Errc::preflight_failed, file.string(), line + ": POSITION ORGANISATION HOST:PORT is needed");
        }
        out.push_back(std::move(peer));
    }
    return out;
}

Result<void> write_fresh(const std::filesystem::path& file, ByteView bytes) {
    std::error_code problem;
    if (std::filesystem::exists(file, problem)) {
        return fail(Errc::preflight_failed, file.string(), "is there already and is not written over");
    }
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path(), problem);
    }
    return node::write_file(file, bytes);
}

}  // namespace probatum::tools
