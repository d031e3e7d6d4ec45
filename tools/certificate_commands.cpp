#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "contracts/certificates.h"
#include "evidence/x509/judge.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/plain_text.h"

namespace probatum::tools {

namespace {

using rpc::Json;

struct StatementOptions {
    SigningOptions signing;
    std::filesystem::path certificate;
    std::filesystem::path out;
};

struct BindOptions {
    SigningOptions signing;
    std::vector<std::filesystem::path> chain;
    std::filesystem::path cross_signature;
    std::vector<std::filesystem::path> ocsp;
    std::vector<std::filesystem::path> crl;
};

struct ReadOptions {
    NetworkOptions network;
    std::string key_id;
};

Result<std::vector<Bytes>> read_certificates(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file, contracts::kMaxBindingBytes * 2));
    PROBATUM_LET(out, evidence::x509::certificates_of(bytes));
    return out;
}

contracts::CrossStatement statement_of(const Signer& signer, const Bytes& certificate) {
    return {signer.network.chain_id, signer.organisation, signer.member.id, signer.key.public_key().id(),
            sha256(certificate)};
}

Result<int> make_statement(Session& session, const StatementOptions& options) {
    PROBATUM_LET(signer, open_signer(session, options.signing));
    PROBATUM_LET(certificates, read_certificates(options.certificate));
    const contracts::CrossStatement statement = statement_of(signer, certificates.front());
    const Bytes bytes = contracts::cross_statement(statement);
    PROBATUM_TRY(node::write_file(options.out, bytes));
    session.result(
        {{"file", options.out.string()},
         {"certificate", to_hex(statement.certificate)},
         {"key_id", to_hex(statement.key.digest)},
         {"statement", to_hex(bytes)}},
        fmt::format("{}: {}\n", session.say("let the certificate's key sign this file", "请用证书私钥签署此文件"),
                    options.out.string()));
    return kExitYes;
}

/// What a verifier would say about it now: a warning, never a refusal, because the chain does not judge either.
void warn(Session& session, const contracts::BindCertificateBody& body, const Bytes& statement) {
    const UnixMs now = node::wall_clock();
    const evidence::CertificateJudgement found =
        evidence::x509::OpenSslJudge{}.judge({.chain = body.chain,
                                              .cross_signature = body.cross_signature,
                                              .statement = statement,
                                              .status = body.status,
                                              .from = now,
                                              .until = now});
    for (const evidence::CertificateAspect& aspect : found.aspects) {
        const bool good = aspect.verdict == evidence::AspectVerdict::good;
        session.note(fmt::format("{}: {} {}\n",
                                 good ? session.say("checked", "已核对") : session.say("WARNING", "警告"), aspect.name,
                                 aspect.found));
    }
}

Result<int> bind(Session& session, const BindOptions& options) {
    contracts::BindCertificateBody body;
    for (const std::filesystem::path& file : options.chain) {
        PROBATUM_LET(certificates, read_certificates(file));
        body.chain.insert(body.chain.end(), certificates.begin(), certificates.end());
    }
    PROBATUM_LET(signature, node::read_file(options.cross_signature, contracts::kMaxCrossSignatureBytes));
    body.cross_signature = signature;
    for (const std::filesystem::path& file : options.ocsp) {
        PROBATUM_LET(der, node::read_file(file, contracts::kMaxStatusBytes));
        body.status.push_back({contracts::StatusEvidence::Kind::ocsp, std::move(der)});
    }
    for (const std::filesystem::path& file : options.crl) {
        PROBATUM_LET(bytes, node::read_file(file, contracts::kMaxStatusBytes * 2));
        PROBATUM_LET(der, evidence::x509::crl_of(bytes));
        body.status.push_back({contracts::StatusEvidence::Kind::crl, std::move(der)});
    }
    PROBATUM_LET(signer, open_signer(session, options.signing));
    warn(session, body, contracts::cross_statement(statement_of(signer, body.chain.front())));
    return sign_and_submit(session, options.signing, signer, {.contract = {}, .body = body, .side = {}});
}

