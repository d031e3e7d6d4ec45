#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>

#include "base/key_file.h"
#include "base/text_encoding.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/testnet_layout.h"
#include "tools/testnet_process.h"

namespace probatum::tools {

namespace {

using rpc::Json;

constexpr std::size_t kMostValidators = 31;
constexpr std::chrono::milliseconds kReadyPatience{60'000};
/// Many validators on few cores take their time: every pair of them shakes hands.
constexpr std::chrono::milliseconds kPatienceForEach{5'000};
constexpr std::chrono::milliseconds kStopPatience{30'000};

struct TestNetOptions {
    std::filesystem::path folder;
    std::size_t validators{4};
    bool detach{false};
    std::string organisation;
};

/// Whatever was started is stopped again unless all of it went well.
class Started {
public:
    explicit Started(const TestNet& net) : net_{net} {}
    ~Started() {
        for (const std::size_t index : started_) {
            (void)stop_process(net_.validators[index].folder, kStopPatience);
        }
    }
    Started(const Started&) = delete;
    Started& operator=(const Started&) = delete;

    Result<void> start(const std::filesystem::path& probatumd, std::size_t index) {
        PROBATUM_TRY(start_process(probatumd, net_.validators[index]));
        started_.push_back(index);
        return {};
    }
    void keep() { started_.clear(); }

private:
    const TestNet& net_;
    std::vector<std::size_t> started_;
};

Json view_of(const TestNet& net) {
    Json out{{"dir", std::filesystem::absolute(net.folder).string()},
             {"genesis_digest", to_hex(net.genesis_digest)},
             {"quorum", net.quorum},
             {"nodes", Json::array()},
             {"keys", Json::array()}};
    for (const auto& validator : net.validators) {
        const auto process = running_process(validator.folder);
        out["nodes"].push_back({{"index", validator.index},
                                {"organisation", validator.organisation},
                                {"url", validator.url()},
                                {"dir", std::filesystem::absolute(validator.folder).string()},
                                {"pid", process ? Json(*process) : Json{}}});
    }
    for (const auto& identity : net.identities) {
        Json roles = Json::array();
        for (const contracts::Role role : identity.roles) {
            roles.push_back(contracts::name(role));
        }
        out["keys"].push_back({{"organisation", identity.organisation},
                               {"member", identity.member},
                               {"roles", roles},
                               {"key", std::filesystem::absolute(identity.key).string()}});
    }
    return out;
}

std::string text_of(const Session& session, const TestNet& net) {
    std::string out = fmt::format("{}: {}\n", session.say("genesis digest", "创世摘要"), to_hex(net.genesis_digest));
    for (const auto& validator : net.validators) {
        out += fmt::format("  {}  {}  {}\n", validator.index, validator.organisation, validator.url());
    }
    out += fmt::format("{}: {}\n", session.say("keys", "密钥"), (net.folder / "keys").string());
    return out;
}

/// In the foreground until Ctrl-C or SIGTERM, then all of them stop in order.
Result<int> stay(Session& session, const TestNet& net, const sigset_t& signals) {
    session.note(session.say("running; Ctrl-C stops it", "运行中；按 Ctrl-C 停止"));
    int signal = 0;
    sigwait(&signals, &signal);
    for (const auto& validator : net.validators) {
        PROBATUM_TRY(stop_process(validator.folder, kStopPatience));
    }
    session.note(session.say("stopped", "已停止"));
    return kExitYes;
}

Result<int> up(Session& session, const TestNetOptions& options) {
    if (options.validators < 1 || options.validators > kMostValidators) {
        return fail(Errc::usage, "--validators", fmt::format("1 to {}", kMostValidators));
    }
    PROBATUM_LET(probatumd, find_probatumd());
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (!options.detach) {
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    }
    if (!is_test_net(options.folder)) {
        PROBATUM_TRY(write_test_net(options.folder, options.validators));
    }
    PROBATUM_LET(net, load_test_net(options.folder));
    Started started{net};
    std::vector<std::size_t> missing;
    for (const auto& validator : net.validators) {
        if (!running_process(validator.folder)) {
            PROBATUM_TRY(check_ports(validator));
            missing.push_back(validator.index);
        }
    }
    for (const std::size_t index : missing) {
        PROBATUM_TRY(started.start(probatumd, index));
    }
    session.note(session.say("waiting for the validators", "等待各验证节点就绪"));
    PROBATUM_TRY(await_ready(net, kReadyPatience + kPatienceForEach * net.validators.size()));
    started.keep();
    session.result(view_of(net), text_of(session, net));
    return options.detach ? Result<int>{kExitYes} : stay(session, net, signals);
}

/// One more validator, started; what its operator and the governors have to do is theirs.
Result<int> add(Session& session, const TestNetOptions& options) {
    PROBATUM_LET(probatumd, find_probatumd());
    PROBATUM_LET(number, add_validator(options.folder, options.organisation));
    PROBATUM_LET(net, load_test_net(options.folder));
    const TestNet::Validator& fresh = net.validators.at(number);
    PROBATUM_LET(process, start_process(probatumd, fresh));
    PROBATUM_LET(key_bytes, node::read_file(fresh.config.identity_key_file));
    PROBATUM_LET(described, key_file::describe(key_bytes));
    const std::string key = to_hex(described.public_key.bytes());
    const std::string keys = (options.folder / "keys").string();
    const std::string identity = fresh.config.identity_key_file.string();
    session.result(
        {{"index", number},
         {"organisation", fresh.organisation},
         {"key", key},
         {"identity_key", identity},
         {"url", fresh.url()},
         {"pid", process}},
        fmt::format("{} {}  {}  {}\n  {}\n{}\n  probatum status --node {}\n"
                    "  probatum validator ready --identity-key {} --key {}/{}.ops-1.key\n"
                    "  probatum gov propose add-validator --identity-key {} --key {}/operator-1.governor-1.key\n",
                    session.say("validator", "验证节点"), number, fresh.organisation, fresh.url(), key,
                    session.say("it follows the chain; to let it in:", "正在跟随同步；接纳步骤："), fresh.url(),
                    identity, keys, fresh.organisation, identity, keys));
    return kExitYes;
}

Result<int> down(Session& session, const TestNetOptions& options) {
    if (!is_test_net(options.folder)) {
        return fail(Errc::preflight_failed, options.folder.string(), "no test net was made here");
    }
    Json stopped = Json::array();
    // Every one is tried; the first fault is told at the end.
    std::optional<Error> fault;
    const auto folders = validator_folders(options.folder);
    for (std::size_t i = 0; i < folders.size(); ++i) {
        auto was_running = stop_process(folders[i], kStopPatience);
        if (!was_running && !fault) {
            fault = was_running.error();
        }
        if (was_running && *was_running) {
            stopped.push_back(i);
        }
    }
    if (fault) {
        return fail(*fault);
    }
    session.result({{"stopped", stopped}}, fmt::format("{} {}\n", session.say("stopped:", "已停止："), stopped.size()));
    return kExitYes;
}

Result<int> status(Session& session, const TestNetOptions& options) {
    PROBATUM_LET(net, load_test_net(options.folder));
    Json out = view_of(net);
    std::string text = fmt::format("{}: {}\n", session.say("genesis digest", "创世摘要"), to_hex(net.genesis_digest));
    std::size_t ready = 0;
    for (std::size_t i = 0; i < net.validators.size(); ++i) {
        Json& node = out["nodes"][i];
        const auto answer = ask_status(net, net.validators[i]);
        node["status"] = answer ? *answer : Json{};
        const bool well = answer && answer->value("ready", false) && !node["pid"].is_null();
        if (well) {
            ++ready;
        }
        text += fmt::format(
            "  {}  {}  {}  {}\n", i, net.validators[i].organisation, net.validators[i].url(),
            node["pid"].is_null() ? std::string{session.say("not running", "未运行")}
            : !answer             ? std::string{session.say("no answer", "无应答")}
                      : fmt::format("pid {}  {} {}{}", node["pid"].get<int>(), session.say("height", "高度"),
                                    answer->value("height", 0), well ? "" : session.say("  not ready", "  未就绪")));
    }
    out["ready"] = ready;
    session.result(out, text);
    return ready >= net.quorum ? kExitYes : kExitNo;
}

using Action = Result<int> (*)(Session&, const TestNetOptions&);

CLI::App* add_command(CLI::App& group, Commands& commands, const std::shared_ptr<TestNetOptions>& options,
                      Action action, const std::string& name, std::string_view english, std::string_view chinese,
                      std::string_view example) {
    CLI::App* const out = commands.add(group, name, english, chinese, example);
    out->add_option("--dir", options->folder, commands.say("The test net's folder", "测试网目录"))->required();
    out->callback([&commands, options, action] {
        commands.chosen = [&commands, options, action] { return action(commands.session, *options); };
    });
    return out;
}

}  // namespace

void add_testnet_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "testnet", "A network on this machine, for trying out", "本机测试网");
    const auto starting = std::make_shared<TestNetOptions>();
    CLI::App* const ups = add_command(*group, commands, starting, up, "up",
                                      "Make a test net if there is none, start it and wait until it is ready",
                                      "创建（如尚无）并启动测试网，等待就绪", "probatum testnet up --dir net --detach");
    ups->add_option("--validators", starting->validators,
                    commands.say("How many, 1 to 31; of a new test net", "验证节点数（1 至 31），仅用于新建"))
        ->capture_default_str();
    ups->add_flag("--detach", starting->detach, commands.say("Leave it running and return", "后台运行并返回"));
    const auto adding = std::make_shared<TestNetOptions>();
    add_command(*group, commands, adding, add, "add",
                "Make one more validator and start it; it follows until the consortium lets it in",
                "创建并启动一个验证节点；在联盟接纳之前仅跟随同步",
                "probatum testnet add --dir net --organisation operator-5")
        ->add_option("--organisation", adding->organisation,
                     commands.say("That runs it; the one that has no validator yet if not given",
                                  "运行机构；缺省为尚无节点的机构"));
    add_command(*group, commands, std::make_shared<TestNetOptions>(), down, "down", "Stop every validator",
                "停止全部验证节点", "probatum testnet down --dir net");
    add_command(*group, commands, std::make_shared<TestNetOptions>(), status, "status",
                "Each validator; exit code 1 without a quorum", "各验证节点状态；不足法定数时退出码为 1",
                "probatum testnet status --dir net");
}

}  // namespace probatum::tools
