#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "base/key_file.h"
#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/actions.h"
#include "rpc/governance_json.h"
#include "tools/commands.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct ProposeOptions {
    SigningOptions signing;
    std::string organisation;
    std::string key;
    std::string validator;  ///< Or its organisation, where that runs one.
    std::string new_key;
    std::filesystem::path identity_key;  ///< Or the key file of a validator to come.
    std::vector<std::string> settings;   ///< name=value
    std::uint64_t rules_version{0};
    std::uint32_t threshold{0};
    std::vector<std::string> electors;
    std::filesystem::path file;
    bool override_liveness{false};
    std::string note;
};
using ProposePtr = std::shared_ptr<ProposeOptions>;

struct DecideOptions {
    SigningOptions signing;
    std::string proposal;
    std::string choice;
};

struct ReadOptions {
    NetworkOptions network;
    std::string proposal;
};

Result<PublicKey> read_key(std::string_view option, const std::string& text) {
    const auto bytes = from_hex(text);
    const auto key = bytes ? PublicKey::from_bytes(*bytes) : tl::unexpected{bytes.error()};
    if (!key) {
        return fail(Errc::usage, std::string{option}, "66 hexadecimal digits: see probatum key show");
    }
    return key;
}

/// The validator that a proposal is about: by its key, or by its organisation where that runs exactly one.
Result<PublicKey> find_validator(Session& session, Network& network, const ProposeOptions& options) {
    if (options.validator.empty()) {
        return read_key("--validator-key", options.key);
    }
    PROBATUM_LET(terms, session.call(network.client, "chain.validators"));
    std::string key;
    for (const Json& one : terms.at("validators")) {
        if (one.value("organisation", "") != options.validator) {
            continue;
        }
        if (!key.empty()) {
            return fail(Errc::usage, "--validator", options.validator + ": runs several; give --validator-key");
        }
        key = one.value("key", "");
    }
    if (key.empty()) {
        return fail(Errc::usage, "--validator", options.validator + ": runs no validator: see probatum validator list");
    }
    return read_key("--validator", key);
}

/// A validator to come, from its key file (no passphrase is needed) or from what its operator says.
Result<ledger::Validator> read_newcomer(const ProposeOptions& options) {
    if (options.identity_key.empty()) {
        PROBATUM_LET(key, read_key(options.new_key.empty() ? "--validator-key" : "--new-key",
                                   options.new_key.empty() ? options.key : options.new_key));
        return ledger::Validator{options.organisation, key};
    }
    PROBATUM_LET(bytes, node::read_file(options.identity_key));
    PROBATUM_LET(described, key_file::describe(bytes));
    return ledger::Validator{options.organisation.empty() ? described.label.organisation : options.organisation,
                             described.public_key};
}

Result<Digest> read_proposal(const std::string& text) {
    const auto id = digest_from_hex(text);
    if (!id) {
        return fail(Errc::usage, "proposal", "64 hexadecimal digits: see probatum gov list");
    }
    return id;
}

/// The terms in force, from the node; a wrong answer can only make a proposal that voters read before they vote.
Result<Json> terms_of(Session& session, Network& network) { return session.call(network.client, "chain.validators"); }

Result<contracts::Change> changed_parameters(const Json& terms, const std::vector<std::string>& settings) {
    contracts::Parameters out;
    for (const contracts::ParameterField& field : contracts::parameter_fields()) {
        field.set(out, terms.at("parameters").at(std::string{field.name}).get<std::uint64_t>());
    }
    for (const std::string& setting : settings) {
        const auto split = setting.find('=');
        const std::string name = setting.substr(0, split);
        const auto field = std::ranges::find(contracts::parameter_fields(), name, &contracts::ParameterField::name);
        if (split == std::string::npos || field == contracts::parameter_fields().end()) {
            return fail(Errc::usage, "--set", setting + ": NAME=VALUE with a name of chain.validators");
        }
        std::uint64_t value = 0;
        const char* const end = setting.data() + setting.size();
        const auto [stop, problem] = std::from_chars(setting.data() + split + 1, end, value);
        if (problem != std::errc{} || stop != end || value > field->maximum) {
            return fail(Errc::usage, "--set", setting + ": a whole number is needed");
        }
        field->set(out, value);
    }
    return contracts::ChangeParameters{out};
}

Result<contracts::Change> changed_electorate(const Json& terms, const ProposeOptions& options) {
    if (!terms.at("governance").is_object()) {
        return fail(Errc::governance_absent, "genesis");
    }
    contracts::GovernanceTerms out;
    out.threshold = options.threshold;
    out.lifetime_ms = terms["governance"].at("lifetime_ms").get<std::uint64_t>();
    out.live_window = terms["governance"].at("live_window").get<std::uint32_t>();
    out.electors = options.electors;
    std::ranges::sort(out.electors);
    return contracts::ChangeElectorate{std::move(out)};
}

