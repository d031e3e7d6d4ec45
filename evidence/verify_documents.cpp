#include "evidence/verify_documents.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text_encoding.h"

namespace probatum::evidence {

namespace {

std::string digests_text(const Digest& sha256_digest, const Digest& sm3_digest) {
    return "sha-256 " + to_hex(sha256_digest) + " sm3 " + to_hex(sm3_digest);
}

/// A subject `document` is known by its SHA-256 alone.
DocumentFact* find_registered(std::vector<DocumentFact>& registered, const Digest& sha256_digest,
                              const Digest& sm3_digest) {
    const auto match = std::ranges::find_if(registered, [&](const DocumentFact& document) {
        return document.sha256 == sha256_digest && (document.sm3.is_zero() || document.sm3 == sm3_digest);
    });
    return match == registered.end() ? nullptr : &*match;
}

struct Match {
    DocumentFact* document{nullptr};
    std::string place{};  ///< "1 of 11" in a batch.
};

/// The batch whose head is registered and to whose root a proof leads from the file.
Match find_in_batch(std::vector<DocumentFact>& registered, const DocumentFile& file,
                    const std::vector<BatchProof>& proofs) {
    for (const BatchProof& proof : proofs) {
        if (proof.leaf != BatchLeaf{file.sha256, file.sm3, file.size_bytes} || !verify_batch_proof(proof)) {
            continue;
        }
        const Bytes head = encode(proof.head);
        if (DocumentFact* const found = find_registered(registered, sha256(head), sm3(head))) {
            return {found, "1 of " + std::to_string(proof.head.count)};
        }
    }
    return {};
}

}  // namespace

bool verify_documents(std::vector<DocumentFact>& registered, const VerifyOptions& options, CheckList& checks) {
    Finding finding{"", "registered " + std::to_string(registered.size()), ""};
    if (options.documents.empty()) {
        return checks.skip(check::kDocuments, finding, "not-requested");
    }
    for (const DocumentFile& file : options.documents) {
        Match match{find_registered(registered, file.sha256, file.sm3), {}};
        if (match.document == nullptr) {
            match = find_in_batch(registered, file, options.batch_proofs);
        }
        const std::string digests = digests_text(file.sha256, file.sm3);
        if (match.document == nullptr) {
            std::string expected;
            for (const DocumentFact& document : registered) {
                expected += (expected.empty() ? "" : ", ") + digests_text(document.sha256, document.sm3);
            }
            return checks.fail(check::kDocuments, {file.name, expected, digests}, Error{Errc::document_mismatch});
        }
        const std::string named = file.name + (match.place.empty() ? "" : " (" + match.place + ")");
        match.document->file = named;
        finding.input += (finding.input.empty() ? "" : ", ") + named;
        finding.found += (finding.found.empty() ? "" : ", ") + digests;
    }
    return checks.pass(check::kDocuments, finding);
}

}  // namespace probatum::evidence
