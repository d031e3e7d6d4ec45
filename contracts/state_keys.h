#pragma once

#include <string_view>

#include "base/key.h"
#include "ledger/state_tree.h"
#include "ledger/transaction.h"

/// The registry of state keys: every type of value that stands in the state tree, and its canonical id.
/// The values' formats: docs/spec/state.md.
namespace probatum::contracts::state_keys {

[[nodiscard]] Digest organisation(std::string_view id);  ///< "organisation": id
[[nodiscard]] Digest member_key(const KeyId& key);       ///< "member-key": key id
[[nodiscard]] Digest parameters();                       ///< "parameters": empty
[[nodiscard]] Digest validators();                       ///< "validators": empty
[[nodiscard]] Digest recovery();                         ///< "recovery": empty
/// "record": [organisation, idempotency key]
[[nodiscard]] Digest record(std::string_view organisation, const ledger::IdempotencyKey& key);
[[nodiscard]] Digest document(const Digest& sha256_digest);                    ///< "document": SHA-256 digest
[[nodiscard]] Digest bank_reference(const Digest& blinded);                    ///< "bank-reference": blinded reference
[[nodiscard]] Digest contract(const Digest& id);                               ///< "contract": contract id
[[nodiscard]] Digest contract_terms(const Digest& id);                         ///< "contract-terms": contract id
[[nodiscard]] Digest contract_state(const Digest& id);                         ///< "contract-state": contract id
[[nodiscard]] Digest posting(const Digest& contract, std::uint64_t sequence);  ///< "posting": [contract id, sequence]

}  // namespace probatum::contracts::state_keys
