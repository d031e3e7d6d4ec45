#pragma once

#include "evidence/facts.h"
#include "evidence/verify_record.h"

namespace probatum::evidence {

/// What a verified record says: who, when, which document, and where the document came from. Missing provenance is
/// named with an empty value.
void fill_record_facts(const RecordPart& record, const Trust& trust, const RecordView& view, Facts& facts);

}  // namespace probatum::evidence
