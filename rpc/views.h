#pragma once

#include "evidence/source.h"
#include "evidence/verify.h"
#include "ledger/block.h"
#include "ledger/entry.h"
#include "node/service.h"
#include "rpc/json.h"

/// What the chain holds, as JSON for reading; the exact bytes stand beside it in hexadecimal. Threads: pure.
namespace probatum::rpc {

[[nodiscard]] Json view_of(const ledger::Outcome& outcome);
[[nodiscard]] Json view_of(const ledger::Header& header);
[[nodiscard]] Json view_of(const ledger::Certificate& certificate);
[[nodiscard]] Json view_of(const ledger::FinalityProof& proof);
[[nodiscard]] Json view_of(const ledger::EventLeaf& leaf);
[[nodiscard]] Json view_of(const node::Status& status);

/// {transaction, outcome, height, block, time, index, log_index, already_recorded, proof: {header, entry, log_path,
/// finality}}
[[nodiscard]] Json view_of(const node::Receipt& receipt);
[[nodiscard]] Json view_without_proof(const node::Receipt& receipt);

/// The parts of a receipt from its JSON form; the client's way back. malformed names the member.
[[nodiscard]] Result<evidence::ReceiptParts> read_receipt(const Json& receipt);
/// The steps of an answer of chain.trust_path. malformed names the member.
[[nodiscard]] Result<std::vector<evidence::ValidatorChange>> read_trust_path(const Json& answer);

}  // namespace probatum::rpc
