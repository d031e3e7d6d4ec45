#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text_encoding.h"
#include "contracts/financing.h"
#include "contracts/state_keys.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/financing_answer.h"
#include "tools/lenders_key.h"

/// `probatum finance-check`: the lenders' key, and whether an item is financed. Secrets and items stay on this machine.
namespace probatum::tools {

namespace {

using rpc::Json;

struct Options {
    SigningOptions signing;
    std::vector<std::filesystem::path> lenders_keys;
    std::optional<std::filesystem::path> lenders_passphrase;
    std::filesystem::path boxes, out, file;
    std::vector<std::string> to;  ///< organisation=public key
    std::string kind{"invoice"}, issuer, number;
    std::optional<std::uint64_t> rank;
    std::string contract;
};
using OptionsPtr = std::shared_ptr<Options>;

Result<Recipient> read_recipient(const std::string& text) {
    const auto split = text.find('=');
    const auto bytes = split == std::string::npos ? Result<Bytes>{fail(Errc::usage)} : from_hex(text.substr(split + 1));
    const auto key = bytes ? PublicKey::from_bytes(*bytes) : tl::unexpected{bytes.error()};
    if (!key) {
        return fail(Errc::usage, "--to", text + ": ORGANISATION=66 hexadecimal digits, see probatum key show");
    }
    return Recipient{text.substr(0, split), *key};
}

Result<LendersBoxes> read_boxes(const Options& options) {
    PROBATUM_LET(bytes, node::read_file(options.boxes));
    return decode_lenders_boxes(bytes);
}

Result<int> seal(Session& session, const Options& options) {
    std::vector<Recipient> recipients;
    for (const std::string& text : options.to) {
        PROBATUM_LET(recipient, read_recipient(text));
        recipients.push_back(std::move(recipient));
    }
    const SecretKey secret = make_key();
    const Bytes file = encode(seal_secret(secret, recipients, make_key));
    PROBATUM_TRY(decode_lenders_boxes(file));
    PROBATUM_TRY(node::write_file(options.out, file));
    const std::string key = to_hex(secret.public_key().bytes());
    session.result({{"file", options.out.string()}, {"key", key}, {"lenders", options.to.size()}},
                   fmt::format("{}: {}\n{}: {}\n", session.say("lenders' key", "贷款机构公钥"), key,
                               session.say("sealed to each lender in", "密封件文件"), options.out.string()));
    return kExitYes;
}

Result<int> unseal(Session& session, const Options& options) {
    PROBATUM_LET(boxes, read_boxes(options));
    PROBATUM_LET(own, open_key(session, options.signing.key, options.signing.passphrase_file));
    PROBATUM_LET(secret, open_secret(boxes, own.key));
    PROBATUM_LET(passphrase, new_passphrase(session, options.lenders_passphrase));
    PROBATUM_TRY(save_key(options.out, secret, {own.label.organisation, "lenders"}, passphrase));
    session.result({{"file", options.out.string()}, {"key", to_hex(boxes.key.bytes())}},
                   fmt::format("{}: {}\n", session.say("written, encrypted", "已加密保存"), options.out.string()));
    return kExitYes;
}

Result<int> propose(Session& session, const Options& options) {
    PROBATUM_LET(boxes, read_boxes(options));
    PROBATUM_LET(file, node::read_file(options.boxes));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    std::vector<std::string> lenders;
    for (const LenderBox& box : boxes.boxes) {
        lenders.push_back(box.organisation);
    }
    const contracts::ProposeKeyBody body{boxes.key, std::move(lenders), sha256(file)};
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<std::vector<SecretKey>> open_lenders_keys(Session& session, const Options& options) {
    std::vector<SecretKey> out;
    for (const auto& file : options.lenders_keys) {
        PROBATUM_LET(opened, open_key(session, file, options.lenders_passphrase));
        out.push_back(std::move(opened.key));
    }
    if (out.empty()) {
        return fail(Errc::usage, "--lenders-key", "the file that finance-check unseal wrote");
    }
    return out;
}

Result<int> confirm(Session& session, const Options& options) {
    PROBATUM_LET(secrets, open_lenders_keys(session, options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    const contracts::ConfirmKeyBody body{secrets.front().public_key()};
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<contracts::FinancedItem> item_of(const Options& options) {
    PROBATUM_LET(kind, contracts::item_kind_from_name(options.kind));
    return contracts::normalised({kind, options.issuer, options.number});
}

struct InForce {
    std::uint64_t number;
    const SecretKey* secret;
};

/// The keys in force, oldest first, each with its secret among those at hand.
Result<std::vector<InForce>> keys_in_force(Session& session, rpc::Client& client,
                                           const std::vector<SecretKey>& secrets) {
    PROBATUM_LET(keys, session.call(client, "finance.keys"));
    std::vector<InForce> out;
    for (const char* const which : {"retiring", "current"}) {
        const Json& key = keys.at(which);
        if (key.is_null()) {
            continue;
        }
        const auto found = std::ranges::find_if(secrets, [&](const SecretKey& secret) {
            return to_hex(secret.public_key().bytes()) == key.at("key").get<std::string>();
        });
        if (found == secrets.end()) {
            return fail(Errc::financing_epochs, "--lenders-key",
                        "give the secret of key " + std::to_string(key.at("number").get<std::uint64_t>()) + " too");
        }
        out.push_back({key.at("number").get<std::uint64_t>(), &*found});
    }
    if (out.empty()) {
        return fail(Errc::financing_epochs, "finance.keys", "the lenders have no key in force");
    }
    return out;
}

Result<int> ask(Session& session, const Options& options) {
    PROBATUM_LET(item, item_of(options));
    PROBATUM_LET(secrets, open_lenders_keys(session, options));
    PROBATUM_LET(network, join(session, {.node = options.signing.node,
                                         .genesis_digest = options.signing.genesis_digest,
                                         .key = options.lenders_keys.front()}));
    PROBATUM_LET(in_force, keys_in_force(session, network.client, secrets));
    Json answers = Json::array();
    std::string text;
    bool financed = false;
    for (const InForce& key : in_force) {
        const PublicKey tag = keyed_tag::tag_of(*key.secret, contracts::encode(item));
        PROBATUM_LET(answer, session.call(network.client, "finance.check", {{"tag", to_hex(tag.bytes())}}));
        PROBATUM_LET(proven, verify_answer(answer, tag, network));
        financed = financed || !proven.financings.standing.empty();
        text += answer_text(session, proven);
        answers.push_back(std::move(answer));
    }
    if (!options.out.empty()) {
        PROBATUM_TRY(node::write_file(options.out, as_bytes(answers.dump(2) + "\n")));
    }
    session.result({{"financed", financed}, {"answers", std::move(answers)}}, text);
    return financed ? kExitNo : kExitYes;
}

Result<int> open(Session& session, const Options& options) {
    PROBATUM_LET(item, item_of(options));
    PROBATUM_LET(secrets, open_lenders_keys(session, options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(in_force, keys_in_force(session, signer.network.client, secrets));
    const Bytes name = contracts::encode(item);
    contracts::OpenFinancingBody body{.tags = {}, .rank = options.rank};
    for (const InForce& key : in_force) {
        body.tags.push_back({key.number, keyed_tag::tag_of(*key.secret, name)});
    }
    if (in_force.size() == 2) {
        body.same_item = keyed_tag::carry_over(*in_force[0].secret, *in_force[1].secret, body.tags.front().tag).proof;
    }
    if (!options.contract.empty()) {
        PROBATUM_LET(contract, digest_from_hex(options.contract));
        body.contract = contract;
    }
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<int> release(Session& session, const Options& options) {
    PROBATUM_LET(item, item_of(options));
    PROBATUM_LET(secrets, open_lenders_keys(session, options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(in_force, keys_in_force(session, signer.network.client, secrets));
    std::optional<contracts::ReleaseFinancingBody> body;
    for (const InForce& key : in_force) {
        const PublicKey tag = keyed_tag::tag_of(*key.secret, contracts::encode(item));
        PROBATUM_LET(answer, session.call(signer.network.client, "finance.check", {{"tag", to_hex(tag.bytes())}}));
        if (answer.at("financed").get<bool>()) {
            body = contracts::ReleaseFinancingBody{tag};
        }
    }
    if (!body) {
        return fail(Errc::financing_unknown, "item");
    }
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = *body, .side = {}});
}

Result<int> retag(Session& session, const Options& options) {
    PROBATUM_LET(item, item_of(options));
    PROBATUM_LET(secrets, open_lenders_keys(session, options));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(in_force, keys_in_force(session, signer.network.client, secrets));
    if (in_force.size() != 2) {
        return fail(Errc::financing_epochs, "finance.keys", "no key is retiring");
    }
    const PublicKey old_tag = keyed_tag::tag_of(*in_force[0].secret, contracts::encode(item));
    const keyed_tag::Carried carried = keyed_tag::carry_over(*in_force[0].secret, *in_force[1].secret, old_tag);
    const contracts::RetagBody body{old_tag, carried.tag, carried.proof};
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<int> show(Session& session, const Options& options) {
    PROBATUM_LET(item, item_of(options));
    PROBATUM_LET(secrets, open_lenders_keys(session, options));
    const ShownItem shown = show_item(secrets.front(), item);
    PROBATUM_TRY(node::write_file(options.out, encode(shown)));
    session.result({{"file", options.out.string()}, {"tag", to_hex(shown.tag.bytes())}},
                   fmt::format("{}: {}\n", session.say("opens this one item", "仅披露该标的"), options.out.string()));
    return kExitYes;
}

Result<int> verify_shown(Session& session, const Options& options) {
    PROBATUM_LET(bytes, node::read_file(options.file));
    PROBATUM_LET(shown, decode_shown_item(bytes));
    PROBATUM_TRY(verify(shown));
    const Json out{{"kind", contracts::name(shown.item.kind)},
                   {"issuer", shown.item.issuer},
                   {"number", shown.item.number},
                   {"key", to_hex(shown.key.bytes())},
                   {"tag", to_hex(shown.tag.bytes())},
                   {"state_key", to_hex(contracts::state_keys::financing(shown.tag))}};
    session.result(out, fmt::format("{}\n  {} {} {}\n  {}: {}\n  {}: {}\n",
                                    session.say("proven: under the lenders' key, this is the only tag of the item",
                                                "已证明：在该贷款机构密钥下，此标签唯一对应该标的"),
                                    contracts::name(shown.item.kind), shown.item.issuer, shown.item.number,
                                    session.say("key", "公钥"), to_hex(shown.key.bytes()), session.say("tag", "标签"),
                                    to_hex(shown.tag.bytes())));
    return kExitYes;
}

using Run = Result<int> (*)(Session&, const Options&);

struct Command {
    const char* name;
    Run run;
    const char* english;
    const char* chinese;
    bool signs, secret, item;
    const char* example;
};

constexpr Command kCommands[]{
    {"propose-key", propose, "Name the next key of the lenders on the chain", "在链上提出贷款机构新密钥", true, false,
     false, "--boxes lenders.boxes --key net/keys/bank-a.checker-1.key"},
    {"confirm-key", confirm, "Confirm the key whose secret was unsealed", "确认已打开的新密钥", true, true, false,
     "--lenders-key lenders.key --key net/keys/bank-a.checker-1.key"},
    {"ask", ask, "Whether an item is financed; the answer's proof is verified here. Exit code 1: it is",
     "查询标的是否已融资，本机验证证明；退出码 1 表示已融资", false, true, true,
     "--lenders-key lenders.key --kind invoice --issuer 91310000MA1FL0000B --number 12345678"},
    {"open", open, "Declare an item financed, before the money is paid", "放款前登记标的融资", true, true, true,
     "--lenders-key lenders.key --issuer 91310000MA1FL0000B --number 12345678 --key net/keys/bank-a.maker-1.key"},
    {"release", release, "The financing of an item has ended", "解除标的融资", true, true, true,
     "--lenders-key lenders.key --issuer 91310000MA1FL0000B --number 12345678 --key net/keys/bank-a.maker-1.key"},
    {"retag", retag, "Carry a financed item over to the new key", "将标的标签迁移至新密钥", true, true, true,
     "--lenders-key old.key --lenders-key new.key --issuer 91310000MA1FL0000B --number 12345678 --key "
     "net/keys/bank-a.maker-1.key"},
    {"show-item", show, "Write what opens one item for a court, and nothing else", "生成仅披露单一标的的文件", false,
     true, true, "--lenders-key lenders.key --issuer 91310000MA1FL0000B --number 12345678 --out item.shown"},
};

void add_item(CLI::App& command, const Commands& commands, Options& options) {
    command
        .add_option("--kind", options.kind,
                    commands.say("invoice, receivable, voucher, warehouse-receipt, order or right", "标的种类"))
        ->capture_default_str();
    command.add_option("--issuer", options.issuer, commands.say("Identifier of who issued it", "开具机构代码"))
        ->required();
    command.add_option("--number", options.number, commands.say("Its number", "编号"))->required();
}

void add_command(CLI::App& group, Commands& commands, const Command& shape) {
    const OptionsPtr options = std::make_shared<Options>();
    CLI::App* const command = commands.add(group, shape.name, shape.english, shape.chinese,
                                           std::string{"probatum finance-check "} + shape.name + " " + shape.example);
    if (shape.secret) {
        command
            ->add_option("--lenders-key", options->lenders_keys,
                         commands.say("The lenders' secret, as unsealed; twice while a key retires",
                                      "贷款机构密钥文件；密钥轮换期间给出两次"))
            ->required();
        command->add_option("--lenders-passphrase-file", options->lenders_passphrase,
                            commands.say("File that holds its passphrase", "其口令文件"));
    }
    if (shape.item) {
        add_item(*command, commands, *options);
    }
    if (shape.signs) {
        commands.add_signing(*command, options->signing);
    } else {
        command->add_option("--node", options->signing.node, commands.say("The node's address", "节点地址"));
        command->add_option("--genesis-digest", options->signing.genesis_digest,
                            commands.say("SHA-256 of genesis, known beforehand", "事先获知的创世摘要"));
        command->add_option("--out", options->out, commands.say("The file to write", "输出文件"));
    }
    if (shape.run == propose) {
        command->add_option("--boxes", options->boxes, commands.say("The sealed secrets", "密封件文件"))->required();
    }
    if (shape.run == open) {
        command->add_option("--rank", options->rank, commands.say("Behind those that stand", "后顺位序号"));
        command->add_option("--contract", options->contract, commands.say("Under this contract", "所属合同标识"));
    }
    command->callback([&commands, options, run = shape.run] {
        commands.chosen = [&commands, options, run] { return run(commands.session, *options); };
    });
}

}  // namespace

void add_financing_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "finance-check", "Whether an item is financed already, among lenders",
                                           "贷款机构间的重复融资核查");
    for (const Command& shape : kCommands) {
        add_command(*group, commands, shape);
    }

    const OptionsPtr sealing = std::make_shared<Options>();
    CLI::App* const seals = commands.add(*group, "new-key", "Make the lenders' next secret, sealed to each of them",
                                         "生成贷款机构新密钥并分别密封",
                                         "probatum finance-check new-key --to bank-a=02... --to bank-b=03... --out "
                                         "lenders.boxes");
    seals->add_option("--to", sealing->to, commands.say("ORGANISATION=PUBLIC KEY of a member", "机构=成员公钥"))
        ->required();
    seals->add_option("--out", sealing->out, commands.say("The file to write", "输出文件"))->required();
    seals->callback(
        [&commands, sealing] { commands.chosen = [&commands, sealing] { return seal(commands.session, *sealing); }; });

    const OptionsPtr opening = std::make_shared<Options>();
    CLI::App* const opens = commands.add(
        *group, "unseal", "Open the own box and keep the secret encrypted", "打开本机构密封件并加密保存密钥",
        "probatum finance-check unseal --boxes lenders.boxes --key checker.key --out lenders.key");
    opens->add_option("--boxes", opening->boxes, commands.say("The sealed secrets", "密封件文件"))->required();
    opens->add_option("--key", opening->signing.key, commands.say("Key that a box was sealed to", "密封所用密钥"))
        ->required();
    opens->add_option("--passphrase-file", opening->signing.passphrase_file,
                      commands.say("File that holds its passphrase", "其口令文件"));
    opens->add_option("--lenders-passphrase-file", opening->lenders_passphrase,
                      commands.say("Passphrase of the file written", "输出文件口令"));
    opens->add_option("--out", opening->out, commands.say("The file to write", "输出文件"))->required();
    opens->callback([&commands, opening] {
        commands.chosen = [&commands, opening] { return unseal(commands.session, *opening); };
    });

    const OptionsPtr verifying = std::make_shared<Options>();
    CLI::App* const verifies =
        commands.add(*group, "verify-item", "Verify what opens one item; no network, no secret",
                     "离线验证单一标的的披露文件", "probatum finance-check verify-item item.shown");
    verifies->add_option("file", verifying->file, commands.say("The file", "文件"))->required();
    verifies->callback([&commands, verifying] {
        commands.chosen = [&commands, verifying] { return verify_shown(commands.session, *verifying); };
    });
}

}  // namespace probatum::tools
