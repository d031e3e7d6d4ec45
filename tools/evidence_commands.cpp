#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "node/machine.h"
#include "rpc/params.h"
#include "tools/bundle_commands.h"
#include "tools/commands.h"
#include "tools/contract_lookup.h"
#include "tools/documents.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct NotarizeOptions {
    SigningOptions signing;
    std::filesystem::path file;
    std::string title, media_type, system{"probatum"}, system_version{"0.1.0"}, captured_at, contract;
    std::vector<std::string> references;
};

struct ReadOptions {
    NetworkOptions network;
    std::string id, subject;
    std::filesystem::path out;
};

Result<contracts::Provenance> provenance_of(const NotarizeOptions& options, const Signer& signer,
                                            const LocalDocument& document) {
    contracts::Provenance out;
    out.system = options.system;
    out.system_version = options.system_version;
    if (!signer.member.id.empty()) {
        out.operator_name = signer.member.id;
    }
    out.method = contracts::CaptureMethod::upload;
    out.captured_at = node::wall_clock();
    if (!options.captured_at.empty()) {
        auto given = parse_rfc3339(options.captured_at);
        if (!given) {
            return fail(given.error().code, "--captured-at", "an instant is 2026-11-21T08:00:00+08:00");
        }
        out.captured_at = *given;
    }
    out.original_digests = document.digests;
    out.original_size = document.size_bytes;
    for (const std::string& reference : options.references) {
        const auto equals = reference.find('=');
        if (equals == std::string::npos || equals == 0) {
            return fail(Errc::usage, "--reference", "a reference is KIND=VALUE, as bank-receipt=20261121-7");
        }
        out.references.push_back({reference.substr(0, equals), reference.substr(equals + 1)});
    }
    return out;
}

Result<int> notarize(Session& session, const NotarizeOptions& options) {
    PROBATUM_LET(document, digest_file(options.file));
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(provenance, provenance_of(options, signer, document));
    contracts::DepositBody body{.digests = document.digests,
                                .size_bytes = document.size_bytes,
                                .media_type = options.media_type.empty() ? document.media_type : options.media_type};
    body.title = options.title.empty() ? document.file.filename().string() : options.title;
    body.provenance = std::move(provenance);
    contracts::Action action{.contract = {}, .body = std::move(body), .side = {}};
    if (!options.contract.empty()) {
        PROBATUM_LET(id, find_contract_id(session, signer.network.client, options.contract));
        action.contract = id;
    }
    return sign_and_submit(session, options.signing, signer, action);
}

/// A contract's own number, an id, or a file whose digest is meant.
Result<Digest> find_id(Session& session, rpc::Client& client, const std::string& typed) {
    if (const auto id = digest_from_hex(typed)) {
        return *id;
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(typed, ignored)) {
        PROBATUM_LET(document, digest_file(typed));
        return *contracts::find_digest(document.digests, DigestAlgorithm::sha256);
    }
    return find_contract_id(session, client, typed);
}

Result<int> get(Session& session, const ReadOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(id, find_id(session, client, options.id));
    PROBATUM_LET(found, session.call(client, "evidence.get", {{"id", to_hex(id)}}));
    std::string text;
    for (const Json& record : found.at("records")) {
        const Json& body = record.at("content").at("body");
        text +=
            fmt::format("{}  {}  {}  {}\n    {} {}\n", record.at("transaction").get<std::string>(),
                        record.at("time").get<std::string>(), record.at("organisation").get<std::string>(),
                        body.value("title", ""), "sha-256", body.value("digests", Json::object()).value("sha-256", ""));
    }
    for (const Json& contract : found.at("contracts")) {
        text += fmt::format("{} {}\n", session.say("contract", "合同"), contract.get<std::string>());
    }
    session.result(found, text);
    return kExitYes;
}

Result<int> bundle(Session& session, const ReadOptions& options) {
    PROBATUM_LET(client, connect(options.network));
    PROBATUM_LET(id, find_id(session, client, options.id));
    Json asked{{"id", to_hex(id)}};
    if (!options.subject.empty()) {
        asked["subject"] = options.subject;
    }
    PROBATUM_LET(answer, session.call(client, "evidence.bundle", std::move(asked)));
    PROBATUM_LET(bytes, from_base64url(answer.at("bundle").get_ref<const std::string&>()));
    PROBATUM_TRY(node::write_file(options.out, bytes));
    const std::string digest = to_hex(sha256(bytes));
    session.result(
        {{"file", options.out.string()}, {"bytes", bytes.size()}, {"sha256", digest}, {"height", answer.at("height")}},
        fmt::format("{}: {} ({} {})\nsha-256: {}\n{}: probatum verify {} --genesis-digest ...\n",
                    session.say("written", "已写入"), options.out.string(), bytes.size(), session.say("bytes", "字节"),
                    digest, session.say("verify it", "验证"), options.out.string()));
    return kExitYes;
}

