#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/civil_time.h"
#include "base/hash.h"
#include "evidence/additions.h"
#include "evidence/x509/time_stamp.h"
#include "node/machine.h"
#include "tools/bundle_commands.h"
#include "tools/keys.h"
#include "tools/tsa_client.h"

namespace probatum::tools {

namespace {

struct StampOptions {
    std::filesystem::path bundle, key, out, query_out, reply, ca;
    std::optional<std::filesystem::path> passphrase_file;
    std::string tsa, hash{evidence::x509::kDefaultHash};
    bool renew{false};
};

/// The tokens that the new one is to renew, and which addition they stand in.
struct Chain {
    std::vector<Bytes> tokens;
    std::optional<std::size_t> addition;
};

Result<Chain> chain_of(const evidence::Bundle& bundle, const Digest& core, bool renew) {
    if (!renew) {
        return Chain{};
    }
    if (bundle.additions.empty()) {
        return fail(Errc::unusable_input, "bundle", "there is no time-stamp to renew");
    }
    const std::size_t last = bundle.additions.size() - 1;
    PROBATUM_LET(content, evidence::open_addition(bundle.additions[last], core, sha256(bundle.genesis)));
    return Chain{std::move(content.tokens), last};
}

/// Over the network, or by files where the authority is out of reach; then no nonce, because nothing keeps it.
Result<Bytes> obtain_token(const StampOptions& options, ByteView stamped) {
    ByteArray<8> nonce{};
    if (!options.tsa.empty()) {
        node::fill_random(nonce);
    }
    PROBATUM_LET(request, evidence::x509::make_request(stamped, options.hash,
                                                       options.tsa.empty() ? ByteView{} : ByteView{nonce}));
    if (!options.tsa.empty()) {
        PROBATUM_LET(response, ask_time_stamp(options.tsa, request));
        return evidence::x509::token_of_response(response, request);
    }
    PROBATUM_LET(response, node::read_file(options.reply));
    return evidence::x509::token_of_response(response, request);
}

Result<int> write_query(Session& session, const StampOptions& options, ByteView stamped) {
    PROBATUM_LET(request, evidence::x509::make_request(stamped, options.hash, {}));
    PROBATUM_TRY(node::write_file(options.query_out, request));
    session.result({{"query", options.query_out.string()}},
                   fmt::format("{}: {}\n", session.say("query written", "已写入请求"), options.query_out.string()));
    return kExitYes;
}

Result<int> stamp(Session& session, const StampOptions& options) {
    PROBATUM_LET(bytes, node::read_file(options.bundle, evidence::kMaxBundleBytes));
    PROBATUM_LET(bundle, evidence::decode_bundle(bytes));
    const Bytes core = evidence::encode_core(bundle);
    PROBATUM_LET(chain, chain_of(bundle, sha256(core), options.renew));
    const Bytes stamped = evidence::stamped_bytes(core, chain.tokens, chain.tokens.size());
    if (!options.query_out.empty()) {
        return write_query(session, options, stamped);
    }
    if (options.tsa.empty() == options.reply.empty() || options.out.empty() || options.key.empty()) {
        return fail(Errc::usage, "", "either --tsa or --reply is needed, and --key and --out");
    }
    PROBATUM_LET(token, obtain_token(options, stamped));
    if (!options.ca.empty()) {
        PROBATUM_LET(ca, node::read_file(options.ca));
        PROBATUM_LET(facts, evidence::x509::verify_token(token, stamped, ca));
        session.note(
            fmt::format("{} {} {}", session.say("stamped", "时间戳"), to_rfc3339(facts.time), facts.authority));
    }
    chain.tokens.push_back(std::move(token));
    PROBATUM_LET(opened, open_key(session, options.key, options.passphrase_file));
    const PublicKey key = opened.key.public_key();
    if (opened.label.organisation.empty()) {
        return fail(Errc::usage, "--key", "the key file names no organisation");
    }
    const cose::ProtectedHeader header =
        evidence::addition_header(sha256(bundle.genesis), key.id(), opened.label.organisation);
    const std::size_t tokens = chain.tokens.size();
    evidence::Addition addition{
        key, cose::sign(opened.key, header, evidence::encode(evidence::AdditionContent{sha256(core), chain.tokens}))};
    if (chain.addition) {
        bundle.additions[*chain.addition] = std::move(addition);
    } else {
        bundle.additions.push_back(std::move(addition));
    }
    PROBATUM_TRY(node::write_file(options.out, evidence::encode(bundle)));
    session.result({{"file", options.out.string()}, {"tokens", tokens}},
                   fmt::format("{}: {} ({} {})\n", session.say("written", "已写入"), options.out.string(), tokens,
                               session.say("time-stamps in this chain", "个时间戳")));
    return kExitYes;
}

void add_options(CLI::App& command, Commands& commands, StampOptions& options) {
    command.add_option("bundle", options.bundle, commands.say("The evidence file", "证据文件"))->required();
    command.add_option(
        "--tsa", options.tsa,
        commands.say("The authority, http://tsa.example.org/tsr", "时间戳机构，http://tsa.example.org/tsr"));
    command.add_option("--key", options.key, commands.say("Who adds it signs with this key", "附加者以此密钥签署"));
    command.add_option("--passphrase-file", options.passphrase_file,
                       commands.say("File that holds the passphrase (mode 0600)", "口令文件（权限 0600）"));
    command.add_option("--out", options.out, commands.say("The file to write", "输出文件"));
    command.add_option("--hash", options.hash, commands.say("sha256, sha384 or sha512", "sha256、sha384 或 sha512"))
        ->capture_default_str();
    command.add_option(
        "--tsa-ca", options.ca,
        commands.say("Check the token at once under these certificates (PEM)", "立即以此证书（PEM）核验"));
    command.add_option(
        "--query-out", options.query_out,
        commands.say("Only write the query, to be taken to the authority", "仅写出请求文件，由人工送达"));
    command.add_option("--reply", options.reply,
                       commands.say("The authority's reply to that query", "时间戳机构对该请求的答复文件"));
}

}  // namespace

void add_timestamp_commands(CLI::App& group, Commands& commands) {
    const auto stamping = std::make_shared<StampOptions>();
    CLI::App* const stamps =
        commands.add(group, "timestamp", "Add a time-stamp (RFC 3161) by an independent authority to an evidence file",
                     "由独立时间戳机构为证据文件加盖时间戳（RFC 3161）",
                     "probatum evidence timestamp case.evidence --tsa http://tsa.example.org/tsr --key me.key --out "
                     "stamped.evidence");
    add_options(*stamps, commands, *stamping);
    stamps->callback([&commands, stamping] {
        commands.chosen = [&commands, stamping] { return stamp(commands.session, *stamping); };
    });

    const auto renewing = std::make_shared<StampOptions>();
    renewing->renew = true;
    CLI::App* const renews = commands.add(
        group, "renew", "Renew the last time-stamp before its algorithm or certificate fails (the idea of RFC 4998)",
        "在算法或证书失效之前续期最后一个时间戳（RFC 4998 之理念）",
        "probatum evidence renew stamped.evidence --tsa http://tsa.example.org/tsr --hash sha512 --key me.key --out "
        "renewed.evidence");
    add_options(*renews, commands, *renewing);
    renews->callback([&commands, renewing] {
        commands.chosen = [&commands, renewing] { return stamp(commands.session, *renewing); };
    });
}

}  // namespace probatum::tools
