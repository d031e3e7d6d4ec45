#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "evidence/bundle.h"
#include "evidence/source.h"

namespace probatum::evidence {

/// Gathers a bundle as of source.head(). Every accepted event and refused attempt is taken, with the lists of
/// everything that uses the same documents and bank references. Errors: not_found where nothing is recorded under the
/// id (a document: an empty list is proven instead); too_large above the limits of bundle.h; those of the source.
/// Threads: any number over one source.
[[nodiscard]] Result<Bundle> gather_contract(const Source& source, const Digest& contract);
[[nodiscard]] Result<Bundle> gather_record(const Source& source, const Digest& transaction);
/// Everything that uses a document, by its SHA-256; proves "registered nowhere on this chain" just as well.
[[nodiscard]] Result<Bundle> gather_document(const Source& source, const Digest& document_sha256);

/// How many events a contract has, without them; proves "no such contract on this chain" just as well.
[[nodiscard]] Result<Bundle> gather_standing(const Source& source, const Digest& contract);
/// The one that the subject's kind names, so that a negative answer can be asked for.
[[nodiscard]] Result<Bundle> gather(const Source& source, const Subject& subject);

/// The closing headers that lead from the validators of genesis to those of the head; none while nobody has changed.
[[nodiscard]] Result<std::vector<ValidatorChange>> gather_validator_path(const Source& source);

/// The one of the above that the id belongs to: a contract first, then a transaction, then a document; not_found where
/// nothing is recorded under it.
[[nodiscard]] Result<Bundle> gather(const Source& source, const Digest& id);

}  // namespace probatum::evidence