using MakeChange = std::function<Result<contracts::Change>(Session&, Network&, const ProposeOptions&)>;

Result<int> propose(Session& session, const ProposeOptions& options, const MakeChange& make) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(change, make(session, signer.network, options));
    const contracts::ProposeBody body{
        .change = std::move(change), .override_liveness = options.override_liveness, .note = options.note};
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<int> vote(Session& session, const DecideOptions& options) {
    PROBATUM_LET(proposal, read_proposal(options.proposal));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    const auto choice = options.choice == "accept" ? contracts::Choice::accept : contracts::Choice::reject;
    return sign_and_submit(session, options.signing, signer,
                           {.contract = {}, .body = contracts::VoteBody{proposal, choice}, .side = {}});
}

Result<int> enact(Session& session, const DecideOptions& options) {
    PROBATUM_LET(proposal, read_proposal(options.proposal));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    return sign_and_submit(session, options.signing, signer,
                           {.contract = {}, .body = contracts::EnactBody{proposal}, .side = {}});
}

std::string proposal_line(const Json& proposal) {
    return fmt::format("#{}  {}  {}  {}/{}  {}  {}\n", proposal.value("number", 0), proposal.value("status", ""),
                       proposal.at("change").value("kind", ""), proposal.value("accepted", 0),
                       proposal.value("threshold", 0), proposal.value("organisation", ""), proposal.value("id", ""));
}

std::string strength_line(std::string_view when, const Json& strength, const Session& session) {
    if (!strength.is_object()) {
        return {};
    }
    return fmt::format("  {}: {} {}, {} {}, {} {}, {} {}\n", when, session.say("validators", "验证节点"),
                       strength.value("validators", 0), session.say("quorum", "法定数"), strength.value("quorum", 0),
                       session.say("live", "在线"), strength.value("live", 0), session.say("may crash", "可容忍故障"),
                       strength.value("may_crash", 0));
}

Result<int> list(Session& session, const ReadOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(page, session.call(client, "gov.list"));
    std::string text;
    for (const Json& proposal : page.at("items")) {
        text += proposal_line(proposal);
    }
    if (text.empty()) {
        text = fmt::format("{}\n", session.say("no proposals", "无提案"));
    }
    session.result(page, text);
    return kExitYes;
}

Result<int> show(Session& session, const ReadOptions& options) {
    PROBATUM_LET(id, read_proposal(options.proposal));
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(proposal, session.call(client, "gov.get", {{"proposal", to_hex(id)}}));
    std::string text = proposal_line(proposal);
    text += fmt::format("  {}: {}\n", session.say("change", "变更"), proposal.at("change").dump());
    text += fmt::format("  {}: {}\n", session.say("even if the live quorum is lost", "即使失去在线法定数"),
                        proposal.value("override_liveness", false));
    if (!proposal.value("note", "").empty()) {
        text += fmt::format("  {}: {}\n", session.say("note", "说明"), proposal.value("note", ""));
    }
    text += fmt::format("  {}: {}\n", session.say("open until", "有效期至"), proposal.value("expires_at", ""));
    for (const Json& one : proposal.at("votes")) {
        text += fmt::format("  {}  {}/{}\n", one.value("choice", ""), one.value("organisation", ""),
                            one.value("member", ""));
    }
    if (proposal.contains("assessment")) {
        const Json& found = proposal["assessment"];
        text += strength_line(session.say("before", "变更前"), found.at("before"), session);
        text += strength_line(session.say("after", "变更后"), found.at("after"), session);
        if (found.at("problem").is_string()) {
            text += fmt::format("  {}: {}\n", session.say("would be refused", "将被拒绝"),
                                found["problem"].get<std::string>());
        }
    }
    session.result(proposal, text);
    return kExitYes;
}

/// One kind of proposal.
struct Kind {
    const char* name;
    std::string_view english;
    std::string_view chinese;
    std::string_view example;
    MakeChange make;
};

CLI::App* add_proposal(CLI::App& group, Commands& commands, const Kind& kind, const ProposePtr& options) {
    CLI::App* const command = commands.add(group, kind.name, kind.english, kind.chinese, kind.example);
    commands.add_signing(*command, options->signing);
    command->add_flag("--override-liveness", options->override_liveness,
                      commands.say("Enact it even if fewer validators than a quorum would be live",
                                   "即使变更后在线节点少于法定数也执行"));
    command->add_option("--note", options->note, commands.say("At most 256 bytes, recorded", "说明，最多 256 字节"));
    command->callback([&commands, options, make = kind.make] {
        commands.chosen = [&commands, options, make] { return propose(commands.session, *options, make); };
    });
    return command;
}

