#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/key_file.h"
#include "base/text_encoding.h"
#include "contracts/succession.h"
#include "node/machine.h"
#include "tools/ceremony.h"
#include "tools/commands.h"

namespace probatum::tools {

namespace {

using rpc::Json;
using Path = std::filesystem::path;

struct SuccessionOptions {
    NetworkOptions network;
    std::vector<std::string> validators;  ///< ORGANISATION:KEY
    std::vector<Path> identity_keys;      ///< Or their key files, which name the organisation.
    std::string reason;
    Path draft;
    Path genesis;
    Path key;
    std::optional<Path> passphrase_file;
    std::vector<Path> statements;
    bool yes{false};
    Path out;
};
using Options = std::shared_ptr<SuccessionOptions>;

/// In the order given, those by key first.
Result<ledger::ValidatorSet> read_successors(const SuccessionOptions& options) {
    std::vector<ledger::Validator> out;
    for (const std::string& text : options.validators) {
        const auto split = text.find(':');
        const auto bytes = from_hex(split == std::string::npos ? "" : text.substr(split + 1));
        const auto key = bytes ? PublicKey::from_bytes(*bytes) : tl::unexpected{bytes.error()};
        if (!key) {
            return fail(Errc::usage, "--validator", text + ": ORGANISATION:KEY, the key in 66 hexadecimal digits");
        }
        out.push_back({text.substr(0, split), *key});
    }
    for (const Path& file : options.identity_keys) {
        PROBATUM_LET(bytes, node::read_file(file));
        PROBATUM_LET(described, key_file::describe(bytes));
        out.push_back({described.label.organisation, described.public_key});
    }
    return ledger::ValidatorSet::make(std::move(out));
}

std::string describe(const Session& session, const contracts::Succession& said) {
    std::string out = fmt::format("{} {}  {} {}\n  {}\n{}: {}\n",
                                  session.say("after the last final block", "在最后最终区块之后，高度"),
                                  said.height.raw(), session.say("of epoch", "纪元"), said.epoch.raw(),
                                  to_hex(said.last), session.say("reason", "理由"), said.reason);
    for (const ledger::Validator& validator : said.next.all()) {
        out += fmt::format("  {} {}  {}\n", session.say("validator", "验证节点"), validator.organisation,
                           to_hex(validator.key.bytes()));
    }
    return out;
}

/// The last final block comes from the node that has the highest one; whoever signs compares it with his own.
Result<int> draft(Session& session, const SuccessionOptions& options) {
    PROBATUM_LET(next, read_successors(options));
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(block, session.call(client, "chain.block"));
    const auto bytes = from_hex(block.at("header").at("cbor").get<std::string>());
    if (!bytes) {
        return fail(Errc::malformed, "header", "hexadecimal is needed");
    }
    PROBATUM_LET(header, ledger::decode_header(*bytes));
    // After a closing block it is the epoch of the blocks that would come, not that of the block.
    PROBATUM_LET(status, session.call(client, "chain.status"));
    const contracts::Succession said{ledger::id_of(header), header.height,
                                     Epoch{std::max(header.epoch.raw(), status.value("epoch", std::uint64_t{0}))},
                                     std::move(next), options.reason};
    const Bytes encoded = contracts::encode(said);
    PROBATUM_TRY(contracts::decode_succession(encoded));
    PROBATUM_TRY(write_fresh(options.out, encoded));
    session.result({{"draft", options.out.string()}, {"last", to_hex(said.last)}, {"height", said.height.raw()}},
                   describe(session, said));
    return kExitYes;
}

Result<int> sign(Session& session, const SuccessionOptions& options) {
    PROBATUM_LET(bytes, node::read_file(options.draft, contracts::kMaxSuccessionBytes));
    PROBATUM_LET(said, contracts::decode_succession(bytes));
    PROBATUM_LET(genesis_bytes, node::read_file(options.genesis));
    PROBATUM_LET(genesis, contracts::decode_genesis(genesis_bytes));
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    if (std::ranges::find(genesis.recovery_authorities, opened.key.public_key()) ==
        genesis.recovery_authorities.end()) {
        return fail(Errc::unknown_key, options.key.string(), "not a recovery authority of genesis");
    }
    session.note(describe(session, said));
    if (!options.yes && session.interactive() && !session.confirm(session.say("Sign this?", "确认签名？"))) {
        return fail(Errc::usage, "", "not signed");
    }
    PROBATUM_TRY(
        write_fresh(options.out, contracts::sign_succession(opened.key, contracts::chain_id_of(genesis_bytes), said)));
    session.result({{"statement", options.out.string()}}, fmt::format("{}\n", options.out.string()));
    return kExitYes;
}

/// Joins what the authorities signed; the file is what `chain.trust_path` and bundles carry.
Result<int> join_statements(Session& session, const SuccessionOptions& options) {
    PROBATUM_LET(genesis_bytes, node::read_file(options.genesis));
    PROBATUM_LET(genesis, contracts::decode_genesis(genesis_bytes));
    std::vector<Bytes> statements;
    for (const Path& file : options.statements) {
        PROBATUM_LET(bytes, node::read_file(file, contracts::kMaxSuccessionBytes));
        statements.push_back(std::move(bytes));
    }
    const contracts::Authorities authorities{genesis.recovery_authorities, genesis.recovery_threshold};
    const Digest chain_id = contracts::chain_id_of(genesis_bytes);
    PROBATUM_LET(joined, contracts::join_succession(std::move(statements), chain_id, authorities));
    PROBATUM_LET(said, contracts::open_succession(joined, chain_id, authorities));
    PROBATUM_TRY(write_fresh(options.out, contracts::encode_succession_file(joined)));
    session.result({{"succession", options.out.string()}, {"authorities", joined.size()}},
                   fmt::format("{} {}/{}\n{}", session.say("recovery authorities", "恢复机构"), joined.size(),
                               genesis.recovery_authorities.size(), describe(session, said)));
    return kExitYes;
}

CLI::App* step(CLI::App& group, Commands& commands, const char* name, std::string_view english,
               std::string_view chinese, std::string_view example, const Options& options,
               Result<int> (*run)(Session&, const SuccessionOptions&)) {
    CLI::App* const out = commands.add(group, name, english, chinese, example);
    out->callback([&commands, options, run] {
        commands.chosen = [&commands, options, run] { return run(commands.session, *options); };
    });
    out->add_option("--out", options->out, commands.say("What to write; never written over", "输出；不覆盖已有文件"))
        ->required();
    return out;
}

}  // namespace

void add_succession_commands(CLI::App& group, Commands& commands) {
    CLI::App* const own = commands.group(group, "succession",
                                         "When more validators are lost for good than the network bears: the recovery "
                                         "authorities of genesis name their successors",
                                         "丧失的验证节点超过容许数量时，由创世文件所列恢复机构确定继任者");
    const auto drafting = std::make_shared<SuccessionOptions>();
    CLI::App* const drafts = step(*own, commands, "new", "Write down who shall go on from the last final block",
                                  "写明由谁自最后最终区块继续",
                                  "probatum gov succession new --node http://127.0.0.1:8100 --validator bank-a:02ab... "
                                  "--reason 'data centre lost' --out succession.draft",
                                  drafting, draft);
    drafts->add_option("--validator", drafting->validators, "ORGANISATION:KEY");
    drafts->add_option("--identity-key", drafting->identity_keys,
                       commands.say("Key file of a validator that goes on", "继任验证节点的密钥文件"));
    drafts->add_option("--reason", drafting->reason, commands.say("For those who will judge", "供裁判者参考的理由"))
        ->required();
    commands.add_network(*drafts, drafting->network);

    const auto signing = std::make_shared<SuccessionOptions>();
    CLI::App* const signs = step(*own, commands, "sign", "Sign it as a recovery authority", "以恢复机构身份签署",
                                 "probatum gov succession sign --draft succession.draft --genesis genesis.cbor --key "
                                 "recovery.key --out bank-a.succession",
                                 signing, sign);
    signs->add_option("--draft", signing->draft, commands.say("What `new` wrote", "new 写出的文件"))->required();
    signs->add_option("--genesis", signing->genesis, commands.say("The network's genesis", "创世文件"))->required();
    signs->add_option("--key", signing->key, commands.say("The authority's key", "恢复机构密钥"))->required();
    signs->add_option("--passphrase-file", signing->passphrase_file,
                      commands.say("File that holds its passphrase (mode 0600)", "口令文件（权限 0600）"));
    signs->add_flag("-y,--yes", signing->yes, commands.say("Sign without asking", "不经询问直接签名"));

    const auto joining = std::make_shared<SuccessionOptions>();
    CLI::App* const joins =
        step(*own, commands, "join", "Join the statements of as many authorities as genesis demands",
             "汇总达到门槛的恢复机构声明",
             "probatum gov succession join --genesis genesis.cbor --statement a.succession --statement b.succession "
             "--out succession.cbor",
             joining, join_statements);
    joins->add_option("--genesis", joining->genesis, commands.say("The network's genesis", "创世文件"))->required();
    joins
        ->add_option("--statement", joining->statements, commands.say("What an authority signed", "恢复机构签署的声明"))
        ->required();
}

}  // namespace probatum::tools
