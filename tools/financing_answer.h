#pragma once

#include <string>

#include "contracts/financing.h"
#include "ledger/block.h"
#include "rpc/json.h"
#include "tools/network.h"
#include "tools/session.h"

/// An answer of finance.check, believed only as far as its proof goes.
namespace probatum::tools {

struct ProvenStanding {
    PublicKey tag;
    contracts::Financings financings;  ///< From the proven bytes; none: proven to be absent.
    ledger::Header header;             ///< As of which it is so.
    bool final_by_genesis{false};      ///< Its certificate is by genesis' own validators and was verified.
};

/// invalid_proof, certificate_invalid or evidence_mismatch where value, path, header and certificate do not belong
/// together. Where the validators have changed since genesis the certificate is left to `probatum verify`'s trust path.
[[nodiscard]] Result<ProvenStanding> verify_answer(const rpc::Json& answer, const PublicKey& tag,
                                                   const Network& network);
[[nodiscard]] std::string answer_text(const Session& session, const ProvenStanding& proven);

}  // namespace probatum::tools
