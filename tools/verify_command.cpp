#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "evidence/bundle.h"
#include "evidence/report.h"
#include "evidence/verify.h"
#include "node/machine.h"
#include "tools/commands.h"
#include "tools/documents.h"

namespace probatum::tools {

namespace {

struct VerifyInput {
    std::filesystem::path bundle;
    std::string genesis_digest, trusted_header;
    std::vector<std::filesystem::path> documents;
    std::optional<std::uint64_t> min_height;
    std::string not_before;
    bool both{false};
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
    for (const auto& file : input.documents) {
        PROBATUM_LET(document, digest_file(file));
        out.documents.push_back({.name = file.filename().string(),
                                 .size_bytes = document.size_bytes,
                                 .sha256 = *contracts::find_digest(document.digests, DigestAlgorithm::sha256),
                                 .sm3 = *contracts::find_digest(document.digests, DigestAlgorithm::sm3)});
    }
    return out;
}

/// No network, no clock: the same files give the same report on any machine.
Result<int> verify(Session& session, const VerifyInput& input) {
    PROBATUM_LET(options, options_of(input));
    PROBATUM_LET(bundle, node::read_file(input.bundle, evidence::kMaxBundleBytes));
    const evidence::Report report = evidence::verify(bundle, options);
    const auto language = input.both                              ? evidence::Language::both
                          : session.language == Language::chinese ? evidence::Language::chinese
                                                                  : evidence::Language::english;
    if (session.json) {
        session.verbatim(evidence::render_json(report));
    } else {
        session.verbatim(evidence::render_text(report, language));
    }
    return evidence::exit_code(report.conclusion);
}

}  // namespace

void add_verify_command(CLI::App& app, Commands& commands) {
    const auto input = std::make_shared<VerifyInput>();
    CLI::App* const out =
        commands.add(app, "verify", "Verify an evidence file offline; exit code 0 valid, 1 not valid, 2 unusable",
                     "离线验证证据文件；退出码 0 有效，1 无效，2 不可用",
                     "probatum verify case.evidence --genesis-digest 6f1c... --document contract.pdf");
    out->add_option("bundle", input->bundle, commands.say("The evidence file", "证据文件"))->required();
    out->add_option("--genesis-digest", input->genesis_digest,
                    commands.say("SHA-256 of genesis, known from elsewhere", "从其他途径获知的创世摘要"))
        ->required();
    out->add_option("--trusted-header", input->trusted_header,
                    commands.say("Id of a later header known by other means", "从其他途径获知的后续区块头标识"));
    out->add_option("--document", input->documents,
                    commands.say("A document as you hold it; may be given several times", "您持有的文件，可多次给出"));
    out->add_option("--min-height", input->min_height,
                    commands.say("An older bundle is not valid", "早于此高度的证据包视为无效"));
    out->add_option("--not-before", input->not_before,
                    commands.say("An older bundle is not valid, RFC 3339", "早于此时间的证据包视为无效（RFC 3339）"));
    out->add_flag("--both", input->both, commands.say("The report in both languages", "以中英文输出报告"));
    out->callback(
        [&commands, input] { commands.chosen = [&commands, input] { return verify(commands.session, *input); }; });
}

}  // namespace probatum::tools
