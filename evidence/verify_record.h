#pragma once

#include "evidence/check_list.h"
#include "evidence/use_lists.h"
#include "evidence/verify_chain.h"

/// A single record: a transaction in the evidence log of the whole chain.
namespace probatum::evidence {

/// Errors: not_found, those of the source.
[[nodiscard]] Result<RecordPart> gather_record_part(const Source& source, const Digest& transaction);

/// What a verified record uses and says.
struct RecordView {
    contracts::DecodedAction action;
    ExpectedUses uses;  ///< Documents and bank references; empty where the record was refused.
};

/// Makes the checks record-statement to record-inclusion; nothing where one failed or is not supported.
[[nodiscard]] std::optional<RecordView> verify_record(const Bundle& bundle, const Trust& trust, CheckList& checks);

/// What a record uses, from its own words.
[[nodiscard]] RecordView view_of_record(contracts::DecodedAction action, const ledger::Entry& entry);

}  // namespace probatum::evidence
