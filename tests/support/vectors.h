#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Where test data lives and how it is read: published vectors outside the project, golden vectors of our own inside.
namespace probatum::test {

using Json = nlohmann::json;

/// The folder of published vectors: PROBATUM_VECTORS, otherwise ../shared/vectors beside the project.
inline std::filesystem::path published_vectors() {
    const char* const named = std::getenv("PROBATUM_VECTORS");
    if (named != nullptr && *named != '\0') {
        return named;
    }
    return std::filesystem::path{PROBATUM_SOURCE_DIR} / ".." / "shared" / "vectors";
}

/// Golden vectors of our own: tests/vectors/<name>.
inline std::filesystem::path golden_vector(std::string_view name) {
    return std::filesystem::path{PROBATUM_SOURCE_DIR} / "tests" / "vectors" / name;
}

/// Every *.json of one kind ("cbor", "ecdsa", "merkle", "actus"), sorted by name; empty where the folder is missing.
inline std::vector<std::filesystem::path> published_files(std::string_view kind) {
    std::vector<std::filesystem::path> out;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator{published_vectors() / kind, missing}) {
        if (entry.path().extension() == ".json") {
            out.push_back(entry.path());
        }
    }
    std::ranges::sort(out);
    return out;
}

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// An unreadable or broken file throws, which fails the test.
inline Json read_json(const std::filesystem::path& path) { return Json::parse(read_text(path)); }

/// Compares a generated text with the committed file; with PROBATUM_UPDATE=1 it writes the file instead.
inline void expect_golden(const std::filesystem::path& path, std::string_view generated) {
    if (const char* const update = std::getenv("PROBATUM_UPDATE");
        update != nullptr && std::string_view{update} == "1") {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << generated;
    }
    EXPECT_EQ(read_text(path), generated)
        << path.filename() << " is stale: a byte changed. If the specification changed too, "
        << "run this test once with PROBATUM_UPDATE=1 and commit the file.";
}

}  // namespace probatum::test

/// Skips loudly where the published vectors are not on this machine; for use at the start of a test body.
#define PROBATUM_REQUIRE_VECTORS(kind)                                                                               \
    if (::probatum::test::published_files(kind).empty()) {                                                           \
        GTEST_SKIP() << "!!! NOT TESTED: no published vectors in " << ::probatum::test::published_vectors() / (kind) \
                     << "; set PROBATUM_VECTORS to their folder";                                                    \
    }                                                                                                                \
    static_assert(true)
