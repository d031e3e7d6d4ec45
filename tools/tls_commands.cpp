#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "node/config.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/tls_files.h"

namespace probatum::tools {

namespace {

struct RenewOptions {
    std::filesystem::path config;
    std::uint32_t days{365};
    std::uint32_t seconds{0};  ///< Above 0: in place of the days.
};

/// A new TLS key under the same identity: no vote, nobody else is asked.
Result<int> renew(Session& session, const RenewOptions& options) {
    PROBATUM_LET(config, node::load_config(options.config));
    if (config.mode != node::Mode::validator) {
        return fail(Errc::usage, "--config", "an observer has no binding: replace its certificate as you like");
    }
    PROBATUM_LET(genesis, node::read_file(config.genesis_file));
    std::optional<std::filesystem::path> passphrase_file;
    if (!config.identity_passphrase_file.empty()) {
        passphrase_file = config.identity_passphrase_file;
    }
    PROBATUM_LET(identity, open_key(session, config.identity_key_file, passphrase_file));
    const std::uint64_t now_ms = node::wall_clock().raw();
    node::Validity validity = tls_validity(UnixMs{now_ms}, options.days);
    if (options.seconds > 0) {
        validity.not_after = UnixMs{now_ms + std::uint64_t{1000} * options.seconds};
    }
    PROBATUM_TRY(write_tls_files({config.tls_certificate_file, config.tls_key_file, config.tls_binding_file},
                                 identity.key, {contracts::chain_id_of(genesis), identity.label.organisation},
                                 validity));
    const std::string until = to_rfc3339(validity.not_after);
    session.result(
        {{"certificate", config.tls_certificate_file.string()},
         {"binding", config.tls_binding_file.string()},
         {"not_after", until}},
        fmt::format("{} {}\n{}\n",
                    session.say("TLS key and binding are new, valid until", "TLS 密钥与绑定已更新，有效期至"), until,
                    session.say("The validator uses them from its next start.", "验证节点下次启动时启用。")));
    return kExitYes;
}

}  // namespace

void add_tls_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "tls", "The TLS key of a validator", "验证节点的 TLS 密钥");
    const auto options = std::make_shared<RenewOptions>();
    CLI::App* const renews =
        commands.add(*group, "renew", "Make a new TLS key and bind it to the same identity: no vote is needed",
                     "生成新的 TLS 密钥并绑定同一身份（无需表决）", "probatum tls renew --config node.toml");
    renews->add_option("--config", options->config, commands.say("The validator's configuration", "验证节点配置文件"))
        ->required();
    renews->add_option("--days", options->days, commands.say("How long it shall be valid", "有效天数"))
        ->capture_default_str()
        ->check(CLI::Range(1, 825));
    renews->add_option("--seconds", options->seconds,
                       commands.say("In place of days, for keys that live shortly", "以秒计的有效期，用于短期密钥"));
    renews->callback(
        [&commands, options] { commands.chosen = [&commands, options] { return renew(commands.session, *options); }; });
}

}  // namespace probatum::tools
