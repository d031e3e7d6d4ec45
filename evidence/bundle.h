#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "contracts/evidence_record.h"
#include "evidence/registry_part.h"
#include "ledger/block.h"
#include "ledger/entry.h"
#include "ledger/state_tree.h"
#include "ledger/transaction.h"
#include "ledger/validator_set.h"

/// The file that a court receives: all that is needed to prove a contract or a record to somebody who has no network
/// and trusts nobody who ran the chain but a quorum of the validators' keys. Source: docs/spec/evidence.md,
/// docs/formats.cddl.
namespace probatum::evidence {

inline constexpr std::string_view kBundleContentType = "application/vnd.probatum.evidence+cbor";
inline constexpr std::string_view kBundleSuffix = ".evidence";
inline constexpr std::string_view kBundleMagic = "probatum evidence";
inline constexpr std::uint64_t kBundleVersion = 1;

/// Limits of the decoder; memory stays proportional to the input.
inline constexpr std::size_t kMaxBundleBytes = 256U * 1024U * 1024U;
inline constexpr std::size_t kMaxBundleEvents = 100'000;  ///< Accepted events, and refused attempts as many.
inline constexpr std::size_t kMaxValidatorChanges = 10'000;
inline constexpr std::size_t kMaxUseLists = 4'096;
inline constexpr std::size_t kMaxAdditions = 64;
inline constexpr std::size_t kMaxAdditionBytes = 1U << 20U;
inline constexpr std::size_t kMaxUseItems = 100'000;  ///< Of one list.

enum class SubjectKind : std::uint8_t { contract = 1, record = 2, document = 3, standing = 4 };

/// What the bundle is about: a contract by its id, a record by its transaction id, a document by its SHA-256, or the
/// standing of a contract by its id: how many events there are, or that there is no such contract.
struct Subject {
    SubjectKind kind{SubjectKind::contract};
    Digest id;
    friend bool operator==(const Subject&, const Subject&) = default;
};

/// A header and why it is final.
struct FinalHeader {
    ledger::Header header;
    ledger::FinalityProof finality;
};

/// One step of the trust path: the closing header of an epoch, final under the set before, and the set that it names.
struct ValidatorChange {
    FinalHeader closing;
    ledger::ValidatorSet next;
    /// Where the set did not name its successor: what the recovery authorities of genesis said
    /// (contracts/succession.h). Then `closing` is the last final header of the set before. Otherwise empty.
    std::vector<Bytes> succession{};
};

/// A leaf of a contract's log and the signed transaction behind it. A bundle may leave openings out; then the state
/// cannot be re-computed and the report says so.
struct BundleEvent {
    ledger::EventLeaf leaf;
    ledger::TransactionPtr transaction;
};

/// A value of the state and the path to the head's state root. No value: the proof shows absence.
struct ProvenValue {
    std::optional<Bytes> value;
    ledger::StateProof proof;
};

struct ContractPart {
    ProvenValue head;            ///< contracts::ContractHead, under the contract's state key.
    std::optional<Bytes> state;  ///< contracts::ContractState, whose digest the head holds; nothing where withheld.
    std::vector<BundleEvent> events;   ///< Every accepted event, in order.
    std::vector<BundleEvent> refused;  ///< Every refused attempt, in order.
};

/// A record is proven in the block that holds it; the parent's header bounds the height from below.
struct RecordPart {
    ledger::TransactionPtr transaction;
    ledger::Entry entry;
    std::uint64_t log_index{0};
    std::vector<Digest> log_path;  ///< Inclusion of the entry in block.header.log_root.
    FinalHeader block;
    std::optional<ledger::Header> parent;  ///< Absent exactly for height 1.
};

/// What uses a document or a bank reference: a record by its transaction id, or a contract by its id.
struct Use {
    contracts::UseKind kind{contracts::UseKind::record};
    Digest subject;
    friend bool operator==(const Use&, const Use&) = default;
};

enum class UseListKind : std::uint8_t { document = 1, bank_reference = 2 };

/// Everything that uses one document or one bank reference, complete as of the head.
struct UseList {
    UseListKind kind{UseListKind::document};
    Digest id;              ///< The document's SHA-256, or the blinded reference.
    ProvenValue state;      ///< The frontier of the list's log; no value where nothing uses it.
    std::vector<Use> uses;  ///< In order of recording.
};

/// What an exporter adds: a statement under its signature, with the key to check it by. It proves nothing about the
/// ledger; what it may hold is in evidence/additions.h.
struct Addition {
    PublicKey key;
    Bytes statement;
};

struct Bundle {
    Subject subject;
    Bytes genesis;
    std::vector<ValidatorChange> validator_path;  ///< Empty while the set of genesis reigns.
    FinalHeader head;                             ///< What the bundle speaks about is as of this block.
    std::optional<ContractPart> contract;         ///< Exactly for a contract.
    std::optional<RecordPart> record;             ///< Exactly for a record.
    std::vector<UseList> uses;                    ///< Ascending by [kind, id], distinct.
    std::optional<ProvenValue> standing{};        ///< Exactly for a standing: contracts::ContractHead, or its absence.
    std::vector<Addition> additions{};            ///< In order of adding.
    RegistryPart registry{};                      ///< Left out where genesis says all that is needed.
};

/// [magic, version, [kind, id], genesis, [* change], head, contract / record / null / standing,
/// [* use list]], then [+ [key, statement]] where there are additions; where there is a registry, it and the additions
/// or null.
[[nodiscard]] Bytes encode(const Bundle& bundle);

/// The same without the additions: what additions speak about.
[[nodiscard]] Bytes encode_core(const Bundle& bundle);

/// Decodes strictly: one encoding per bundle, so that no byte is free. What the parts prove is checked by verify().
/// Errors: unusable_input where the bytes are not a bundle of a known version at all; malformed, not_deterministic,
/// too_large with the field. Total; no recursion on input.
/// Threads: pure.
[[nodiscard]] Result<Bundle> decode_bundle(ByteView bytes);

}  // namespace probatum::evidence
