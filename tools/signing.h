#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "contracts/actions.h"
#include "tools/keys.h"
#include "tools/network.h"
#include "tools/session.h"

/// From an action to a receipt that was verified here. The node is trusted with nothing but passing the bytes on.
namespace probatum::tools {

struct SigningOptions {
    std::filesystem::path key;
    std::optional<std::filesystem::path> passphrase_file{};
    std::string node;
    std::string genesis_digest;
    std::string idempotency_key;  ///< 32 hexadecimal digits; fresh if empty.
    std::uint32_t wait_ms{30'000};
    bool yes{false};  ///< Do not ask.
};

/// The network and who signs on it.
struct Signer {
    Network network;
    SecretKey key;
    std::string organisation;
    contracts::Member member;
};

/// Opens the key and finds its member. unknown_key where genesis does not name it and the key file names no
/// organisation.
[[nodiscard]] Result<Signer> open_signer(Session& session, const SigningOptions& options);

/// Builds the transaction here, shows what is signed, asks, signs, submits, waits, verifies the receipt against genesis
/// and prints it. Gives the exit code: 0 accepted, 1 refused by a rule (recorded and proven all the same).
[[nodiscard]] Result<int> sign_and_submit(Session& session, const SigningOptions& options, Signer& signer,
                                          const contracts::Action& action);

/// Verifies the receipt in an answer of tx.submit or tx.get against the network's genesis, and gives it back with what
/// it shows (outcome, height, block, time) taken from the verified bytes. Where the validators have changed, the path
/// to those of its block is fetched and verified too. `expected` is the transaction's id.
[[nodiscard]] Result<rpc::Json> verified_receipt(Session& session, rpc::Json receipt, Network& network,
                                                 const Digest& expected);

/// The receipt for people, in the session's language.
[[nodiscard]] std::string receipt_text(const Session& session, const rpc::Json& receipt);

}  // namespace probatum::tools