void add_validator_proposals(CLI::App& group, Commands& commands) {
    const auto organisation_option = [&](CLI::App* command, const ProposePtr& options) {
        return command->add_option("--validator", options->validator,
                                   commands.say("The organisation, where it runs one", "所属机构（仅运行一个节点时）"));
    };
    const auto newcomer_option = [&](CLI::App* command, const ProposePtr& options) {
        return command->add_option("--identity-key", options->identity_key,
                                   commands.say("Key file of the validator to come", "新验证节点的密钥文件"));
    };
    // One of the two says which key.
    const auto key_or = [&](CLI::App* command, const char* name, std::string& key, CLI::Option* other) {
        command->add_option(name, key, commands.say("Identity key, 66 hexadecimal digits", "身份公钥，66 位十六进制"))
            ->excludes(other);
    };
    const auto adding = std::make_shared<ProposeOptions>();
    CLI::App* const adds = add_proposal(
        group, commands,
        {"add-validator", "Let another validator join", "增加验证节点",
         "probatum gov propose add-validator --organisation bank-b --validator-key 02ab... --key governor.key",
         [](Session&, Network&, const ProposeOptions& options) -> Result<contracts::Change> {
             PROBATUM_LET(newcomer, read_newcomer(options));
             if (newcomer.organisation.empty()) {
                 return fail(Errc::usage, "--organisation", "who runs it?");
             }
             return contracts::AddValidator{std::move(newcomer)};
         }},
        adding);
    adds->add_option(
        "--organisation", adding->organisation,
        commands.say("That runs it; if not given, the one that the key file names", "运行机构；缺省取自密钥文件"));
    key_or(adds, "--validator-key", adding->key, newcomer_option(adds, adding));

    const auto removing = std::make_shared<ProposeOptions>();
    CLI::App* const removes = add_proposal(
        group, commands,
        {"remove-validator", "Let a validator leave", "移除验证节点",
         "probatum gov propose remove-validator --validator bank-b --key governor.key",
         [](Session& session, Network& network, const ProposeOptions& options) -> Result<contracts::Change> {
             PROBATUM_LET(key, find_validator(session, network, options));
             return contracts::RemoveValidator{key};
         }},
        removing);
    key_or(removes, "--validator-key", removing->key, organisation_option(removes, removing));

    const auto rotating = std::make_shared<ProposeOptions>();
    CLI::App* const rotates = add_proposal(
        group, commands,
        {"rotate-key", "Give a validator another identity key", "更换验证节点身份密钥",
         "probatum gov propose rotate-key --validator bank-b --new-key 03cd... --key governor.key",
         [](Session& session, Network& network, const ProposeOptions& options) -> Result<contracts::Change> {
             PROBATUM_LET(from, find_validator(session, network, options));
             PROBATUM_LET(to, read_newcomer(options));
             return contracts::RotateKey{from, to.key};
         }},
        rotating);
    key_or(rotates, "--validator-key", rotating->key, organisation_option(rotates, rotating));
    key_or(rotates, "--new-key", rotating->new_key, newcomer_option(rotates, rotating));
}

void add_other_proposals(CLI::App& group, Commands& commands) {
    const auto parameters = std::make_shared<ProposeOptions>();
    add_proposal(group, commands,
                 {"parameters", "Change consensus parameters", "修改共识参数",
                  "probatum gov propose parameters --set view_timeout_ms=2000 --key governor.key",
                  [](Session& session, Network& network, const ProposeOptions& options) -> Result<contracts::Change> {
                      PROBATUM_LET(terms, terms_of(session, network));
                      return changed_parameters(terms, options.settings);
                  }},
                 parameters)
        ->add_option("--set", parameters->settings, commands.say("NAME=VALUE, any number of them", "名称=数值，可多个"))
        ->required();

    const auto rules = std::make_shared<ProposeOptions>();
    add_proposal(group, commands,
                 {"rules", "Put the next version of the rules in force", "启用下一版规则",
                  "probatum gov propose rules --version 2 --key governor.key",
                  [](Session&, Network&, const ProposeOptions& options) -> Result<contracts::Change> {
                      return contracts::ChangeRules{options.rules_version};
                  }},
                 rules)
        ->add_option("--version", rules->rules_version,
                     commands.say("The version after the one in force", "下一版本号"))
        ->required();

    const auto electorate = std::make_shared<ProposeOptions>();
    CLI::App* const electorates = add_proposal(
        group, commands,
        {"electorate", "Change who votes and how many votes enact", "修改表决机构与门槛",
         "probatum gov propose electorate --threshold 2 --elector bank-a --elector bank-b --elector bank-c --key g.key",
         [](Session& session, Network& network, const ProposeOptions& options) -> Result<contracts::Change> {
             PROBATUM_LET(terms, terms_of(session, network));
             return changed_electorate(terms, options);
         }},
        electorate);
    electorates->add_option("--threshold", electorate->threshold, commands.say("Votes that enact", "生效所需票数"))
        ->required();
    electorates
        ->add_option("--elector", electorate->electors, commands.say("Every organisation with a vote", "全部表决机构"))
        ->required();
}