void add_notarize(CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<NotarizeOptions>();
    CLI::App* const out = commands.add(group, "notarize", "Record the digests of a file; the file itself is never sent",
                                       "对文件摘要存证；文件本身不会发送",
                                       "probatum evidence notarize receipt.pdf --key net/keys/bank-a.maker-1.key");
    out->add_option("file", options->file, commands.say("The file", "文件"))->required();
    out->add_option("--title", options->title, commands.say("Otherwise the file's name", "标题；缺省为文件名"));
    out->add_option("--media-type", options->media_type,
                    commands.say("Otherwise by the file's suffix", "媒体类型；缺省按扩展名"));
    out->add_option("--contract", options->contract,
                    commands.say("The contract it belongs to: id or own number", "所属合同的标识或编号"));
    out->add_option("--system", options->system, commands.say("Capturing system", "采集系统"))->capture_default_str();
    out->add_option("--system-version", options->system_version, commands.say("Its version", "采集系统版本"))
        ->capture_default_str();
    out->add_option("--captured-at", options->captured_at,
                    commands.say("RFC 3339; now if not given", "采集时间（RFC 3339）；缺省为当前时间"));
    out->add_option(
        "--reference", options->references,
        commands.say("Corroborating, KIND=VALUE; may be given several times", "佐证信息 KIND=VALUE，可多次给出"));
    commands.add_signing(*out, options->signing);
    out->callback([&commands, options] {
        commands.chosen = [&commands, options] { return notarize(commands.session, *options); };
    });
}

}  // namespace

void add_evidence_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "evidence", "Notarise files and take proofs away", "文件存证与证据包");
    add_notarize(*group, commands);

    const auto getting = std::make_shared<ReadOptions>();
    CLI::App* const gets =
        commands.add(*group, "get", "What is recorded under a transaction id, or of a file", "按交易标识或文件查询存证",
                     "probatum evidence get receipt.pdf --node http://127.0.0.1:8100");
    gets->add_option(
            "id", getting->id,
            commands.say("Transaction id, SHA-256 of a document, or a file", "交易标识、文件 SHA-256 摘要，或文件"))
        ->required();
    commands.add_network(*gets, getting->network);
    gets->callback(
        [&commands, getting] { commands.chosen = [&commands, getting] { return get(commands.session, *getting); }; });

    const auto taking = std::make_shared<ReadOptions>();
    CLI::App* const takes =
        commands.add(*group, "bundle", "Take away one file that proves a contract, a record or a document",
                     "导出可独立验证的证据文件",
                     "probatum evidence bundle HDSF-2025-LD-0317 --out case.evidence --node http://127.0.0.1:8100");
    takes
        ->add_option("id", taking->id,
                     commands.say("Contract id or own number, transaction id, SHA-256 of a document, or a file",
                                  "合同标识或编号、交易标识、文件摘要，或文件"))
        ->required();
    takes
        ->add_option("--out", taking->out,
                     commands.say("The file to write, suffix .evidence", "输出文件，后缀 .evidence"))
        ->required();
    takes
        ->add_option(
            "--subject", taking->subject,
            commands.say("What the id is of; needed for a negative answer: `document` proves that nothing uses "
                         "it, `standing` that there is no such contract, or no event after those counted",
                         "标识的类型；用于否定性证明：document 证明无任何事项使用该文件，standing "
                         "证明不存在该合同或其后再无事件"))
        ->check(CLI::IsMember({"contract", "record", "document", "standing"}));
    commands.add_network(*takes, taking->network);
    takes->callback(
        [&commands, taking] { commands.chosen = [&commands, taking] { return bundle(commands.session, *taking); }; });
    add_bundle_file_commands(app, *group, commands);
    add_receipt_commands(*group, commands);
    add_timestamp_commands(*group, commands);
    add_batch_commands(*group, commands);
}

}  // namespace probatum::tools
