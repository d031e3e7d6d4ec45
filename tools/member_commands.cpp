#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "contracts/possession.h"
#include "node/machine.h"
#include "rpc/registry_json.h"
#include "tools/commands.h"
#include "tools/plain_text.h"

namespace probatum::tools {

namespace {

using rpc::Json;

constexpr std::size_t kMaxRequestBytes = 16 * 1024;

struct MemberOptions {
    SigningOptions signing;
    std::string member;
    std::string name;
    std::vector<std::string> roles;
    std::optional<std::filesystem::path> request;  ///< What `member possession` wrote.
    std::optional<std::filesystem::path> new_key;
    std::optional<std::filesystem::path> new_passphrase_file;
};

struct PossessionOptions {
    NetworkOptions network;
    std::filesystem::path key;
    std::optional<std::filesystem::path> passphrase_file;
    std::string organisation;
    std::string member;
    std::filesystem::path out;
};

struct ReadOptions {
    NetworkOptions network;
    std::string organisation;
    std::string member;
};

/// A new key and the statement that it is held.
struct NewKey {
    PublicKey key;
    Bytes possession;
};

Result<NewKey> read_request(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file, kMaxRequestBytes));
    PROBATUM_LET(json, rpc::parse_json(as_text(bytes)));
    rpc::Params given{std::move(json), file.string()};
    given.text("organisation");
    given.text("member");
    const Bytes key_bytes = given.bytes("key");
    Bytes possession = given.bytes("possession");
    PROBATUM_TRY(given.finish());
    PROBATUM_LET(key, PublicKey::from_bytes(key_bytes));
    return NewKey{key, std::move(possession)};
}

Result<NewKey> new_key_of(Session& session, const MemberOptions& options, const Signer& signer,
                          const std::string& member) {
    if (options.request) {
        return read_request(*options.request);
    }
    if (!options.new_key) {
        return fail(Errc::usage, "--new-key", "or --request with what `probatum member possession` wrote");
    }
    PROBATUM_LET(opened, open_key(session, *options.new_key, options.new_passphrase_file));
    return NewKey{opened.key.public_key(),
                  contracts::make_possession(opened.key, {signer.network.chain_id, signer.organisation, member})};
}

Result<std::vector<contracts::Role>> roles_of(const MemberOptions& options) {
    std::vector<contracts::Role> out;
    for (const std::string& text : options.roles) {
        PROBATUM_LET(role, contracts::role_from_name(text));
        out.push_back(role);
    }
    std::ranges::sort(out);
    return out;
}

Result<int> possess(Session& session, const PossessionOptions& options) {
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    PROBATUM_LET(network, join(session, options.network));
    const Bytes statement =
        contracts::make_possession(opened.key, {network.chain_id, options.organisation, options.member});
    const Json out{{"organisation", options.organisation},
                   {"member", options.member},
                   {"key", to_hex(opened.key.public_key().bytes())},
                   {"possession", to_hex(statement)}};
    PROBATUM_TRY(node::write_file(options.out, to_bytes(as_bytes(out.dump(2) + "\n"))));
    session.result(
        out, fmt::format("{}: {}\n",
                         session.say("hand this to a governor of the organisation", "请将此文件交给本机构治理代表"),
                         options.out.string()));
    return kExitYes;
}

Result<int> submit(Session& session, const MemberOptions& options, Signer& signer, contracts::ActionBody body) {
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = std::move(body), .side = {}});
}