Result<int> show(Session& session, const ReadOptions& options, std::string_view method) {
    PROBATUM_LET(client, connect(options.network));
    Json query = Json::object();
    if (!options.key_id.empty()) {
        query["key_id"] = options.key_id;
    }
    PROBATUM_LET(answer, session.call(client, method, query));
    session.result(answer, plain_text(answer));
    return kExitYes;
}

void add_binding(CLI::App& group, Commands& commands) {
    const auto stating = std::make_shared<StatementOptions>();
    CLI::App* const states = commands.add(
        group, "statement", "Write the bytes that the certificate's key must sign", "生成须由证书私钥签署的字节",
        "probatum certificate statement --certificate me.pem --out binding.cbor --key maker.key");
    states->add_option("--certificate", stating->certificate, commands.say("PEM or DER", "PEM 或 DER"))->required();
    states->add_option("--out", stating->out, commands.say("The file to write", "输出文件"))->required();
    commands.add_signing(*states, stating->signing);
    states->callback([&commands, stating] {
        commands.chosen = [&commands, stating] { return make_statement(commands.session, *stating); };
    });

    const auto binding = std::make_shared<BindOptions>();
    CLI::App* const binds = commands.add(
        group, "bind", "Bind a certificate to one's ledger key: chain, its key's signature, status evidence",
        "将数字证书绑定于本人账本密钥：证书链、证书密钥签名、状态证明",
        "probatum certificate bind --chain me.pem --chain ca.pem --cross-signature binding.sig --ocsp me.ocsp --key "
        "m.key");
    binds
        ->add_option("--chain", binding->chain,
                     commands.say("PEM or DER, one's own first, the root last", "PEM 或 DER，本人证书在前，根证书在后"))
        ->required();
    binds
        ->add_option("--cross-signature", binding->cross_signature,
                     commands.say("By the certificate's key over the statement", "证书私钥对声明的签名"))
        ->required();
    binds->add_option("--ocsp", binding->ocsp, commands.say("OCSP response in DER", "OCSP 响应（DER）"));
    binds->add_option("--crl", binding->crl, commands.say("CRL in PEM or DER", "CRL（PEM 或 DER）"));
    commands.add_signing(*binds, binding->signing);
    binds->callback(
        [&commands, binding] { commands.chosen = [&commands, binding] { return bind(commands.session, *binding); }; });
}

}  // namespace

void add_certificate_commands(CLI::App& app, Commands& commands) {
    CLI::App* const group = commands.group(app, "certificate", "X.509 certificates of members: RSA, P-256, SM2",
                                           "成员数字证书（RSA、P-256、SM2）");
    add_binding(*group, commands);
    const auto showing = std::make_shared<ReadOptions>();
    CLI::App* const shows = commands.add(*group, "show", "The certificate bound to a key and where its bytes stand",
                                         "密钥所绑定的证书及其字节所在交易", "probatum certificate show 5b0e...");
    shows->add_option("key-id", showing->key_id, commands.say("SHA-256 of the public key", "公钥 SHA-256"))->required();
    commands.add_network(*shows, showing->network);
    shows->callback([&commands, showing] {
        commands.chosen = [&commands, showing] { return show(commands.session, *showing, "identity.certificate"); };
    });
    const auto listing = std::make_shared<ReadOptions>();
    CLI::App* const lists =
        commands.add(*group, "roots", "The certificates that the consortium trusts, past ones included",
                     "联盟认可的根证书（含已停用的）", "probatum certificate roots");
    commands.add_network(*lists, listing->network);
    lists->callback([&commands, listing] {
        commands.chosen = [&commands, listing] { return show(commands.session, *listing, "identity.trusted_roots"); };
    });
}

}  // namespace probatum::tools
