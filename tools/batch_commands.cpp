#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "base/hash.h"
#include "base/text_encoding.h"
#include "evidence/batch.h"
#include "node/machine.h"
#include "tools/batch_files.h"
#include "tools/bundle_commands.h"

namespace probatum::tools {

namespace {

struct BatchOptions {
    SigningOptions signing;
    std::filesystem::path source, out;
    std::string title;
    bool prepare_only{false};
};

/// Folders of 256, so that a million files do not stand in one.
std::filesystem::path proof_path(const Digest& document) {
    const std::string hex = to_hex(document);
    return std::filesystem::path{"proofs"} / hex.substr(0, 2) / (hex + std::string{evidence::kBatchProofSuffix});
}

/// One file per document, each written once: what is there from an earlier run stays if it is the same.
Result<void> write_proofs(Session& session, const evidence::BatchTree& tree, const std::filesystem::path& out) {
    for (std::uint64_t i = 0; i < tree.leaves().size(); ++i) {
        const Bytes proof = evidence::encode(tree.prove(i));
        const std::filesystem::path file = out / proof_path(tree.leaves()[i].sha256);
        const auto there = node::read_file(file, evidence::kMaxBatchProofBytes);
        if (!there || *there != proof) {
            std::error_code ignored;
            std::filesystem::create_directories(file.parent_path(), ignored);
            std::ofstream stream{file, std::ios::binary | std::ios::trunc};
            stream.write(reinterpret_cast<const char*>(proof.data()), static_cast<std::streamsize>(proof.size()));
            if (!stream.flush()) {
                return fail(Errc::storage_failed, file.string());
            }
        }
        show_progress(session, session.say("proofs", "写入证明"), {i + 1, tree.leaves().size()});
    }
    return {};
}

Result<void> write_index(const std::vector<BatchItem>& items, const std::filesystem::path& out) {
    std::ofstream stream{out / "index.csv", std::ios::trunc};
    stream << "name,sha-256,size,proof\n";
    for (const BatchItem& item : items) {
        std::string name;
        for (const char each : item.name) {
            name += each == '"' ? "\"\"" : std::string(1, each);
        }
        stream << '"' << name << "\"," << to_hex(item.leaf.sha256) << ',' << item.leaf.size_bytes << ','
               << proof_path(item.leaf.sha256).string() << '\n';
    }
    if (!stream.flush()) {
        return fail(Errc::storage_failed, (out / "index.csv").string());
    }
    return {};
}

contracts::Action deposit_of(const evidence::BatchHead& head, const BatchOptions& options) {
    const Bytes bytes = evidence::encode(head);
    contracts::DepositBody body{
        .digests = {{DigestAlgorithm::sha256, sha256(bytes)}, {DigestAlgorithm::sm3, sm3(bytes)}},
        .size_bytes = bytes.size(),
        .media_type = std::string{evidence::kBatchMediaType}};
    if (!options.title.empty()) {
        body.title = options.title;
    }
    return {.contract = {}, .body = std::move(body), .side = {}};
}

/// Whether an earlier run got as far as the chain: the same batch is not registered twice.
Result<bool> is_registered(Session& session, Signer& signer, const Digest& head) {
    auto found = session.call(signer.network.client, "evidence.get", {{"id", to_hex(head)}});
    if (!found) {
        return found.error().code == Errc::not_found ? Result<bool>{false} : tl::unexpected{found.error()};
    }
    for (const rpc::Json& record : found->at("records")) {
        if (record.value("organisation", "") == signer.organisation) {
            session.result(*found,
                           fmt::format("{} {}\n", session.say("already registered, transaction", "已登记，交易"),
                                       record.value("transaction", "")));
            return true;
        }
    }
    return false;
}

Result<int> notarize_batch(Session& session, const BatchOptions& options) {
    std::error_code problem;
    std::filesystem::create_directories(options.out, problem);
    if (problem) {
        return fail(Errc::storage_failed, options.out.string(), problem.message());
    }
    PROBATUM_LET(items, read_batch(session, options.source, options.out / "digests.csv"));
    std::vector<evidence::BatchLeaf> leaves;
    leaves.reserve(items.size());
    for (const BatchItem& item : items) {
        leaves.push_back(item.leaf);
    }
    PROBATUM_LET(tree, evidence::BatchTree::make(std::move(leaves)));
    PROBATUM_TRY(write_proofs(session, tree, options.out));
    PROBATUM_TRY(write_index(items, options.out));
    const Bytes head = evidence::encode(tree.head());
    PROBATUM_TRY(node::write_file(options.out / "batch.cbor", head));
    session.note(fmt::format("{} {}, {} {}, {} {}", session.say("listed", "列出"), items.size(),
                             session.say("distinct", "去重后"), tree.head().count, session.say("root", "根"),
                             to_hex(tree.head().root)));
    if (options.prepare_only) {
        session.result(
            {{"count", tree.head().count}, {"root", to_hex(tree.head().root)}, {"head", to_hex(sha256(head))}},
            fmt::format("{}\n", session.say("prepared, nothing registered", "已准备，尚未登记")));
        return kExitYes;
    }
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(registered, is_registered(session, signer, sha256(head)));
    return registered ? Result<int>{kExitYes}
                      : sign_and_submit(session, options.signing, signer, deposit_of(tree.head(), options));
}

}  // namespace

void add_batch_commands(CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<BatchOptions>();
    CLI::App* const out = commands.add(
        group, "notarize-batch",
        "Record up to a million documents with one transaction; each gets a small proof file of its own. Run it again "
        "after an interruption: it goes on where it stopped",
        "以一笔交易对至多一百万个文件存证，每个文件各得一份小型证明；中断后再次运行即可继续",
        "probatum evidence notarize-batch receipts/ --out receipts.batch --key net/keys/bank-a.maker-1.key");
    out->add_option("source", options->source,
                    commands.say("A folder, or a CSV with the header `file` or `sha-256,sm3,size,name`",
                                 "文件夹，或首行为 `file` 或 `sha-256,sm3,size,name` 的 CSV"))
        ->required();
    out->add_option(
           "--out", options->out,
           commands.say("Folder for proofs, index.csv and batch.cbor", "证明文件、index.csv 与 batch.cbor 的文件夹"))
        ->required();
    out->add_option("--title", options->title, commands.say("Title of the batch", "批次标题"));
    out->add_flag("--prepare-only", options->prepare_only,
                  commands.say("Write the proofs, register nothing", "仅写出证明，不登记"));
    commands.add_signing(*out, options->signing);
    out->get_option("--key")->required(false);
    out->callback([&commands, options] {
        commands.chosen = [&commands, options] { return notarize_batch(commands.session, *options); };
    });
}

}  // namespace probatum::tools
