#include "tools/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "tools/commands.h"
#include "tools/schedule_commands.h"

namespace probatum::tools {

namespace {

constexpr std::string_view kVersion = "0.1.0";

/// --lang decides the language of the help, so it is looked for before the options are made.
std::optional<Language> language_named(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string value;
        if (arguments[i] == "--lang" && i + 1 < arguments.size()) {
            value = arguments[i + 1];
        }
        if (arguments[i].starts_with("--lang=")) {
            value = arguments[i].substr(7);
        }
        if (value == "zh") {
            return Language::chinese;
        }
        if (value == "en") {
            return Language::english;
        }
    }
    return std::nullopt;
}

struct GlobalOptions {
    std::string language;
};

void build(CLI::App& app, Commands& commands, GlobalOptions& options) {
    app.description(commands.say(
        "Probatum: evidence of financing contracts, proven offline\n\nExit codes: 0 yes, 1 no, 2 could not be done.",
        "Probatum：融资合同存证，可离线验证\n\n退出码：0 是，1 否，2 无法完成。"));
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", std::string{"probatum "} + std::string{kVersion});
    app.add_flag("--json", commands.session.json, commands.say("Results and errors as JSON", "以 JSON 输出结果与错误"));
    app.add_option("--lang", options.language,
                   commands.say("zh or en; otherwise the locale's", "zh 或 en；缺省随系统区域设置"))
        ->check(CLI::IsMember({"zh", "en"}));
    add_key_commands(app, commands);
    add_testnet_commands(app, commands);
    add_contract_commands(app, commands);
    add_fund_commands(app, commands);
    add_claim_commands(app, commands);
    add_financing_commands(app, commands);
    add_evidence_commands(app, commands);
    add_verify_command(app, commands);
    add_schedule_commands(app, commands);
    add_scenario_command(app, commands);
    add_transaction_commands(app, commands);
    add_chain_commands(app, commands);
    add_governance_commands(app, commands);
    add_member_commands(app, commands);
    add_certificate_commands(app, commands);
    add_published_commands(app, commands);
    add_validator_commands(app, commands);
    add_genesis_commands(app, commands);
    add_tls_commands(app, commands);
    add_doctor_command(app, commands);
}

/// CLI11 appends an app's own name to what it is told stands before it.
void write_help(CLI::App& app, const std::string& before, std::string& out) {
    const std::string name = before.empty() ? app.get_name() : before + " " + app.get_name();
    out += "## " + name + "\n\n```\n" + app.help(before) + "```\n\n";
    for (CLI::App* const command : app.get_subcommands([](CLI::App*) { return true; })) {
        write_help(*command, name, out);
    }
}

}  // namespace

CLI::App* Commands::group(CLI::App& app, const std::string& name, std::string_view english, std::string_view chinese) {
    CLI::App* const out = app.add_subcommand(name, say(english, chinese));
    out->require_subcommand(1);
    out->fallthrough();
    return out;
}

CLI::App* Commands::add(CLI::App& group, const std::string& name, std::string_view english, std::string_view chinese,
                        std::string_view example) {
    CLI::App* const out = group.add_subcommand(name, say(english, chinese));
    out->footer("\n" + say("Example:", "示例：") + "\n  " + std::string{example});
    out->fallthrough();
    return out;
}

void Commands::add_network(CLI::App& command, NetworkOptions& options) {
    command.add_option("--node", options.node,
                       say("The node's address, http://host:port", "节点地址，http://主机:端口"));
    command.add_option("--genesis-digest", options.genesis_digest,
                       say("SHA-256 of genesis, known beforehand", "事先获知的创世摘要（SHA-256）"));
}

void Commands::add_signing(CLI::App& command, SigningOptions& options) {
    command.add_option("--key", options.key, say("Key file of the signer", "签名人的密钥文件"))->required();
    command.add_option("--passphrase-file", options.passphrase_file,
                       say("File that holds the passphrase (mode 0600); otherwise a systemd credential, a file "
                           "`passphrase` beside the key, or a prompt",
                           "口令文件（权限 0600）；缺省依次为 systemd 凭据、密钥旁的 passphrase 文件、终端输入"));
    command.add_option("--node", options.node,
                       say("The node's address, http://host:port; otherwise the key's test net",
                           "节点地址，http://主机:端口；缺省为密钥所属测试网"));
    command.add_option("--genesis-digest", options.genesis_digest,
                       say("SHA-256 of genesis, known beforehand; otherwise the key's test net",
                           "事先获知的创世摘要；缺省取自密钥所属测试网"));
    command.add_option("--idempotency-key", options.idempotency_key,
                       say("32 hexadecimal digits; fresh if not given", "32 位十六进制；缺省随机生成"));
    command.add_option("--wait-ms", options.wait_ms, say("How long to wait for finality", "等待最终确认的毫秒数"))
        ->capture_default_str();
    command.add_flag("-y,--yes", options.yes, say("Sign without asking", "不经询问直接签名"));
}

int run(std::vector<std::string> arguments, Session::Streams streams) {
    Session session{streams};
    session.language = language_named(arguments).value_or(language_of_locale());
    session.json = std::ranges::find(arguments, "--json") != arguments.end();
    Commands commands{session};
    GlobalOptions options;
    CLI::App app{"", "probatum"};
    try {
        build(app, commands, options);
        std::ranges::reverse(arguments);  // CLI11 takes them from the back
        app.parse(arguments);
        auto code = commands.chosen();
        return code ? *code : session.report(code.error());
    } catch (const CLI::Success& asked) {
        app.exit(asked, streams.out, streams.err);
        return kExitYes;
    } catch (const CLI::ParseError& problem) {
        return session.report({Errc::usage, {}, problem.what()});
    } catch (const std::exception& problem) {
        return session.report({Errc::internal, {}, problem.what()});
    }
}

std::string manual(Language language) {
    std::string out;
    std::ostream nowhere{nullptr};
    Session session{{nowhere, nowhere}};
    session.language = language;
    Commands commands{session};
    GlobalOptions options;
    CLI::App app{"", "probatum"};
    build(app, commands, options);
    write_help(app, {}, out);
    return out;
}

}  // namespace probatum::tools
