#pragma once

#include <filesystem>
#include <string>

#include "contracts/terms.h"
#include "evidence/verify.h"

/// Files that a person names: digested here, never sent.
namespace probatum::tools {

struct LocalDocument {
    std::filesystem::path file;
    contracts::DocumentDigests digests;  ///< SHA-256 and SM3.
    std::uint64_t size_bytes{0};
    std::string media_type;  ///< By its suffix; application/octet-stream otherwise.
};

/// Reads in one pass without holding the file in memory. unusable_input names it.
[[nodiscard]] Result<LocalDocument> digest_file(const std::filesystem::path& file);

[[nodiscard]] std::string media_type_of(const std::filesystem::path& file);

}  // namespace probatum::tools
