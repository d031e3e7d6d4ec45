#include "tools/documents.h"

#include <array>
#include <fstream>

#include "base/hash.h"

namespace probatum::tools {

std::string media_type_of(const std::filesystem::path& file) {
    struct Known {
        std::string_view suffix;
        std::string_view type;
    };
    constexpr auto kKnown = std::to_array<Known>({{".pdf", "application/pdf"},
                                                  {".txt", "text/plain"},
                                                  {".html", "text/html"},
                                                  {".xml", "application/xml"},
                                                  {".json", "application/json"},
                                                  {".png", "image/png"},
                                                  {".jpg", "image/jpeg"},
                                                  {".jpeg", "image/jpeg"},
                                                  {".ofd", "application/ofd"},
                                                  {".csv", "text/csv"}});
    const std::string suffix = file.extension().string();
    for (const Known& known : kKnown) {
        if (known.suffix == suffix) {
            return std::string{known.type};
        }
    }
    return "application/octet-stream";
}

Result<LocalDocument> digest_file(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::error_code problem;
    if (!stream || !std::filesystem::is_regular_file(file, problem)) {
        return fail(Errc::unusable_input, file.string(), "this file cannot be read");
    }
    Sha256 first;
    Sm3 second;
    std::uint64_t size_bytes = 0;
    std::array<char, 65536> piece{};
    while (stream) {
        stream.read(piece.data(), piece.size());
        const ByteView got = as_bytes({piece.data(), static_cast<std::size_t>(stream.gcount())});
        first.update(got);
        second.update(got);
        size_bytes += got.size();
    }
    if (stream.bad()) {
        return fail(Errc::unusable_input, file.string(), "reading stopped half way");
    }
    return LocalDocument{file,
                         {{DigestAlgorithm::sha256, first.finish()}, {DigestAlgorithm::sm3, second.finish()}},
                         size_bytes,
                         media_type_of(file)};
}

}  // namespace probatum::tools