constexpr std::size_t kMaxChangeBytes = 256 * 1024;

/// Any change, as gov.propose takes it in JSON.
Result<contracts::Change> change_of(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file, kMaxChangeBytes));
    PROBATUM_LET(change, rpc::parse_json(as_text(bytes)));
    PROBATUM_LET(action,
                 rpc::read_action("gov.propose", {}, rpc::Params{{{"change", std::move(change)}}, file.string()}));
    return std::get<contracts::ProposeBody>(action.body).change;
}

/// Changes of the register: organisations, members, freezes, trusted roots, what is published.
void add_any_proposal(CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<ProposeOptions>();
    add_proposal(group, commands,
                 {"change", "Propose any change from a file: docs/rpc.md lists the kinds, docs/samples has examples",
                  "由文件提出任意变更：种类见 docs/rpc.md，示例见 docs/samples",
                  "probatum gov propose change --file freeze.json --key governor.key",
                  [](Session&, Network&, const ProposeOptions& given) { return change_of(given.file); }},
                 options)
        ->add_option("--file", options->file, commands.say("One change as JSON", "一项变更（JSON）"))
        ->required();
}

void add_decisions(CLI::App& group, Commands& commands) {
    const auto voting = std::make_shared<DecideOptions>();
    CLI::App* const votes = commands.add(group, "vote", "Vote on a proposal for one's organisation",
                                         "代表本机构对提案表决", "probatum gov vote 5b0e... accept --key governor.key");
    votes->add_option("proposal", voting->proposal, commands.say("Its id", "提案标识"))->required();
    votes->add_option("choice", voting->choice, "accept | reject")
        ->required()
        ->check(CLI::IsMember({"accept", "reject"}));
    commands.add_signing(*votes, voting->signing);
    votes->callback(
        [&commands, voting] { commands.chosen = [&commands, voting] { return vote(commands.session, *voting); }; });

    const auto enacting = std::make_shared<DecideOptions>();
    CLI::App* const enacts = commands.add(group, "enact", "Put an accepted proposal into effect", "执行已通过的提案",
                                          "probatum gov enact 5b0e... --key governor.key");
    enacts->add_option("proposal", enacting->proposal, commands.say("Its id", "提案标识"))->required();
    commands.add_signing(*enacts, enacting->signing);
    enacts->callback([&commands, enacting] {
        commands.chosen = [&commands, enacting] { return enact(commands.session, *enacting); };
    });
}

void add_reading(CLI::App& group, Commands& commands) {
    const auto listing = std::make_shared<ReadOptions>();
    CLI::App* const lists = commands.add(group, "list", "The latest proposals", "最近的提案",
                                         "probatum gov list --node http://127.0.0.1:8100");
    commands.add_network(*lists, listing->network);
    lists->callback(
        [&commands, listing] { commands.chosen = [&commands, listing] { return list(commands.session, *listing); }; });

    const auto showing = std::make_shared<ReadOptions>();
    CLI::App* const shows = commands.add(
        group, "show", "One proposal: votes, and how many validators may crash before and after",
        "单个提案：表决情况与变更前后可容忍的故障数", "probatum gov show 5b0e... --node http://127.0.0.1:8100");
    shows->add_option("proposal", showing->proposal, commands.say("Its id", "提案标识"))->required();
    commands.add_network(*shows, showing->network);
    shows->callback(
        [&commands, showing] { commands.chosen = [&commands, showing] { return show(commands.session, *showing); }; });
}

}  // namespace

void add_governance_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "gov", "How the organisations change the network", "网络治理");
    CLI::App* const proposals = commands.group(*group, "propose", "Propose a change", "提出变更");
    add_validator_proposals(*proposals, commands);
    add_other_proposals(*proposals, commands);
    add_any_proposal(*proposals, commands);
    add_decisions(*group, commands);
    add_reading(*group, commands);
    add_succession_commands(*group, commands);
}

}  // namespace probatum::tools
