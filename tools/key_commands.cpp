#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "tools/commands.h"

namespace probatum::tools {

namespace {

struct NewOptions {
    std::filesystem::path out;
    std::optional<std::filesystem::path> passphrase_file;
    key_file::Label label;
};

Result<int> describe(Session& session, const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file));
    PROBATUM_LET(described, key_file::describe(bytes));
    const std::string key = to_hex(described.public_key.bytes());
    const std::string id = to_hex(described.public_key.id().digest);
    session.result({{"file", file.string()},
                    {"organisation", described.label.organisation},
                    {"name", described.label.name},
                    {"public_key", key},
                    {"key_id", id}},
                   fmt::format("{}: {}\n{}: {} / {}\n{}: {}\n{}: {}\n", session.say("file", "文件"), file.string(),
                               session.say("meant for", "用途"), described.label.organisation, described.label.name,
                               session.say("public key", "公钥"), key, session.say("key id", "密钥标识"), id));
    return kExitYes;
}

Result<int> make(Session& session, const NewOptions& options) {
    if (std::filesystem::exists(options.out)) {
        return fail(Errc::already_exists, options.out.string(), "a key is never written over");
    }
    PROBATUM_LET(passphrase, new_passphrase(session, options.passphrase_file));
    PROBATUM_TRY(save_key(options.out, make_key(), options.label, passphrase));
    return describe(session, options.out);
}

}  // namespace

void add_key_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group =
        commands.group(app, "key", "Secret keys, always encrypted on disk", "密钥（磁盘上始终加密）");

    auto options = std::make_shared<NewOptions>();
    CLI::App* const fresh =
        commands.add(*group, "new", "Make a secp256k1 key and write it encrypted", "生成 secp256k1 密钥并加密保存",
                     "probatum key new --out maker.key --organisation bank-a --name maker-1");
    fresh
        ->add_option("--out", options->out,
                     commands.say("The file to write; never written over", "输出文件；不覆盖已有文件"))
        ->required();
    fresh->add_option("--organisation", options->label.organisation,
                      commands.say("Whom the key is meant for", "所属机构"));
    fresh->add_option("--name", options->label.name, commands.say("Which member", "成员名"));
    fresh->add_option(
        "--passphrase-file", options->passphrase_file,
        commands.say("File that holds the passphrase (mode 0600); otherwise a systemd credential or a prompt",
                     "口令文件（权限 0600）；缺省为 systemd 凭据或终端输入"));
    fresh->callback(
        [&commands, options] { commands.chosen = [&commands, options] { return make(commands.session, *options); }; });

    auto file = std::make_shared<std::filesystem::path>();
    CLI::App* const show = commands.add(*group, "show", "What a key file says without its passphrase",
                                        "显示密钥文件的公开信息（无需口令）", "probatum key show maker.key");
    show->add_option("file", *file, commands.say("Key file", "密钥文件"))->required();
    show->callback(
        [&commands, file] { commands.chosen = [&commands, file] { return describe(commands.session, *file); }; });
}

}  // namespace probatum::tools
