#pragma once

#include <vector>

#include "evidence/check_list.h"
#include "evidence/facts.h"

/// The files that the reader holds against the documents that are registered.
namespace probatum::evidence {

/// Makes the check documents: each file given is one of the registered documents by all its digests, or stands in a
/// registered batch by a proof that was given. Notes in the facts which file matches.
bool verify_documents(std::vector<DocumentFact>& registered, const VerifyOptions& options, CheckList& checks);

}  // namespace probatum::evidence
