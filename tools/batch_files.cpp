#include "tools/batch_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <map>

#include "base/text_encoding.h"
#include "contracts/terms.h"
#include "tools/documents.h"

namespace probatum::tools {

namespace {

constexpr std::string_view kFileHeader = "file";
constexpr std::string_view kDigestHeader = "sha-256,sm3,size,name";

/// Fields of one CSV line (RFC 4180), quotes allowed. Nothing where a quote is left open.
std::optional<std::vector<std::string>> split_csv(std::string_view line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char each = line[i];
        if (quoted && each == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            out.back().push_back('"');
            ++i;
        } else if (each == '"') {
            quoted = !quoted;
        } else if (each == ',' && !quoted) {
            out.emplace_back();
        } else {
            out.back().push_back(each);
        }
    }
    if (quoted) {
        return std::nullopt;
    }
    return out;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char each : text) {
        out += each == '"' ? "\"\"" : std::string(1, each);
    }
    return out + "\"";
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional{out} : std::nullopt;
}

std::optional<evidence::BatchLeaf> leaf_of(const std::vector<std::string>& fields) {
    if (fields.size() < 3) {
        return std::nullopt;
    }
    const auto sha256_digest = digest_from_hex(fields[0]);
    const auto sm3_digest = digest_from_hex(fields[1]);
    const auto size_bytes = number_of(fields[2]);
    if (!sha256_digest || !sm3_digest || !size_bytes) {
        return std::nullopt;
    }
    return evidence::BatchLeaf{*sha256_digest, *sm3_digest, *size_bytes};
}

/// Digests by "name, size, time of change": a file that was touched since is read again.
class DigestCache {
public:
    explicit DigestCache(const std::filesystem::path& file) {
        std::ifstream in{file};
        for (std::string line; std::getline(in, line);) {
            const auto fields = split_csv(line);
            // A line that was cut off when the program stopped is no loss: its file is read again.
            if (const auto leaf = fields ? leaf_of(*fields) : std::nullopt; leaf && fields->size() == 4) {
                known_[fields->at(3)] = *leaf;
            }
        }
        in.close();
        out_.open(file, std::ios::app);
    }

    Result<evidence::BatchLeaf> digest(const std::filesystem::path& file) {
        std::error_code problem;
        const auto size = std::filesystem::file_size(file, problem);
        const auto changed = std::filesystem::last_write_time(file, problem).time_since_epoch().count();
        const std::string key = fmt::format("{}|{}|{}", file.string(), size, changed);
        if (const auto found = known_.find(key); found != known_.end() && !problem) {
            return found->second;
        }
        PROBATUM_LET(document, digest_file(file));
        const evidence::BatchLeaf leaf{*contracts::find_digest(document.digests, DigestAlgorithm::sha256),
                                       *contracts::find_digest(document.digests, DigestAlgorithm::sm3),
                                       document.size_bytes};
        out_ << to_hex(leaf.sha256) << ',' << to_hex(leaf.sm3) << ',' << leaf.size_bytes << ',' << quoted(key) << '\n';
        return leaf;
    }

private:
    std::map<std::string, evidence::BatchLeaf> known_;
    std::ofstream out_;
};

Result<std::vector<std::string>> files_below(const std::filesystem::path& folder) {
    std::vector<std::string> out;
    std::error_code problem;
    for (auto at = std::filesystem::recursive_directory_iterator{folder, problem};
         !problem && at != std::filesystem::recursive_directory_iterator{}; at.increment(problem)) {
        if (at->is_regular_file(problem)) {
            out.push_back(std::filesystem::relative(at->path(), folder, problem).string());
        }
        if (out.size() > evidence::kMaxBatchLeaves) {
            return fail(Errc::too_large, folder.string(), "more than a million files");
        }
    }
    if (problem) {
        return fail(Errc::unusable_input, folder.string(), problem.message());
    }
    std::ranges::sort(out);
    return out;
}

struct Manifest {
    bool digests{false};
    std::vector<std::vector<std::string>> rows;
};

Result<Manifest> read_manifest(const std::filesystem::path& file) {
    std::ifstream in{file};
    Manifest out;
    std::string line;
    std::getline(in, line);
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    out.digests = line == kDigestHeader;
    if (!out.digests && line != kFileHeader) {
        return fail(Errc::unusable_input, file.string(), "the first line is `file` or `sha-256,sm3,size,name`");
    }
    for (std::size_t number = 2; std::getline(in, line); ++number) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (line.empty()) {
            continue;
        }
        auto fields = split_csv(line);
        if (!fields || out.rows.size() == evidence::kMaxBatchLeaves) {
            return fail(fields ? Errc::too_large : Errc::unusable_input, fmt::format("{}:{}", file.string(), number),
                        "this line cannot be read");
        }
        out.rows.push_back(*std::move(fields));
    }
    return out;
}

Result<std::vector<BatchItem>> items_of_digests(const std::filesystem::path& file, const Manifest& manifest) {
    std::vector<BatchItem> out;
    for (std::size_t i = 0; i < manifest.rows.size(); ++i) {
        const auto leaf = leaf_of(manifest.rows[i]);
        if (!leaf) {
            return fail(Errc::unusable_input, fmt::format("{}: row {}", file.string(), i + 1),
                        "two digests in hexadecimal and a size are needed");
        }
        out.push_back({manifest.rows[i].size() > 3 ? manifest.rows[i][3] : to_hex(leaf->sha256), *leaf});
    }
    return out;
}

}  // namespace

void show_progress(const Session& session, std::string_view what, Progress progress) {
    constexpr std::size_t kWidth = 30;
    if (session.json || !session.interactive() || progress.total == 0) {
        return;
    }
    const std::size_t step = std::max<std::size_t>(1, progress.total / 100);
    if (progress.done % step != 0 && progress.done != progress.total) {
        return;
    }
    const std::size_t filled = progress.done * kWidth / progress.total;
    std::cerr << fmt::format("\r{} [{}{}] {:3}% {}/{}", what, std::string(filled, '#'),
                             std::string(kWidth - filled, '.'), progress.done * 100 / progress.total, progress.done,
                             progress.total)
              << (progress.done == progress.total ? "\n" : "") << std::flush;
}

Result<std::vector<BatchItem>> read_batch(Session& session, const std::filesystem::path& source,
                                          const std::filesystem::path& cache) {
    std::vector<std::string> names;
    std::filesystem::path base = source;
    if (std::error_code ignored; std::filesystem::is_directory(source, ignored)) {
        PROBATUM_LET(files, files_below(source));
        names = std::move(files);
    } else {
        PROBATUM_LET(manifest, read_manifest(source));
        if (manifest.digests) {
            return items_of_digests(source, manifest);
        }
        base = source.parent_path();
        for (const auto& row : manifest.rows) {
            names.push_back(row.front());
        }
    }
    DigestCache digests{cache};
    std::vector<BatchItem> out;
    for (const std::string& name : names) {
        PROBATUM_LET(leaf, digests.digest(base / name));
        out.push_back({name, leaf});
        show_progress(session, session.say("digesting", "计算摘要"), {out.size(), names.size()});
    }
    return out;
}

}  // namespace probatum::tools
