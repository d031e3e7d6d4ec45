#pragma once

#include <string_view>

#include "base/civil_time.h"
#include "base/key.h"
#include "base/strong_id.h"
#include "contracts/standing.h"
#include "ledger/state_tree.h"
#include "ledger/transaction.h"
#include "ledger/vote.h"

/// The registry of state keys: every type of value that stands in the state tree, and its canonical id.
/// The values' formats: docs/spec/state.md.
namespace probatum::contracts::state_keys {

[[nodiscard]] Digest organisation(std::string_view id);  ///< "organisation": id
[[nodiscard]] Digest member_key(const KeyId& key);       ///< "member-key": key id
[[nodiscard]] Digest parameters();                       ///< "parameters": empty
[[nodiscard]] Digest validators();                       ///< "validators": empty
[[nodiscard]] Digest recovery();                         ///< "recovery": empty
[[nodiscard]] Digest governance();                       ///< "governance": empty
[[nodiscard]] Digest current_epoch();                    ///< "current-epoch": empty
[[nodiscard]] Digest epoch(Epoch epoch);                 ///< "epoch": CBOR number
[[nodiscard]] Digest succession(Epoch epoch);            ///< "succession": CBOR number of the epoch that it began
[[nodiscard]] Digest liveness();                         ///< "liveness": empty
[[nodiscard]] Digest marks();                            ///< "marks": empty
[[nodiscard]] Digest readiness(const KeyId& key);        ///< "readiness": key id of a validator or a joiner
[[nodiscard]] Digest retired_key(const KeyId& key);      ///< "retired-key": key id of a former validator
[[nodiscard]] Digest proposal(const Digest& id);         ///< "proposal": transaction id
[[nodiscard]] Digest proposal_count();                   ///< "proposals": empty
[[nodiscard]] Digest proposal_number(std::uint64_t n);   ///< "proposal-number": CBOR number, from 1
[[nodiscard]] Digest proposal_of(std::string_view organisation);  ///< "proposal-of": organisation id
/// "misbehaviour": [key id, epoch, view, kind of the first statement]
struct MisbehaviourName {
    KeyId validator;
    Epoch epoch;
    View view;
    ledger::VoteKind kind;
};
[[nodiscard]] Digest misbehaviour(const MisbehaviourName& name);
[[nodiscard]] Digest misbehaviour_count();                  ///< "misbehaviours": empty
[[nodiscard]] Digest misbehaviour_number(std::uint64_t n);  ///< "misbehaviour-number": CBOR number, from 1
/// "record": [organisation, idempotency key]
[[nodiscard]] Digest record(std::string_view organisation, const ledger::IdempotencyKey& key);
[[nodiscard]] Digest document(const Digest& sha256_digest);                    ///< "document": SHA-256 digest
[[nodiscard]] Digest bank_reference(const Digest& blinded);                    ///< "bank-reference": blinded reference
[[nodiscard]] Digest contract(const Digest& id);                               ///< "contract": contract id
[[nodiscard]] Digest contract_terms(const Digest& id);                         ///< "contract-terms": contract id
[[nodiscard]] Digest contract_state(const Digest& id);                         ///< "contract-state": contract id
[[nodiscard]] Digest financing_keys();                                         ///< "financing-keys": empty
[[nodiscard]] Digest financing(const PublicKey& tag);                          ///< "financing": the tag's bytes
[[nodiscard]] Digest posting(const Digest& contract, std::uint64_t sequence);  ///< "posting": [contract id, sequence]

// Identity: docs/spec/roles.md.
[[nodiscard]] Digest standing(std::string_view organisation);  ///< "standing": organisation id
[[nodiscard]] Digest organisation_count();                     ///< "organisations": empty
[[nodiscard]] Digest organisation_number(std::uint64_t n);     ///< "organisation-number": CBOR number, from 1
[[nodiscard]] Digest member(std::string_view organisation, std::string_view id);        ///< "member": [both]
[[nodiscard]] Digest member_number(std::string_view organisation, std::uint64_t n);     ///< "member-number": [both]
[[nodiscard]] Digest freeze(const FreezeSubject& subject);                              ///< "freeze": [kind, id]
[[nodiscard]] Digest certificate_binding(const KeyId& key, const Digest& certificate);  ///< "certificate": [both]
[[nodiscard]] Digest trusted_roots();                                                   ///< "trusted-roots": empty

// Published data: docs/spec/published.md.
[[nodiscard]] Digest calendar(std::string_view code, std::uint64_t version);  ///< "calendar": [both]
[[nodiscard]] Digest calendar_latest(std::string_view code);                  ///< "calendar-latest": code
[[nodiscard]] Digest calendar_count();                                        ///< "calendars": empty
[[nodiscard]] Digest calendar_number(std::uint64_t n);                        ///< "calendar-number": CBOR number
[[nodiscard]] Digest rate_index(std::string_view code);                       ///< "index": code
[[nodiscard]] Digest rate_index_count();                                      ///< "indexes": empty
[[nodiscard]] Digest rate_index_number(std::uint64_t n);                      ///< "index-number": CBOR number
[[nodiscard]] Digest fixing(std::string_view index, CivilDate date);          ///< "fixing": [index, date]
/// A template is known by its name and its language.
[[nodiscard]] Digest contract_template(std::string_view name, std::string_view language,
                                       std::uint64_t version);                           ///< "template": [all three]
[[nodiscard]] Digest template_latest(std::string_view name, std::string_view language);  ///< "template-latest": [both]
[[nodiscard]] Digest template_count();                                                   ///< "templates": empty
[[nodiscard]] Digest template_number(std::uint64_t n);                                   ///< "template-number"

}  // namespace probatum::contracts::state_keys