Result<int> add(Session& session, const MemberOptions& options) {
    PROBATUM_LET(roles, roles_of(options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(fresh, new_key_of(session, options, signer, options.member));
    return submit(session, options, signer,
                  contracts::AddMemberBody{options.member, options.name, fresh.key, std::move(roles),
                                           std::move(fresh.possession)});
}

Result<int> set_roles(Session& session, const MemberOptions& options) {
    PROBATUM_LET(roles, roles_of(options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    return submit(session, options, signer, contracts::SetRolesBody{options.member, std::move(roles)});
}

Result<int> remove(Session& session, const MemberOptions& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    return submit(session, options, signer, contracts::RemoveMemberBody{options.member});
}

Result<int> rotate(Session& session, const MemberOptions& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    const std::string own = signer.member.id;
    const std::string& member = options.member.empty() ? own : options.member;
    PROBATUM_LET(fresh, new_key_of(session, options, signer, member));
    contracts::RotateMemberBody body{fresh.key, std::move(fresh.possession)};
    if (!options.member.empty() && options.member != own) {
        body.member = options.member;
    }
    return submit(session, options, signer, std::move(body));
}

/// Shows what a method of the node answers.
Result<int> show(Session& session, const ReadOptions& options, std::string_view method) {
    PROBATUM_LET(client, connect(options.network));
    Json query = Json::object();
    if (!options.organisation.empty()) {
        query["organisation"] = options.organisation;
    }
    if (!options.member.empty()) {
        query["member"] = options.member;
    }
    PROBATUM_LET(answer, session.call(client, method, query));
    session.result(answer, plain_text(answer));
    return kExitYes;
}

using MemberPtr = std::shared_ptr<MemberOptions>;
using Act = Result<int> (*)(Session&, const MemberOptions&);

CLI::App* finish(CLI::App* command, Commands& commands, const MemberPtr& options, Act act) {
    commands.add_signing(*command, options->signing);
    command->callback([&commands, options, act] {
        commands.chosen = [&commands, options, act] { return act(commands.session, *options); };
    });
    return command;
}

void add_role_option(CLI::App& command, Commands& commands, std::vector<std::string>& roles) {
    command
        .add_option("--role", roles,
                    commands.say("By name, all of them: lender-maker, borrower ...", "角色名称，须全部列出"))
        ->required();
}

void add_new_key_options(CLI::App& command, Commands& commands, const MemberPtr& options) {
    command.add_option("--new-key", options->new_key, commands.say("File of the new key", "新密钥文件"));
    command.add_option("--new-passphrase-file", options->new_passphrase_file,
                       commands.say("Passphrase of the new key", "新密钥口令文件"));
    command.add_option("--request", options->request,
                       commands.say("What `probatum member possession` wrote, where the key is another's",
                                    "`probatum member possession` 生成的文件（密钥由他人持有时）"));
}

void add_changes(CLI::App& group, Commands& commands) {
    const auto member = [&](CLI::App* command, const MemberPtr& options) {
        command->add_option("member", options->member, commands.say("Its id", "成员标识"))->required();
    };
    const auto adding = std::make_shared<MemberOptions>();
    CLI::App* const adds = commands.add(
        group, "add", "Take in a member of one's own organisation; by a governor", "增加本机构成员（由治理代表签署）",
        "probatum member add maker-9 --name \"Li Lei\" --role lender-maker --request maker-9.json --key governor.key");
    member(adds, adding);
    adds->add_option("--name", adding->name, commands.say("Name of the person or system", "人员或系统名称"))
        ->required();
    add_role_option(*adds, commands, adding->roles);
    add_new_key_options(*adds, commands, adding);
    finish(adds, commands, adding, add);

    const auto granting = std::make_shared<MemberOptions>();
    CLI::App* const grants =
        commands.add(group, "roles", "Set the roles of a member; by a governor", "设置成员角色（由治理代表签署）",
                     "probatum member roles maker-9 --role lender-checker --key governor.key");
    member(grants, granting);
    add_role_option(*grants, commands, granting->roles);
    finish(grants, commands, granting, set_roles);

    const auto removing = std::make_shared<MemberOptions>();
    CLI::App* const removes =
        commands.add(group, "remove", "Remove a member: its key is revoked; by a governor",
                     "移除成员并吊销其密钥（由治理代表签署）", "probatum member remove maker-9 --key governor.key");
    member(removes, removing);
    finish(removes, commands, removing, remove);

    const auto rotating = std::make_shared<MemberOptions>();
    CLI::App* const rotates = commands.add(
        group, "rotate", "Change one's own key, or, as a governor, the key that a member has lost",
        "更换本人密钥；治理代表可为遗失密钥的成员更换", "probatum member rotate --new-key maker-2.key --key maker.key");
    rotates->add_option("--member", rotating->member,
                        commands.say("Whose key; one's own if not given", "为哪位成员；缺省为本人"));
    add_new_key_options(*rotates, commands, rotating);
    finish(rotates, commands, rotating, rotate);
}

void add_possession(CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<PossessionOptions>();
    CLI::App* const command = commands.add(
        group, "possession", "Let a new key sign that it is held; a governor registers it",
        "由新密钥签署持有声明，供治理代表登记",
        "probatum member possession --new-key maker-9.key --organisation bank-a --member maker-9 --out maker-9.json");
    command->add_option("--new-key", options->key, commands.say("File of the new key", "新密钥文件"))->required();
    command->add_option("--passphrase-file", options->passphrase_file, commands.say("Its passphrase", "口令文件"));
    command->add_option("--organisation", options->organisation, commands.say("Its id", "机构标识"))->required();
    command->add_option("--member", options->member, commands.say("Its id", "成员标识"))->required();
    command->add_option("--out", options->out, commands.say("The file to write", "输出文件"))->required();
    commands.add_network(*command, options->network);
    command->callback([&commands, options] {
        commands.chosen = [&commands, options] { return possess(commands.session, *options); };
    });
}

struct Reading {
    const char* name;
    std::string_view english;
    std::string_view chinese;
    std::string_view example;
    std::string_view method;
    int names;  ///< 0 none, 1 organisation, 2 organisation and member.
};

void add_reading(CLI::App& group, Commands& commands, const Reading& reading) {
    const auto options = std::make_shared<ReadOptions>();
    CLI::App* const command = commands.add(group, reading.name, reading.english, reading.chinese, reading.example);
    if (reading.names > 0) {
        command->add_option("organisation", options->organisation, commands.say("Its id", "机构标识"))->required();
    }
    if (reading.names > 1) {
        command->add_option("member", options->member, commands.say("Its id", "成员标识"))->required();
    }
    commands.add_network(*command, options->network);
    command->callback([&commands, options, method = reading.method] {
        commands.chosen = [&commands, options, method] { return show(commands.session, *options, method); };
    });
}

}  // namespace

void add_member_commands(CLI::App& app, Commands& commands) {
    CLI::App* const members =
        commands.group(app, "member", "Members of an organisation and their keys", "机构成员与密钥");
    add_possession(*members, commands);
    add_changes(*members, commands);
    add_reading(*members, commands,
                {"list", "The members of an organisation with all their keys", "机构成员及其历次密钥",
                 "probatum member list bank-a", "identity.members", 1});
    add_reading(*members, commands,
                {"show", "One member with all its keys", "单个成员及其历次密钥", "probatum member show bank-a maker-1",
                 "identity.member", 2});

    CLI::App* const organisations = commands.group(app, "org", "Organisations of the consortium", "联盟机构");
    add_reading(*organisations, commands,
                {"list", "The organisations, the latest to join first", "机构列表，由新到旧", "probatum org list",
                 "identity.organisations", 0});
    add_reading(*organisations, commands,
                {"show", "One organisation: active, frozen or gone", "单个机构：正常、冻结或已退出",
                 "probatum org show bank-a", "identity.organisation", 1});
}

}  // namespace probatum::tools
