#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tools/session.h"
#include "tools/signing.h"

namespace CLI {
class App;
}

/// The commands of `probatum`, one function per group. Each adds its subcommands; the one that the arguments name puts
/// what is to be done into `chosen`, which gives the exit code.
namespace probatum::tools {

struct Commands {
    Session& session;
    std::function<Result<int>()> chosen{};

    [[nodiscard]] std::string say(std::string_view english, std::string_view chinese) const {
        return std::string{session.say(english, chinese)};
    }
    /// A command with its description and example, in the session's language.
    CLI::App* add(CLI::App& group, const std::string& name, std::string_view english, std::string_view chinese,
                  std::string_view example);
    CLI::App* group(CLI::App& app, const std::string& name, std::string_view english, std::string_view chinese);
    /// --node and --genesis-digest.
    void add_network(CLI::App& command, NetworkOptions& options);
    /// --key, --passphrase-file, --node, --genesis-digest, --idempotency-key, --wait-ms, --yes.
    void add_signing(CLI::App& command, SigningOptions& options);
};

void add_key_commands(CLI::App& app, Commands& commands);
void add_testnet_commands(CLI::App& app, Commands& commands);
void add_contract_commands(CLI::App& app, Commands& commands);
void add_contract_reading(CLI::App& group, Commands& commands);
void add_fund_commands(CLI::App& app, Commands& commands);
void add_claim_commands(CLI::App& app, Commands& commands);
void add_financing_commands(CLI::App& app, Commands& commands);
void add_scenario_command(CLI::App& app, Commands& commands);
void add_evidence_commands(CLI::App& app, Commands& commands);
void add_verify_command(CLI::App& app, Commands& commands);
void add_chain_commands(CLI::App& app, Commands& commands);
void add_transaction_commands(CLI::App& app, Commands& commands);
void add_governance_commands(CLI::App& app, Commands& commands);
void add_succession_commands(CLI::App& group, Commands& commands);
void add_validator_commands(CLI::App& app, Commands& commands);
void add_genesis_commands(CLI::App& app, Commands& commands);
void add_member_commands(CLI::App& app, Commands& commands);
void add_published_commands(CLI::App& app, Commands& commands);
void add_certificate_commands(CLI::App& app, Commands& commands);
void add_tls_commands(CLI::App& app, Commands& commands);
void add_doctor_command(CLI::App& app, Commands& commands);

}  // namespace probatum::tools
