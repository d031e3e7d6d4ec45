#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"

/// How documents are named: by several digests, so that one ageing hash does not end the proof.
namespace probatum::contracts {

inline constexpr std::size_t kMaxDocuments = 64;
inline constexpr std::size_t kMaxDigestsPerDocument = 8;
inline constexpr std::size_t kMaxTitleBytes = 256;
inline constexpr std::size_t kMaxMediaTypeBytes = 128;

struct DocumentDigest {
    DigestAlgorithm algorithm{DigestAlgorithm::sha256};
    Digest value;
    friend bool operator==(const DocumentDigest&, const DocumentDigest&) = default;
};
/// Digests of one document: algorithms distinct, in the order of the registry (SHA-256, then SM3). The rules demand
/// both; one of them missing is digest_required.
using DocumentDigests = std::vector<DocumentDigest>;

/// Both digests of a document that is at hand.
[[nodiscard]] DocumentDigests digests_of(ByteView document);
[[nodiscard]] std::optional<Digest> find_digest(const DocumentDigests& digests, DigestAlgorithm algorithm);

struct Document {
    DocumentDigests digests;
    std::string title;
    std::string media_type;  ///< "application/pdf"
    friend bool operator==(const Document&, const Document&) = default;
};

}  // namespace probatum::contracts
