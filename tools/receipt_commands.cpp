#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/civil_time.h"
#include "base/hash.h"
#include "base/text_encoding.h"
#include "contracts/genesis.h"
#include "evidence/cose_receipt.h"
#include "evidence/verify.h"
#include "evidence/x509/time_stamp.h"
#include "node/machine.h"
#include "rpc/views.h"
#include "tools/bundle_commands.h"
#include "tools/keys.h"
#include "tools/tsa_client.h"

namespace probatum::tools {

namespace {

struct ReceiptOptions {
    std::filesystem::path statement, bundle, key, out;
    std::optional<std::filesystem::path> passphrase_file;
    std::string genesis_digest, tsa;
    std::filesystem::path ca;
};

Result<evidence::Bundle> read_bundle(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file, evidence::kMaxBundleBytes));
    return evidence::decode_bundle(bytes);
}

/// The set that agreed on a block, among those that the bundle leads to.
Result<ledger::ValidatorSet> set_of(const evidence::Bundle& bundle, const ledger::Header& header) {
    PROBATUM_LET(genesis, contracts::decode_genesis(bundle.genesis));
    std::vector<ledger::ValidatorSet> sets{genesis.validator_set()};
    for (const evidence::ValidatorChange& change : bundle.validator_path) {
        sets.push_back(change.next);
    }
    for (ledger::ValidatorSet& set : sets) {
        if (set.digest() == header.validators) {
            return std::move(set);
        }
    }
    return fail(Errc::evidence_mismatch, "header.validators");
}

Result<Bytes> ask_token(const std::string& tsa, ByteView stamped) {
    ByteArray<8> nonce{};
    node::fill_random(nonce);
    PROBATUM_LET(request, evidence::x509::make_request(stamped, evidence::x509::kDefaultHash, nonce));
    PROBATUM_LET(response, ask_time_stamp(tsa, request));
    return evidence::x509::token_of_response(response, request);
}

/// When an authority saw the receipt; empty where there is no time-stamp or no authority is trusted.
Result<std::string> external_time(const evidence::CoseReceipt& receipt, const std::filesystem::path& ca_file) {
    if (!receipt.time_stamp || ca_file.empty()) {
        return std::string{};
    }
    PROBATUM_LET(ca, node::read_file(ca_file));
    PROBATUM_LET(facts, evidence::x509::verify_token(*receipt.time_stamp, evidence::stamped_bytes(receipt), ca));
    return to_rfc3339(facts.time) + " " + facts.authority;
}

/// A receipt of a refused transaction holds as well as any other: the reader must see which it is.
std::string outcome_line(const Session& session, const ledger::Outcome& outcome) {
    if (outcome.accepted()) {
        return fmt::format("  {}\n", session.say("accepted", "已接受"));
    }
    const ErrorInfo* const line = find_error(outcome.code);
    const std::string_view name = line == nullptr ? "" : line->name;
    return fmt::format("  {} {} {} [{}]\n", session.say("REFUSED", "已拒绝"), outcome.code, name, outcome.field);
}

/// A validator signs only what it has verified itself.
Result<int> issue(Session& session, const ReceiptOptions& options) {
    PROBATUM_LET(genesis_digest, digest_from_hex(options.genesis_digest));
    PROBATUM_LET(bytes, node::read_file(options.bundle, evidence::kMaxBundleBytes));
    const evidence::Report report = evidence::verify(bytes, {.genesis_digest = genesis_digest});
    if (report.conclusion != evidence::Conclusion::valid) {
        return fail(Errc::evidence_mismatch, report.failed_check, "the bundle does not hold");
    }
    PROBATUM_LET(bundle, evidence::decode_bundle(bytes));
    if (!bundle.record) {
        return fail(Errc::unusable_input, "bundle", "a receipt is for one record: take its bundle by transaction id");
    }
    PROBATUM_LET(set, set_of(bundle, bundle.record->block.header));
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    PROBATUM_LET(receipt, evidence::draft_receipt(*bundle.record, set, opened.key.public_key().id()));
    receipt.signature = opened.key.sign(sha256(evidence::signing_bytes(receipt)));
    if (!options.tsa.empty()) {
        PROBATUM_LET(token, ask_token(options.tsa, evidence::stamped_bytes(receipt)));
        receipt.time_stamp = std::move(token);
    }
    const Bytes file = evidence::encode(
        evidence::TransparentStatement{to_bytes(bundle.record->transaction->statement_bytes()), {receipt}});
    PROBATUM_TRY(node::write_file(options.out, file));
    session.result({{"file", options.out.string()},
                    {"transaction", to_hex(bundle.subject.id)},
                    {"issuer", receipt.issuer},
                    {"bytes", file.size()}},
                   fmt::format("{}: {} ({} {})\n", session.say("written", "已写入"), options.out.string(), file.size(),
                               session.say("bytes", "字节")));
    return kExitYes;
}

