#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "contracts/readiness.h"
#include "node/machine.h"
#include "rpc/params.h"
#include "tools/commands.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct ReadyOptions {
    SigningOptions signing;
    std::filesystem::path identity_key;
    std::optional<std::filesystem::path> identity_passphrase_file;
};

struct ReportOptions {
    SigningOptions signing;
    std::filesystem::path proof;
};

struct ListOptions {
    NetworkOptions network;
    std::optional<std::uint64_t> epoch;
};

/// The validator's identity key says where its chain stands; the operator's key records it.
Result<int> ready(Session& session, const ReadyOptions& options) {
    PROBATUM_LET(identity, open_key(session, options.identity_key, options.identity_passphrase_file));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(terms, session.call(signer.network.client, "chain.validators"));
    const Json& marks = terms.at("marks");
    if (!terms.at("governance").is_object()) {
        return fail(Errc::governance_absent, "genesis");
    }
    if (marks.empty()) {
        return fail(Errc::not_ready, "marks", "the first block of this network is not final yet");
    }
    contracts::Readiness readiness;
    readiness.mark.height = Height{marks.back().at("height").get<std::uint64_t>()};
    PROBATUM_LET(block, digest_from_hex(marks.back().at("block").get<std::string>()));
    readiness.mark.block = block;
    const contracts::ReadyBody body{
        identity.key.public_key(),
        contracts::make_readiness(identity.key, {signer.network.chain_id, signer.organisation}, readiness)};
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<int> report(Session& session, const ReportOptions& options) {
    PROBATUM_LET(file, node::read_file(options.proof, 4 * contracts::kMaxMisbehaviourBytes));
    std::string text{as_text(file)};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    const auto decoded = rpc::decode_bytes(text);
    PROBATUM_LET(signer, open_signer(session, options.signing));
    return sign_and_submit(session, options.signing, signer,
                           {.contract = {}, .body = contracts::ReportBody{decoded ? *decoded : file}, .side = {}});
}

Result<int> list(Session& session, const ListOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    Json query = Json::object();
    if (options.epoch) {
        query["epoch"] = *options.epoch;
    }
    PROBATUM_LET(terms, session.call(client, "chain.validators", query));
    std::string text = fmt::format("{} {}  {} {}  {} {}\n", session.say("epoch", "纪元"), terms.value("epoch", 0),
                                   session.say("from block", "自区块"), terms.value("first_height", 0),
                                   session.say("rules", "规则版本"), terms.value("rules_version", 0));
    for (const Json& validator : terms.at("validators")) {
        std::string state;
        if (validator.at("live").is_boolean()) {
            state = fmt::format(
                "{}, {} {}",
                validator["live"].get<bool>() ? session.say("live", "在线") : session.say("NOT SEEN", "未见"),
                session.say("last in block", "最近见于区块"), validator.value("last_seen", 0));
        }
        text += fmt::format("  {}  {}  {}  {}\n", validator.value("index", 0), validator.value("organisation", ""),
                            validator.value("key", ""), state);
    }
    if (terms.at("strength").is_object()) {
        const Json& strength = terms["strength"];
        text += fmt::format("{} {}, {} {}, {} {}\n", session.say("quorum", "法定数"), strength.value("quorum", 0),
                            session.say("live", "在线"), strength.value("live", 0),
                            session.say("may crash", "可容忍故障"), strength.value("may_crash", 0));
    }
    session.result(terms, text);
    return kExitYes;
}

Result<int> misbehaviour(Session& session, const ListOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(page, session.call(client, "chain.misbehaviour"));
    std::string text;
    for (const Json& item : page.at("items")) {
        text += fmt::format("#{}  {}  {}  {} {}  {} {}  {}\n", item.value("number", 0), item.value("organisation", ""),
                            item.value("key", ""), session.say("epoch", "纪元"), item.value("epoch", 0),
                            session.say("view", "视图"), item.value("view", 0), item.value("time", ""));
    }
    if (text.empty()) {
        text = fmt::format("{}\n", session.say("none recorded", "无记录"));
    }
    session.result(page, text);
    return kExitYes;
}

}  // namespace

void add_validator_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "validator", "Validators: who they are, readiness, misbehaviour",
                                           "验证节点：名单、就绪声明与违规");
    const auto readying = std::make_shared<ReadyOptions>();
    CLI::App* const readies =
        commands.add(*group, "ready", "Record that a validator follows the chain, before it joins or after an upgrade",
                     "登记验证节点已就绪（加入前或升级后）",
                     "probatum validator ready --identity-key identity.key --key operator.key");
    readies
        ->add_option("--identity-key", readying->identity_key,
                     commands.say("The validator's identity key", "验证节点身份密钥文件"))
        ->required();
    readies->add_option("--identity-passphrase-file", readying->identity_passphrase_file,
                        commands.say("Its passphrase", "该密钥的口令文件"));
    commands.add_signing(*readies, readying->signing);
    readies->callback([&commands, readying] {
        commands.chosen = [&commands, readying] { return ready(commands.session, *readying); };
    });

    const auto reporting = std::make_shared<ReportOptions>();
    CLI::App* const reports =
        commands.add(*group, "report", "Record a proof that a validator contradicted itself", "登记验证节点违规证明",
                     "probatum validator report proof.cbor --key operator.key");
    reports
        ->add_option("proof", reporting->proof,
                     commands.say("The proof: CBOR, hexadecimal or base64url", "证明：CBOR、十六进制或 base64url"))
        ->required();
    commands.add_signing(*reports, reporting->signing);
    reports->callback([&commands, reporting] {
        commands.chosen = [&commands, reporting] { return report(commands.session, *reporting); };
    });

    const auto listing = std::make_shared<ListOptions>();
    CLI::App* const lists =
        commands.add(*group, "list", "The validators of an epoch and who was seen of late",
                     "某纪元的验证节点及近期在线情况", "probatum validator list --node http://127.0.0.1:8100");
    lists->add_option("--epoch", listing->epoch, commands.say("That of the next block if not given", "缺省为当前纪元"));
    commands.add_network(*lists, listing->network);
    lists->callback(
        [&commands, listing] { commands.chosen = [&commands, listing] { return list(commands.session, *listing); }; });

    const auto reading = std::make_shared<ListOptions>();
    CLI::App* const reads =
        commands.add(*group, "misbehaviour", "Validators that contradicted themselves", "验证节点违规记录",
                     "probatum validator misbehaviour --node http://127.0.0.1:8100");
    commands.add_network(*reads, reading->network);
    reads->callback([&commands, reading] {
        commands.chosen = [&commands, reading] { return misbehaviour(commands.session, *reading); };
    });
}

}  // namespace probatum::tools
