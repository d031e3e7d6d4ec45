#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/civil_time.h"
#include "base/text_encoding.h"
#include "node/config.h"
#include "node/machine.h"
#include "node/tls_identity.h"
#include "tools/ceremony.h"
#include "tools/commands.h"
#include "tools/tls_files.h"

namespace probatum::tools {

namespace {

using rpc::Json;
using Path = std::filesystem::path;

struct CeremonyOptions {
    std::string chain_name;
    std::uint32_t threshold{0};
    std::uint32_t recovery_threshold{0};
    Path out;
    Path plan;
    contracts::Organisation organisation;
    Path key;
    std::optional<Path> passphrase_file;
    std::string peer_address;
    std::vector<std::string> members;
    std::vector<Path> recovery_keys;
    bool no_validator{false};
    bool no_vote{false};
    std::vector<Path> requests;
    Path genesis;
    Path request;
    bool yes{false};
    Path peers;
    std::vector<std::string> later_peers;
    bool observer{false};
    std::string listen;
    std::string rpc{"127.0.0.1:8100"};
};
using Options = std::shared_ptr<CeremonyOptions>;

Result<int> new_plan(Session& session, const CeremonyOptions& options) {
    contracts::GenesisPlan plan;
    plan.chain_name = options.chain_name;
    plan.time = node::wall_clock();
    plan.threshold = options.threshold;
    plan.recovery_threshold = options.recovery_threshold;
    const Bytes bytes = contracts::encode(plan);
    PROBATUM_TRY(contracts::decode_genesis_plan(bytes));
    PROBATUM_TRY(write_fresh(options.out, bytes));
    const std::string digest = to_hex(sha256(bytes));
    session.result({{"plan", options.out.string()}, {"digest", digest}},
                   fmt::format("{}: {}\n{}: {}\n", session.say("plan", "计划"), options.out.string(),
                               session.say("its digest, to compare with the others", "摘要（供各方核对）"), digest));
    return kExitYes;
}

Result<int> join_request(Session& session, const CeremonyOptions& options) {
    if (const std::size_t length = options.organisation.id.size(); length == 0 || length > 64) {
        return fail(Errc::malformed, "organisation", "1 to 64 of a-z, 0-9, '.' and '-'");
    }
    PROBATUM_LET(plan, read_plan(options.plan));
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    contracts::JoinRequest request{.plan = sha256(contracts::encode(plan)),
                                   .organisation = options.organisation,
                                   .members = {},
                                   .key = opened.key.public_key()};
    request.runs_validator = !options.no_validator;
    request.elector = !options.no_vote;
    if (request.runs_validator) {
        PROBATUM_LET(address, node::parse_endpoint(options.peer_address));
        request.peer_address = address.to_string();
    }
    for (const std::string& text : options.members) {
        PROBATUM_LET(member, read_member(options.organisation.id, text));
        request.members.push_back(std::move(member));
    }
    for (const Path& file : options.recovery_keys) {
        PROBATUM_LET(key, public_key_of(file));
        request.recovery_keys.push_back(key);
    }
    const Bytes statement = contracts::sign_join_request(opened.key, request);
    PROBATUM_TRY(contracts::open_join_request(statement));
    PROBATUM_TRY(write_fresh(options.out, statement));
    session.result({{"request", options.out.string()}, {"organisation", request.organisation.id}},
                   fmt::format("{} {}\n", session.say("send this to whoever assembles:", "请将此文件交给汇总方："),
                               options.out.string()));
    return kExitYes;
}

Result<int> assemble_all(Session& session, const CeremonyOptions& options) {
    PROBATUM_LET(made, assemble(options.plan, options.requests));
    // The digest last: it marks the folder as whole.
    PROBATUM_TRY(write_fresh(options.out / "genesis.cbor", made.genesis));
    PROBATUM_TRY(write_fresh(options.out / "peers.txt", as_bytes(made.peers)));
    PROBATUM_TRY(write_fresh(options.out / "genesis.digest", as_bytes(to_hex(made.digest) + "\n")));
    session.result(
        {{"folder", options.out.string()}, {"genesis_digest", to_hex(made.digest)}},
        fmt::format("{}: {}\n{}", session.say("genesis digest", "创世摘要"), to_hex(made.digest), made.peers));
    return kExitYes;
}

std::string describe(const Session& session, const contracts::Genesis& genesis, const Digest& digest) {
    std::string out = fmt::format("{}: {}\n{}: {}  {}\n", session.say("genesis digest", "创世摘要"), to_hex(digest),
                                  session.say("network", "网络"), genesis.chain_name, to_rfc3339(genesis.time));
    for (const ledger::Validator& validator : genesis.validators) {
        out += fmt::format("  {} {}  {}\n", session.say("validator", "验证节点"), validator.organisation,
                           to_hex(validator.key.bytes()));
    }
    for (const contracts::Member& member : genesis.members) {
        out += fmt::format("  {} {}/{}", session.say("member", "成员"), member.organisation, member.id);
        for (const contracts::Role role : member.roles) {
            out += fmt::format("  {}", contracts::name(role));
        }
        out += '\n';
    }
    if (genesis.governance) {
        out += fmt::format("  {} {}/{}\n", session.say("votes that enact a change", "生效所需票数"),
                           genesis.governance->threshold, genesis.governance->electors.size());
    }
    out += fmt::format("  {} {}/{}\n", session.say("recovery authorities", "恢复机构"), genesis.recovery_threshold,
                       genesis.recovery_authorities.size());
    return out;
}

Result<int> approve(Session& session, const CeremonyOptions& options) {
    PROBATUM_LET(bytes, node::read_file(options.genesis));
    PROBATUM_LET(genesis, contracts::decode_genesis(bytes));
    PROBATUM_LET(own, read_join_request(options.request));
    PROBATUM_TRY(contracts::check_own_part(genesis, own));
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    if (opened.key.public_key() != own.key) {
        return fail(Errc::unknown_key, options.key.string(), "another key than the one that signed the join request");
    }
    const Digest digest = contracts::chain_id_of(bytes);
    session.note(describe(session, genesis, digest));
    if (!options.yes && session.interactive() && !session.confirm(session.say("Approve this?", "确认批准？"))) {
        return fail(Errc::usage, "", "not approved");
    }
    PROBATUM_TRY(write_fresh(options.out, contracts::make_approval(opened.key, digest, own.organisation.id)));
    session.result({{"approval", options.out.string()}, {"genesis_digest", to_hex(digest)}},
                   fmt::format("{} {}\n{} {}\n", session.say("approved", "已批准"), to_hex(digest),
                               session.say("give this to every other organisation:", "请将此文件交给其他各机构："),
                               options.out.string()));
    return kExitYes;
}

/// Who is being configured: a validator of genesis, one that joins later, or an observer.
struct Newcomer {
    std::optional<key_file::Opened> identity;       ///< None: an observer.
    std::optional<ledger::ValidatorIndex> founder;  ///< Position in genesis.
    std::string organisation;
};

Result<Newcomer> who_is(Session& session, const CeremonyOptions& options, const contracts::Genesis& genesis) {
    if (options.observer) {
        return Newcomer{{}, {}, "observer"};
    }
    if (options.key.empty()) {
        return fail(Errc::usage, "--key", "the validator's identity key, or --observer");
    }
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    const ledger::ValidatorSet set = genesis.validator_set();
    const auto founder = set.index_of(opened.key.public_key().id());
    std::string organisation = founder ? set.at(*founder).organisation : opened.label.organisation;
    if (std::ranges::find(genesis.organisations, organisation, &contracts::Organisation::id) ==
        genesis.organisations.end()) {
        return fail(Errc::preflight_failed, options.key.string(),
                    "this key is no validator of genesis, and its organisation is none either: " + organisation);
    }
    return Newcomer{std::move(opened), founder, std::move(organisation)};
}

/// The addresses of the others: those of genesis from the list, later ones as given.
Result<void> add_peers(const CeremonyOptions& options, const contracts::Genesis& genesis, const Newcomer& who,
                       node::Config& config) {
    PROBATUM_LET(peers, read_peers(options.peers));
    const ledger::ValidatorSet set = genesis.validator_set();
    if (peers.size() != set.size()) {
        return fail(Errc::preflight_failed, options.peers.string(), "one line for each validator of genesis is needed");
    }
    for (const Peer& peer : peers) {
        if (peer.index >= set.size() || set.at(peer.index).organisation != peer.organisation) {
            return fail(Errc::preflight_failed, options.peers.string(),
                        peer.organisation + ": not the validator of genesis at this position");
        }
        PROBATUM_LET(address, node::parse_endpoint(peer.address));
        if (who.founder == peer.index) {
            config.listen = address;
        } else if (address.to_string() != options.listen) {  // under a new key where its organisation had one before
            config.peers.push_back({.organisation = {}, .index = peer.index, .address = address});
        }
    }
    for (const std::string& text : options.later_peers) {
        const auto split = text.find('=');
        const auto address = node::parse_endpoint(split == std::string::npos ? "" : text.substr(split + 1));
        if (!address) {
            return fail(Errc::usage, "--peer", text + ": ORGANISATION=HOST:PORT");
        }
        config.peers.push_back({.organisation = text.substr(0, split), .index = {}, .address = *address});
    }
    return {};
}

Result<void> write_tls(const node::Config& config, const Newcomer& who, const Digest& chain_id) {
    const node::Validity validity = tls_validity(node::wall_clock(), 365);
    if (who.identity) {
        return write_tls_files({config.tls_certificate_file, config.tls_key_file, config.tls_binding_file},
                               who.identity->key, {chain_id, who.organisation}, validity);
    }
    PROBATUM_LET(tls, node::make_tls_identity(who.organisation, validity));
    PROBATUM_TRY(node::write_file(config.tls_key_file, as_bytes(tls.private_key_pem), true));
    return node::write_file(config.tls_certificate_file, as_bytes(tls.certificate_pem));
}

/// A whole node from its own keys and what all have agreed: TLS, binding, configuration.
Result<int> configure(Session& session, const CeremonyOptions& options) {
    PROBATUM_LET(bytes, node::read_file(options.genesis));
    PROBATUM_LET(genesis, contracts::decode_genesis(bytes));
    PROBATUM_LET(who, who_is(session, options, genesis));
    // The configuration reads relative paths from its own folder, the command line from the present one.
    const Path out = std::filesystem::absolute(options.out);
    node::Config config;
    config.mode = options.observer ? node::Mode::observer : node::Mode::validator;
    config.data_dir = out / "data";
    config.genesis_file = std::filesystem::absolute(options.genesis);
    config.tls_certificate_file = out / "tls.crt";
    config.tls_key_file = out / "tls.key";
    config.log.file = out / "node.log";
    if (who.identity) {
        const Path key = std::filesystem::absolute(options.key);
        config.identity_key_file = key;
        config.identity_passphrase_file =
            std::filesystem::absolute(options.passphrase_file.value_or(key.parent_path() / "passphrase"));
        config.tls_binding_file = out / "tls.binding";
    }
    config.listen.port = 0;
    PROBATUM_TRY(add_peers(options, genesis, who, config));
    if (!options.listen.empty()) {
        PROBATUM_LET(listen, node::parse_endpoint(options.listen));
        config.listen = listen;
    } else if (who.identity && !who.founder) {
        return fail(Errc::usage, "--listen", "where the others will reach this validator");
    }
    PROBATUM_LET(rpc, node::parse_endpoint(options.rpc));
    config.rpc.listen = rpc;
    const Path file = out / "node.toml";
    PROBATUM_TRY(write_fresh(file, as_bytes(node::render_config(config))));
    PROBATUM_TRY(write_tls(config, who, contracts::chain_id_of(bytes)));
    const auto next =
        who.founder ? session.say("start it when all approvals are there:", "各方批准文件齐备后启动：")
        : who.identity
            ? session.say("start it; it follows until the consortium lets it in:", "启动后先跟随，待联盟接纳：")
            : session.say("start it; it follows and never votes:", "启动后只读跟随，从不投票：");
    session.result({{"config", file.string()}, {"validator", who.founder ? Json(*who.founder) : Json{}}},
                   fmt::format("{}\n  probatumd --config {}\n", next, file.string()));
    return kExitYes;
}

/// Makes a command whose work is one function of the options.
CLI::App* step(CLI::App& group, Commands& commands, const char* name, std::string_view english,
               std::string_view chinese, std::string_view example, const Options& options,
               Result<int> (*run)(Session&, const CeremonyOptions&)) {
    CLI::App* const out = commands.add(group, name, english, chinese, example);
    out->callback([&commands, options, run] {
        commands.chosen = [&commands, options, run] { return run(commands.session, *options); };
    });
    return out;
}

CLI::Option* add_key(CLI::App& command, Commands& commands, const Options& options) {
    CLI::Option* const key =
        command
            .add_option("--key", options->key,
                        commands.say("The validator's identity key; a member's key where none is run",
                                     "验证节点身份密钥；不运行节点的机构用成员密钥"))
            ->required();
    command.add_option("--passphrase-file", options->passphrase_file,
                       commands.say("File that holds its passphrase (mode 0600)", "口令文件（权限 0600）"));
    return key;
}

void add_out(CLI::App& command, Commands& commands, const Options& options) {
    command
        .add_option("--out", options->out, commands.say("What to write; never written over", "输出；不覆盖已有文件"))
        ->required();
}

void add_preparation(CLI::App& group, Commands& commands) {
    const auto fresh = std::make_shared<CeremonyOptions>();
    CLI::App* const news =
        step(group, commands, "new", "Write down what the founders agree on before anybody joins",
             "写下创始各方事先约定的计划",
             "probatum genesis new --chain-name trade-chain --threshold 3 --out genesis.plan", fresh, new_plan);
    news->add_option("--chain-name", fresh->chain_name, commands.say("Name of the network", "网络名称"))->required();
    news->add_option("--threshold", fresh->threshold, commands.say("Votes that enact a change", "变更生效所需票数"))
        ->required();
    news->add_option("--recovery-threshold", fresh->recovery_threshold,
                     commands.say("Recovery authorities that act together; 0: none", "恢复机构门槛；0 表示不设"));
    add_out(*news, commands, fresh);

    const auto joining = std::make_shared<CeremonyOptions>();
    CLI::App* const joins = step(
        group, commands, "join-request", "Say what one organisation brings; its secret keys stay with it",
        "登记本机构的成员与节点（密钥不离开本机构）",
        "probatum genesis join-request --plan genesis.plan --organisation bank-a --name 'Bank A' --key identity.key "
        "--peer-address node.bank-a.example:7100 --member governor-1:governor.key:consortium-governor --out "
        "bank-a.join",
        joining, join_request);
    joins->add_option("--plan", joining->plan, commands.say("The founders' plan", "创世计划文件"))->required();
    joins
        ->add_option("--organisation", joining->organisation.id, commands.say("Its id: a-z, 0-9, '.', '-'", "机构标识"))
        ->required();
    joins->add_option("--name", joining->organisation.name, commands.say("Legal name", "机构全称"))->required();
    joins->add_option("--identifier", joining->organisation.identifier,
                      commands.say("Unified social credit code or LEI", "统一社会信用代码或 LEI"));
    add_key(*joins, commands, joining);
    joins->add_option("--peer-address", joining->peer_address,
                      commands.say("Where its validator listens, host:port", "节点对外地址，主机:端口"));
    joins->add_option("--member", joining->members, "ID:KEYFILE:ROLE,ROLE");
    joins->add_option("--recovery-key", joining->recovery_keys,
                      commands.say("Key file of a recovery authority that it names", "所指定恢复机构的密钥文件"));
    joins->add_flag("--no-validator", joining->no_validator, commands.say("It runs no validator", "不运行验证节点"));
    joins->add_flag("--no-vote", joining->no_vote, commands.say("It has no vote in governance", "不参与治理表决"));
    add_out(*joins, commands, joining);
}

void add_agreement(CLI::App& group, Commands& commands) {
    const auto assembling = std::make_shared<CeremonyOptions>();
    CLI::App* const assembles = step(
        group, commands, "assemble", "Make one genesis from the plan and all requests; everybody gets the same",
        "由计划与全部申请汇总创世文件（任何一方所得相同）",
        "probatum genesis assemble --plan genesis.plan --request bank-a.join --request bank-b.join --out trade-chain",
        assembling, assemble_all);
    assembles->add_option("--plan", assembling->plan, commands.say("The founders' plan", "创世计划文件"))->required();
    assembles->add_option("--request", assembling->requests, commands.say("Every join request", "全部加入申请"))
        ->required();
    add_out(*assembles, commands, assembling);

    const auto approving = std::make_shared<CeremonyOptions>();
    CLI::App* const approves =
        step(group, commands, "approve", "Compare a genesis with one's own request and approve its digest",
             "核对本机构申请并批准创世摘要",
             "probatum genesis approve --genesis genesis.cbor --request bank-a.join --key identity.key --out "
             "approvals/bank-a.approval",
             approving, approve);
    approves->add_option("--genesis", approving->genesis, commands.say("The assembled genesis", "汇总后的创世文件"))
        ->required();
    approves->add_option("--request", approving->request, commands.say("One's own join request", "本机构的加入申请"))
        ->required();
    add_key(*approves, commands, approving);
    approves->add_flag("-y,--yes", approving->yes, commands.say("Approve without asking", "不经询问直接批准"));
    add_out(*approves, commands, approving);

    const auto configuring = std::make_shared<CeremonyOptions>();
    CLI::App* const configures =
        step(group, commands, "configure",
             "Write the configuration and TLS key of a validator, of one that joins later, or of an observer",
             "生成创始验证节点、后加入的验证节点或观察节点的配置与 TLS 密钥",
             "probatum genesis configure --genesis genesis.cbor --peers peers.txt --key identity.key --out node",
             configuring, configure);
    configures->add_option("--genesis", configuring->genesis, commands.say("The assembled genesis", "创世文件"))
        ->required();
    configures->add_option("--peers", configuring->peers, commands.say("peers.txt beside it", "同目录的 peers.txt"))
        ->required();
    CLI::Option* const observers = configures->add_flag(
        "--observer", configuring->observer,
        commands.say("A read-only follower, which needs no identity key", "只读跟随的观察节点，无需身份密钥"));
    add_key(*configures, commands, configuring)->required(false)->excludes(observers);
    configures->add_option("--peer", configuring->later_peers,
                           commands.say("A validator that joined after genesis: ORGANISATION=HOST:PORT",
                                        "创世之后加入的验证节点：机构=主机:端口"));
    configures->add_option(
        "--listen", configuring->listen,
        commands.say("Local address; the one of peers.txt if not given", "本地监听地址；缺省取自 peers.txt"));
    configures->add_option("--rpc", configuring->rpc, commands.say("Where the API listens", "接口监听地址"))
        ->capture_default_str();
    add_out(*configures, commands, configuring);
}

}  // namespace

void add_genesis_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group =
        commands.group(app, "genesis", "Begin a network with no single hand on all keys", "创建网络（密钥分属各机构）");
    add_preparation(*group, commands);
    add_agreement(*group, commands);
}

}  // namespace probatum::tools
