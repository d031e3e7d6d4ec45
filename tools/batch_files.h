#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/batch.h"
#include "tools/session.h"

/// The documents of a batch on this machine, digested once however often the command is run again.
namespace probatum::tools {

struct BatchItem {
    std::string name;  ///< As listed: a path below the folder, or the manifest's own.
    evidence::BatchLeaf leaf;
};

struct Progress {
    std::size_t done{0};
    std::size_t total{0};
};
/// A bar that grows in place at a terminal; silent where nobody watches.
void show_progress(const Session& session, std::string_view what, Progress progress);

/// A folder: every file below it, in order of name. A CSV file with the header `file`: one path per line, relative to
/// the CSV. One with the header `sha-256,sm3,size,name`: digests alone, of documents that are elsewhere.
/// `cache` remembers the digests of files by name, size and time of change, so that a run that was broken off goes on
/// where it stopped. Errors: unusable_input with the file or line; too_large above a million.
[[nodiscard]] Result<std::vector<BatchItem>> read_batch(Session& session, const std::filesystem::path& source,
                                                        const std::filesystem::path& cache);

}  // namespace probatum::tools
