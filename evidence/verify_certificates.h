#pragma once

#include "evidence/check_list.h"
#include "evidence/facts.h"
#include "evidence/verify_chain.h"

/// The certificates bound to the keys that signed, judged by whoever the caller brings.
namespace probatum::evidence {

/// Makes the check certificates and fills in facts.certificates. A certificate that does not hold is no failure of the
/// bundle unless the caller demands certificates: the signatures by the ledger keys stand without it.
bool verify_certificates(const Bundle& bundle, const Trust& trust, const VerifyOptions& options, CheckList& checks,
                         Facts& facts);

}  // namespace probatum::evidence
