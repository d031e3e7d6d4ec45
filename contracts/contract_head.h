#pragma once

#include "ledger/evidence_log.h"

#include "base/result.h"

/// The state value under a contract's id: what a proof of completeness needs, with the contract's content behind a
/// digest so that a bundle may hide it.
namespace probatum::contracts {

/// One log of a contract: its right edge and its last leaf.
struct SubjectLog {
    ledger::log::Frontier frontier{};
    Digest last{};  ///< Leaf hash of the last leaf; zero while the log is empty (I19).
    friend bool operator==(const SubjectLog&, const SubjectLog&) = default;
};

struct ContractHead {
    Digest state{};  ///< SHA-256 of the encoded ContractState.
    SubjectLog events{};
    SubjectLog refusals{};
    friend bool operator==(const ContractHead&, const ContractHead&) = default;
};

/// [state digest, [frontier, last leaf], [frontier, last leaf]]: events, then refusals.
[[nodiscard]] Bytes encode(const ContractHead& head);
[[nodiscard]] Result<ContractHead> decode_contract_head(ByteView bytes);

}  // namespace probatum::contracts
