#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/text_encoding.h"
#include "evidence/disclose.h"
#include "evidence/extract.h"
#include "evidence/pdf/attachment.h"
#include "evidence/pdf/certificate.h"
#include "node/machine.h"
#include "tools/bundle_commands.h"

namespace probatum::tools {

namespace {

struct FileOptions {
    std::filesystem::path bundle, out;
    std::vector<std::string> reveal;
    std::string genesis_digest;
};

/// Into a folder of its own: what lies there already could be taken for a part.
Result<void> make_empty_folder(const std::filesystem::path& folder) {
    std::error_code problem;
    if (std::filesystem::exists(folder, problem) && !std::filesystem::is_empty(folder, problem)) {
        return fail(Errc::already_exists, folder.string(), "the folder must be empty");
    }
    std::filesystem::create_directories(folder, problem);
    if (problem) {
        return fail(Errc::storage_failed, folder.string(), problem.message());
    }
    return {};
}

Result<int> extract(Session& session, const FileOptions& options) {
    PROBATUM_LET(bytes, node::read_file(options.bundle, evidence::kMaxBundleBytes));
    PROBATUM_LET(bundle, evidence::decode_bundle(bytes));
    PROBATUM_TRY(make_empty_folder(options.out));
    const evidence::Extracted extracted = evidence::extract(bundle);
    for (const evidence::Part& part : extracted.parts) {
        PROBATUM_TRY(node::write_file(options.out / part.name, part.bytes));
    }
    PROBATUM_TRY(node::write_file(options.out / "index.json", as_bytes(evidence::render_index(extracted, bundle))));
    session.result({{"folder", options.out.string()},
                    {"parts", extracted.parts.size()},
                    {"signatures", extracted.signatures.size()}},
                   fmt::format("{}: {} ({} {}, index.json)\n", session.say("written", "已写入"), options.out.string(),
                               extracted.parts.size(), session.say("parts", "个部分")));
    return kExitYes;
}

Result<int> disclose(Session& session, const FileOptions& options) {
    PROBATUM_LET(bytes, node::read_file(options.bundle, evidence::kMaxBundleBytes));
    PROBATUM_LET(bundle, evidence::decode_bundle(bytes));
    PROBATUM_LET(closed, evidence::disclose(bundle, {options.reveal.begin(), options.reveal.end()}));
    PROBATUM_TRY(node::write_file(options.out, evidence::encode(closed)));
    rpc::Json hidden = rpc::Json::array();
    std::string text = fmt::format("{}: {}\n", session.say("written", "已写入"), options.out.string());
    const auto still_open = evidence::open_fields(closed);
    for (const std::string& name : evidence::open_fields(bundle)) {
        if (still_open.contains(name)) {
            continue;
        }
        const evidence::Text prevented = evidence::prevented_by(name);
        hidden.push_back({{"field", name}, {"prevents", prevented.english}});
        text += fmt::format("  {} {}: {} {}\n", session.say("hidden", "已隐藏"), name,
                            session.say("prevents checking", "将无法复核"),
                            session.say(prevented.english, prevented.chinese));
    }
    if (!bundle.additions.empty() && closed.additions.empty()) {
        text +=
            fmt::format("  {}\n", session.say("time-stamps were left out: they are over the file with all its fields",
                                              "时间戳未保留：其对象为披露全部字段的文件"));
    }
    session.result({{"file", options.out.string()}, {"hidden", std::move(hidden)}}, text);
    return kExitYes;
}

/// The bundle of a file that may be a certificate.
Result<Bytes> read_bundle_bytes(const std::filesystem::path& file) {
    PROBATUM_LET(bytes, node::read_file(file, evidence::kMaxBundleBytes));
    return evidence::pdf::is_pdf(bytes) ? evidence::pdf::attached(bytes, evidence::kMaxBundleBytes)
                                        : Result<Bytes>{std::move(bytes)};
}

Result<int> certificate(Session& session, const FileOptions& options, evidence::Language language) {
    const auto genesis_digest = digest_from_hex(options.genesis_digest);
    if (!genesis_digest) {
        return fail(Errc::usage, "--genesis-digest", "64 hexadecimal digits are needed");
    }
    PROBATUM_LET(bundle, read_bundle_bytes(options.bundle));
    PROBATUM_LET(pdf, evidence::pdf::make_certificate(bundle, *genesis_digest, language));
    PROBATUM_TRY(node::write_file(options.out, pdf));
    session.result({{"file", options.out.string()}, {"bytes", pdf.size()}},
                   fmt::format("{}: {} ({} {})\n", session.say("written", "已写入"), options.out.string(), pdf.size(),
                               session.say("bytes", "字节")));
    return kExitYes;
}

Result<int> extract_bundle(Session& session, const FileOptions& options) {
    PROBATUM_LET(bundle, read_bundle_bytes(options.bundle));
    PROBATUM_TRY(node::write_file(options.out, bundle));
    session.result({{"file", options.out.string()}, {"bytes", bundle.size()}},
                   fmt::format("{}: {}\n", session.say("written", "已写入"), options.out.string()));
    return kExitYes;
}

void add_disclose(CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<FileOptions>();
    CLI::App* const out =
        commands.add(group, "disclose", "Open only chosen fields of an evidence file; hidden ones stay counted",
                     "仅披露证据文件中选定的字段；其余字段仍计入总数",
                     "probatum evidence disclose case.evidence --reveal amount,value_date --out shown.evidence");
    out->add_option("bundle", options->bundle, commands.say("The evidence file", "证据文件"))->required();
    out->add_option("--reveal", options->reveal,
                    commands.say("Names of the fields that stay open, separated by commas; all others are hidden",
                                 "保持披露的字段名，以逗号分隔；其余均隐藏"))
        ->delimiter(',');
    out->add_option("--out", options->out, commands.say("The file to write", "输出文件"))->required();
    out->callback([&commands, options] {
        commands.chosen = [&commands, options] { return disclose(commands.session, *options); };
    });
}

void add_certificate(CLI::App& app, CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<FileOptions>();
    CLI::App* const out = commands.add(
        group, "certificate",
        "Print an evidence file as a PDF for the court, the evidence file inside it; in both languages unless --lang "
        "names one",
        "将证据文件制成供法庭使用的 PDF，并附于其内；缺省为中英文",
        "probatum evidence certificate case.evidence --genesis-digest 6f1c... --out case.pdf");
    out->add_option("bundle", options->bundle, commands.say("The evidence file", "证据文件"))->required();
    out->add_option("--genesis-digest", options->genesis_digest,
                    commands.say("SHA-256 of genesis, known from elsewhere", "从其他途径获知的创世摘要"))
        ->required();
    out->add_option("--out", options->out, commands.say("The file to write, suffix .pdf", "输出文件，后缀 .pdf"))
        ->required();
    out->callback([&app, &commands, options] {
        const bool both = app.get_option("--lang")->count() == 0;
        const bool chinese = commands.session.language == Language::chinese;
        const auto language = both      ? evidence::Language::both
                              : chinese ? evidence::Language::chinese
                                        : evidence::Language::english;
        commands.chosen = [&commands, options, language] { return certificate(commands.session, *options, language); };
    });

    const auto taking = std::make_shared<FileOptions>();
    CLI::App* const takes =
        commands.add(group, "detach", "Take the evidence file out of a certificate", "从证书 PDF 中取出证据文件",
                     "probatum evidence detach case.pdf --out case.evidence");
    takes->add_option("certificate", taking->bundle, commands.say("The PDF", "PDF 文件"))->required();
    takes->add_option("--out", taking->out, commands.say("The file to write", "输出文件"))->required();
    takes->callback([&commands, taking] {
        commands.chosen = [&commands, taking] { return extract_bundle(commands.session, *taking); };
    });
}

}  // namespace

void add_bundle_file_commands(CLI::App& app, CLI::App& group, Commands& commands) {
    const auto options = std::make_shared<FileOptions>();
    CLI::App* const out = commands.add(
        group, "extract", "Write every part of an evidence file as raw bytes, with an index, for other tools",
        "将证据文件的各部分写为原始字节并附索引，供其他工具使用",
        "probatum evidence extract case.evidence --out parts");
    out->add_option("bundle", options->bundle, commands.say("The evidence file", "证据文件"))->required();
    out->add_option("--out", options->out, commands.say("An empty folder, or one to make", "空文件夹或待建文件夹"))
        ->required();
    out->callback([&commands, options] {
        commands.chosen = [&commands, options] { return extract(commands.session, *options); };
    });
    add_disclose(group, commands);
    add_certificate(app, group, commands);
}

}  // namespace probatum::tools
