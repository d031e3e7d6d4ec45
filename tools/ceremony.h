#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "contracts/genesis_approval.h"
#include "tools/session.h"

/// The steps of a ceremony over files. Each either writes all it promises or nothing. docs/operators.md walks through.
namespace probatum::tools {

/// "maker-1:maker-1.key:lender-maker,lender-checker": id, key file (no passphrase is needed), roles.
[[nodiscard]] Result<contracts::Member> read_member(const std::string& organisation, const std::string& text);

[[nodiscard]] Result<contracts::GenesisPlan> read_plan(const std::filesystem::path& file);
/// Errors name the file.
[[nodiscard]] Result<contracts::JoinRequest> read_join_request(const std::filesystem::path& file);

/// The public key that a key file says it holds.
[[nodiscard]] Result<PublicKey> public_key_of(const std::filesystem::path& key_file);

struct Assembled {
    Bytes genesis;
    Digest digest;
    std::string peers;  ///< One line per validator: position, organisation, address.
};
[[nodiscard]] Result<Assembled> assemble(const std::filesystem::path& plan,
                                         const std::vector<std::filesystem::path>& requests);

/// A line of the peers file.
struct Peer {
    std::uint32_t index{0};
    std::string organisation;
    std::string address;
};
[[nodiscard]] Result<std::vector<Peer>> read_peers(const std::filesystem::path& file);

/// preflight_failed where something stands there already: nothing of a ceremony is ever written over.
[[nodiscard]] Result<void> write_fresh(const std::filesystem::path& file, ByteView bytes);

}  // namespace probatum::tools
