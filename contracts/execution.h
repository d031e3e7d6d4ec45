#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/key.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/entry.h"
#include "ledger/state_view.h"
#include "ledger/transaction.h"

/// How one transaction changes the state: the only door between the chain and the rules.
namespace probatum::contracts {

/// Where a transaction stands. The same for all validators.
struct BlockContext {
    Digest chain_id;
    Epoch epoch;
    Height height;
    UnixMs time;
    std::uint64_t rules_version{1};
};

inline constexpr std::uint64_t kMaxValidityMs = 24ULL * 60 * 60 * 1000;

/// The registered public key of a key id, or unknown_key.
[[nodiscard]] Result<PublicKey> find_key(const ledger::StateView& state, const KeyId& id);

/// Whether a transaction may stand in a block at all: chain id, known key, key belongs to the issuer named, not
/// expired, valid no longer than 24 h, size, known action, a body and openings that decode, work within the limit of
/// one transaction. The signature and the recently-seen ids are the caller's to check. A block that holds a transaction
/// that is not admissible over the state before the block is invalid; a client gets the same error as an answer.
/// Threads: pure.
[[nodiscard]] Result<void> admit(const ledger::Transaction& transaction, const BlockContext& context,
                                 const ledger::StateView& state);

/// Deterministic cost of a transaction, from its bytes alone. One unit is about one microsecond on the reference
/// machine.
[[nodiscard]] std::uint64_t work_units(const ledger::Transaction& transaction);

/// A leaf that was appended to a subject's own log.
struct SubjectEvent {
    bool refused{false};  ///< False: the event log. True: the log of refused attempts.
    ledger::EventLeaf leaf;
};

/// What lists and searches need; derived, never hashed.
struct IndexEntry {
    enum class Kind : std::uint8_t { party = 1, own_number = 2, document = 3, bank_reference = 4 };
    Kind kind;
    Bytes key;       ///< party: organisation id; own_number: number; document: digest; bank_reference: blinded digest.
    Digest subject;  ///< Contract id, or the transaction id of an evidence record.
    friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

struct Execution {
    ledger::Outcome outcome;
    ledger::StateOverlay::Writes writes;  ///< Of a refusal: the refusal log of the contract at most.
    std::vector<SubjectEvent> events;
    std::vector<IndexEntry> index;
};

/// Executes one transaction over `state`: the state before its block, where it is admissible, and what the transactions
/// before it wrote. A refusal by a rule is an outcome, not an error, and so is a key that one of them revoked
/// (unknown_key, in the chain's log alone). Every invariant
/// of DOMAIN section 5 that is in force is checked afterwards; a broken one refuses the transaction
/// (invariant_violated). Threads: pure.
[[nodiscard]] Execution execute(const ledger::Transaction& transaction, const BlockContext& context,
                                std::uint32_t index, const ledger::StateView& state);

}  // namespace probatum::contracts
