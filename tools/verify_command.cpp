#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "evidence/bundle.h"
#include "evidence/compare.h"
#include "evidence/explain.h"
#include "evidence/pdf/attachment.h"
#include "evidence/pdf/certificate.h"
#include "evidence/trace.h"
#include "evidence/x509/judge.h"
#include "evidence/x509/time_stamp.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/documents.h"

namespace probatum::tools {

namespace {

struct VerifyInput {
    std::vector<std::filesystem::path> bundles;
    std::string genesis_digest, trusted_header;
    std::vector<std::filesystem::path> documents;
    std::optional<std::uint64_t> min_height;
    std::string not_before;
    std::filesystem::path laws, tsa_ca;
    std::vector<std::filesystem::path> batch_proofs;
    std::vector<std::string> weak;
    std::string at;
    bool both{true};  ///< Languages; --lang names one.
    bool require_certificates{false};
    bool explain{false}, trace{false}, html{false};
};

Result<evidence::VerifyOptions> options_of(const VerifyInput& input) {
    evidence::VerifyOptions out;
    const auto genesis = digest_from_hex(input.genesis_digest);
    if (!genesis) {
        return fail(Errc::usage, "--genesis-digest", "64 hexadecimal digits are needed");
    }
    out.genesis_digest = *genesis;
    if (!input.trusted_header.empty()) {
        const auto header = digest_from_hex(input.trusted_header);
        if (!header) {
            return fail(Errc::usage, "--trusted-header", "64 hexadecimal digits are needed");
        }
        out.trusted_header = *header;
    }
    if (input.min_height) {
        out.min_height = Height{*input.min_height};
    }
    if (!input.not_before.empty()) {
        const auto instant = parse_rfc3339(input.not_before);
        if (!instant) {
            return fail(Errc::usage, "--not-before", "an instant is 2026-11-21T08:00:00+08:00");
        }
        out.not_before = *instant;
    }
    if (input.documents.empty() && !input.batch_proofs.empty()) {
        return fail(Errc::usage, "--document", "--batch-proof proves a file that is given");
    }
    for (const auto& file : input.batch_proofs) {
        PROBATUM_LET(bytes, node::read_file(file, evidence::kMaxBatchProofBytes));
        PROBATUM_LET(proof, evidence::decode_batch_proof(bytes));
        out.batch_proofs.push_back(std::move(proof));
    }
    for (const auto& file : input.documents) {
        PROBATUM_LET(document, digest_file(file));
        out.documents.push_back({.name = file.filename().string(),
                                 .size_bytes = document.size_bytes,
                                 .sha256 = *contracts::find_digest(document.digests, DigestAlgorithm::sha256),
                                 .sm3 = *contracts::find_digest(document.digests, DigestAlgorithm::sm3)});
    }
    return out;
}

Result<UnixMs> instant_of(const std::string& text, const std::string& option) {
    const auto instant = parse_rfc3339(text);
    if (!instant) {
        return fail(Errc::usage, option, "an instant is 2026-11-21T08:00:00+08:00");
    }
    return *instant;
}

Result<evidence::x509::WeaknessPolicy> policy_of(const VerifyInput& input) {
    evidence::x509::WeaknessPolicy out;
    if (input.tsa_ca.empty() && !(input.weak.empty() && input.at.empty())) {
        return fail(Errc::usage, "--tsa-ca", "--weak and --at are about time-stamps, which only --tsa-ca has checked");
    }
    for (const std::string& each : input.weak) {
        const auto equals = each.find('=');
        if (equals == std::string::npos) {
            return fail(Errc::usage, "--weak", "ALGORITHM=TIME, as sha256=2040-01-01T00:00:00Z");
        }
        PROBATUM_LET(since, instant_of(each.substr(equals + 1), "--weak"));
        const auto algorithm = evidence::x509::digest_name(each.substr(0, equals));
        if (!algorithm) {
            return fail(Errc::usage, "--weak", "no digest algorithm that is known here: " + each.substr(0, equals));
        }
        out.weak_since[*algorithm] = since;
    }
    if (!input.at.empty()) {
        PROBATUM_LET(at, instant_of(input.at, "--at"));
        out.at = at;
    }
    return out;
}

/// What the pure verification cannot judge itself: tokens of foreign authorities.
Result<void> judge_time_stamps(const VerifyInput& input, ByteView bytes, evidence::VerifyOptions& options) {
    PROBATUM_LET(policy, policy_of(input));
    const auto bundle = evidence::decode_bundle(bytes);
    if (input.tsa_ca.empty() || !bundle) {
        return {};
    }
    PROBATUM_LET(ca, node::read_file(input.tsa_ca));
    options.time_stamps = evidence::x509::judge_time_stamps(*bundle, ca, policy);
    return {};
}

evidence::Language language_of(const Session& session, const VerifyInput& input) {
    return input.both                              ? evidence::Language::both
           : session.language == Language::chinese ? evidence::Language::chinese
                                                   : evidence::Language::english;
}

/// {"check": {"en": "...", "zh": "..."}}: the provisions of the forum, in place of ours.
Result<evidence::Provisions> provisions_of(const std::filesystem::path& file) {
    constexpr std::size_t kMaxBytes = 1U << 20U;
    if (file.empty()) {
        return evidence::default_provisions();
    }
    PROBATUM_LET(bytes, node::read_file(file, kMaxBytes));
    const rpc::Json json = rpc::Json::parse(as_text(bytes), nullptr, false);
    if (!json.is_object()) {
        return fail(Errc::unusable_input, "--laws", "a JSON object is needed");
    }
    evidence::Provisions out;
    for (const auto& [check, texts] : json.items()) {
        if (!texts.is_object() || !texts.value("en", rpc::Json{}).is_string() ||
            !texts.value("zh", rpc::Json{}).is_string()) {
            return fail(Errc::unusable_input, "--laws", "each check has the texts \"en\" and \"zh\"");
        }
        out[check] = {texts.at("en").get<std::string>(), texts.at("zh").get<std::string>()};
    }
    return out;
}

Result<int> show(Session& session, const VerifyInput& input, const Bytes& bytes, const evidence::Report& report) {
    const evidence::Language language = language_of(session, input);
    PROBATUM_LET(provisions, provisions_of(input.laws));
    if (input.trace) {
        PROBATUM_LET(bundle, evidence::decode_bundle(bytes));
        session.verbatim(evidence::trace(bundle));
    } else if (session.json) {
        session.verbatim(evidence::render_json(report));
    } else if (input.html) {
        session.verbatim(evidence::render_html(report, language, input.explain ? &provisions : nullptr));
    } else if (input.explain) {
        session.verbatim(evidence::render_explained(report, language, provisions));
    } else {
        session.verbatim(evidence::render_text(report, language));
    }
    return evidence::exit_code(report.conclusion);
}

Result<int> compare(Session& session, const VerifyInput& input, const evidence::VerifyOptions& options) {
    if (input.bundles.size() != 2 || input.explain || input.trace || input.html) {
        return fail(Errc::usage, "bundle", "one file is verified, two are compared as text or JSON");
    }
    PROBATUM_LET(one, node::read_file(input.bundles[0], evidence::kMaxBundleBytes));
    PROBATUM_LET(other, node::read_file(input.bundles[1], evidence::kMaxBundleBytes));
    const evidence::Comparison comparison = evidence::compare(one, other, options);
    session.verbatim(session.json ? evidence::render_json(comparison)
                                  : evidence::render_text(comparison, language_of(session, input)));
    return evidence::exit_code(comparison);
}

/// No network, no clock: the same files give the same report on any machine.
Result<int> verify(Session& session, const VerifyInput& input) {
    PROBATUM_LET(options, options_of(input));
    const evidence::x509::OpenSslJudge judge;
    options.certificate_judge = &judge;
    options.require_certificates = input.require_certificates;
    if (input.bundles.size() != 1) {
        return compare(session, input, options);
    }
    PROBATUM_LET(bundle, node::read_file(input.bundles.front(), evidence::kMaxBundleBytes));
    if (evidence::pdf::is_pdf(bundle)) {
        PROBATUM_LET(inside, evidence::pdf::attached(bundle, evidence::kMaxBundleBytes));
        options.printed_pages = evidence::pdf::check_pages(bundle, inside, options.genesis_digest);
        bundle = std::move(inside);
    }
    PROBATUM_TRY(judge_time_stamps(input, bundle, options));
    return show(session, input, bundle, evidence::verify(bundle, options));
}

}  // namespace

void add_verify_command(CLI::App& app, Commands& commands) {
    const auto input = std::make_shared<VerifyInput>();
    CLI::App* const out = commands.add(
        app, "verify",
        "Verify an evidence file offline, in both languages unless --lang names one; exit code 0 valid, 1 not "
        "valid, 2 unusable",
        "离线验证证据文件，缺省输出中英文；退出码 0 有效，1 无效，2 不可用",
        "probatum verify case.evidence --genesis-digest 6f1c... --document contract.pdf");
    out->add_option(
           "bundle", input->bundles,
           commands.say("The evidence file, or a certificate (PDF) that holds one; two files are compared, and who "
                        "signed both is named",
                        "证据文件或内含证据文件的证书（PDF）；给出两个文件时进行比较，并列出同时签署二者的验证节点"))
        ->required();
    out->add_option("--genesis-digest", input->genesis_digest,
                    commands.say("SHA-256 of genesis, known from elsewhere", "从其他途径获知的创世摘要"))
        ->required();
    out->add_option("--trusted-header", input->trusted_header,
                    commands.say("Id of a later header known by other means", "从其他途径获知的后续区块头标识"));
    out->add_option("--document", input->documents,
                    commands.say("A document as you hold it; may be given several times", "您持有的文件，可多次给出"));
    out->add_option("--batch-proof", input->batch_proofs,
                    commands.say("Proof of a document that was registered in a batch; may be given several times",
                                 "批量存证中单个文件的证明，可多次给出"));
    out->add_option("--tsa-ca", input->tsa_ca,
                    commands.say("Certificates (PEM) of time-stamping authorities that you trust; checks the "
                                 "time-stamps",
                                 "您信任的时间戳机构证书（PEM）；核验时间戳"));
    out->add_option("--weak", input->weak,
                    commands.say("ALGORITHM=TIME from when you hold it to be weak, as sha256=2040-01-01T00:00:00Z",
                                 "ALGORITHM=TIME：您认为该算法自何时起不再可靠，如 sha256=2040-01-01T00:00:00Z"));
    out->add_option("--at", input->at,
                    commands.say("Your own time, RFC 3339: certificates of authorities that have run out no longer "
                                 "hold",
                                 "您的当前时间（RFC 3339）：已过期的时间戳证书不再有效"));
    out->add_option("--min-height", input->min_height,
                    commands.say("An older bundle is not valid", "早于此高度的证据包视为无效"));
    out->add_option("--not-before", input->not_before,
                    commands.say("An older bundle is not valid, RFC 3339", "早于此时间的证据包视为无效（RFC 3339）"));
    out->add_flag("--require-certificates", input->require_certificates,
                  commands.say("Not valid where a certificate shown does not hold", "所示数字证书不成立时视为无效"));
    out->add_flag("--explain", input->explain,
                  commands.say("Each check explained for a judge, with the provisions it bears on",
                               "向法官说明每项检查及相关规定"));
    out->add_option("--laws", input->laws,
                    commands.say("Other provisions for --explain: JSON, {check: {en, zh}}",
                                 "--explain 所用的其他规定：JSON，{检查项: {en, zh}}"));
    out->add_flag("--trace", input->trace,
                  commands.say("For an expert: each hash with its input and output, each signature with its message",
                               "供鉴定人使用：列出每次哈希的输入与输出、每一签名的消息"));
    out->add_flag("--html", input->html,
                  commands.say("The report as one HTML page that needs nothing else", "以独立 HTML 页面输出报告"));
    out->callback([&app, &commands, input] {
        input->both = app.get_option("--lang")->count() == 0;
        commands.chosen = [&commands, input] { return verify(commands.session, *input); };
    });
}

}  // namespace probatum::tools
