#pragma once

#include "evidence/check_list.h"
#include "evidence/facts.h"
#include "evidence/use_lists.h"
#include "evidence/verify_chain.h"

/// A contract: all its events, all refused attempts, and its state re-computed from them.
namespace probatum::evidence {

/// What the events of a contract say, without judging them.
struct ContractView {
    ExpectedUses uses;  ///< Documents and bank references of the accepted events.
    Facts facts{};      ///< contract, documents, events and refused are filled in.
};

/// Makes the checks state-proof to refused-recomputation; nothing where one failed or is not supported.
[[nodiscard]] std::optional<ContractView> verify_contract(const Bundle& bundle, const Trust& trust, CheckList& checks);

/// Errors: not_found, too_large, those of the source.
[[nodiscard]] Result<ContractPart> gather_contract_part(const Source& source, const Digest& contract);

/// Every document and bank reference that the accepted events use. Hidden ones cannot be named.
[[nodiscard]] ExpectedUses uses_of(const ContractPart& part);

}  // namespace probatum::evidence
