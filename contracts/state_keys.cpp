#include "contracts/state_keys.h"

#include "base/cbor.h"

namespace probatum::contracts::state_keys {

using ledger::state_key;

Digest organisation(std::string_view id) { return state_key("organisation", as_bytes(id)); }
Digest member_key(const KeyId& key) { return state_key("member-key", key.digest.view()); }
Digest parameters() { return state_key("parameters", {}); }
Digest validators() { return state_key("validators", {}); }
Digest recovery() { return state_key("recovery", {}); }
Digest document(const Digest& sha256_digest) { return state_key("document", sha256_digest.view()); }
Digest bank_reference(const Digest& blinded) { return state_key("bank-reference", blinded.view()); }
Digest contract(const Digest& id) { return state_key("contract", id.view()); }
Digest contract_terms(const Digest& id) { return state_key("contract-terms", id.view()); }
Digest contract_state(const Digest& id) { return state_key("contract-state", id.view()); }

Digest record(std::string_view organisation, const ledger::IdempotencyKey& key) {
    cbor::Writer id{96};
    id.array(2).text(organisation).bytes(key);
    return state_key("record", id.view());
}

Digest posting(const Digest& contract, std::uint64_t sequence) {
    cbor::Writer id{48};
    id.array(2).digest(contract).uint(sequence);
    return state_key("posting", id.view());
}

}  // namespace probatum::contracts::state_keys
