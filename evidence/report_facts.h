#pragma once

#include "evidence/facts.h"
#include "evidence/report_page.h"

/// The parts of the text report that say what a valid bundle holds.
namespace probatum::evidence {

/// Contract or record, events, other uses, who ran the chain, time.
void write_facts(Page& page, const Facts& facts);

}  // namespace probatum::evidence
