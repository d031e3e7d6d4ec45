#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/result.h"
#include "base/strong_id.h"

namespace probatum::ledger {

inline constexpr std::size_t kMaxOutcomeFieldBytes = 128;

/// How a transaction ended: accepted, or refused by a rule with a registry number and the field to blame.
struct Outcome {
    std::uint16_t code{0};  ///< 0 accepted; otherwise a number of the error registry.
    std::string field{};    ///< Empty when accepted or when no field is to blame. At most 128 bytes.
    [[nodiscard]] bool accepted() const { return code == 0; }
    /// The refusal that an error stands for; a longer field name is cut at a character.
    [[nodiscard]] static Outcome refused(const Error& error);
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// One leaf of the evidence log of the whole chain.
struct Entry {
    Digest transaction;
    Outcome outcome;
    Digest change_digest;
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// [transaction id, [code, field], change digest]
[[nodiscard]] Bytes encode(const Entry& entry);
[[nodiscard]] Result<Entry> decode_entry(ByteView bytes);

/// One leaf of a subject's own log (a contract's events, or its refused attempts). `resolved` is what `authorise`
/// looked up in the world outside the contract: one deterministic CBOR item that contracts/ defines.
struct EventLeaf {
    Digest subject;             ///< Contract id.
    std::uint64_t sequence{0};  ///< 0-based position in this log.
    Digest previous;            ///< RFC 9162 leaf hash of the leaf before; zero for the first.
    Digest transaction;
    Height height;
    std::uint32_t index{0};  ///< Position of the transaction in its block.
    UnixMs time;             ///< Block time.
    Outcome outcome;         ///< Accepted in the event log; the refusal in the refusal log.
    Bytes resolved;
    friend bool operator==(const EventLeaf&, const EventLeaf&) = default;
};

/// [subject, sequence, previous, transaction, height, index, time, [code, field], resolved]
[[nodiscard]] Bytes encode(const EventLeaf& leaf);
[[nodiscard]] Result<EventLeaf> decode_event_leaf(ByteView bytes);

}  // namespace probatum::ledger