Result<int> check(Session& session, const ReceiptOptions& options) {
    PROBATUM_LET(genesis_digest, digest_from_hex(options.genesis_digest));
    PROBATUM_LET(bytes, node::read_file(options.statement, evidence::kMaxReceiptBytes));
    PROBATUM_LET(statement, evidence::decode_transparent(bytes));
    PROBATUM_LET(bundle, read_bundle(options.bundle));
    rpc::Json receipts = rpc::Json::array();
    std::string text;
    for (const evidence::CoseReceipt& receipt : statement.receipts) {
        // The whole path: the step that ends the receipt's reign says which of its blocks the chain went on from.
        PROBATUM_TRY(evidence::verify_transparent({statement.statement, {receipt}}, bundle.genesis, genesis_digest,
                                                  bundle.validator_path));
        const std::string height = std::to_string(receipt.block.header.height.raw());
        PROBATUM_LET(external, external_time(receipt, options.ca));
        const std::string_view time_stamp = !receipt.time_stamp ? "none" : options.ca.empty() ? "not-checked" : "holds";
        receipts.push_back({{"issuer", receipt.issuer},
                            {"height", height},
                            {"log_index", receipt.leaf_index},
                            {"outcome", rpc::view_of(receipt.entry.outcome)},
                            {"time_stamp", time_stamp},
                            {"external_time", external}});
        text +=
            fmt::format("{} {} {} {} {}\n", session.say("receipt holds: issued by", "回执有效：签发人"), receipt.issuer,
                        session.say("over the log of final block", "，最终区块"), height, session.say("", "的日志"));
        text += outcome_line(session, receipt.entry.outcome);
        text += external.empty() ? "" : fmt::format("  RFC 3161: {}\n", external);
        if (time_stamp == "not-checked") {
            text += fmt::format("  RFC 3161: {}\n",
                                session.say("a time-stamp stands there, NOT CHECKED: name its authority by --tsa-ca",
                                            "附有时间戳，未核验：请以 --tsa-ca 指定时间戳机构证书"));
        }
    }
    const std::string transaction = to_hex(sha256(statement.statement));
    session.result({{"transaction", transaction}, {"receipts", std::move(receipts)}},
                   fmt::format("{} {}\n{}", session.say("transaction", "交易"), transaction, text));
    return kExitYes;
}

}  // namespace

void add_receipt_commands(CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<ReceiptOptions>();
    const auto add_common = [&commands, options](CLI::App* command) {
        command
            ->add_option("--genesis-digest", options->genesis_digest,
                         commands.say("SHA-256 of genesis, known from elsewhere", "从其他途径获知的创世摘要"))
            ->required();
    };
    CLI::App* const issues = commands.add(
        group, "receipt",
        "Issue a COSE Receipt (RFC 9942) for a record with a validator's key: statement and receipt in one file, for "
        "tools of others",
        "以验证节点密钥为存证记录签发 COSE 回执（RFC 9942），与陈述合为一个文件，供其他工具使用",
        "probatum evidence receipt record.evidence --key validator.key --out record.cose --genesis-digest 6f1c...");
    issues->add_option("bundle", options->bundle, commands.say("Evidence file of one record", "单条记录的证据文件"))
        ->required();
    issues->add_option("--key", options->key, commands.say("The validator's identity key", "验证节点身份密钥"))
        ->required();
    issues->add_option("--passphrase-file", options->passphrase_file,
                       commands.say("File that holds the passphrase (mode 0600)", "口令文件（权限 0600）"));
    issues->add_option("--out", options->out, commands.say("The file to write", "输出文件"))->required();
    issues->add_option("--tsa", options->tsa,
                       commands.say("Have the receipt time-stamped (RFC 9921) by this authority, http://...",
                                    "由此时间戳机构为回执加盖时间戳（RFC 9921），http://..."));
    add_common(issues);
    issues->callback(
        [&commands, options] { commands.chosen = [&commands, options] { return issue(commands.session, *options); }; });

    CLI::App* const checks =
        commands.add(group, "check-receipt", "Verify a statement with its receipts offline", "离线验证带回执的陈述",
                     "probatum evidence check-receipt record.cose --bundle any.evidence --genesis-digest 6f1c...");
    checks->add_option("statement", options->statement, commands.say("Statement with receipts", "带回执的陈述"))
        ->required();
    checks
        ->add_option("--bundle", options->bundle,
                     commands.say("Any evidence file of the network, for genesis and the path of validators",
                                  "同一网络的任一证据文件，用于取得创世文件与验证节点路径"))
        ->required();
    checks->add_option("--tsa-ca", options->ca,
                       commands.say("Certificates (PEM) of time-stamping authorities that you trust",
                                    "您信任的时间戳机构证书（PEM）"));
    add_common(checks);
    checks->callback(
        [&commands, options] { commands.chosen = [&commands, options] { return check(commands.session, *options); }; });
}

}  // namespace probatum::tools
