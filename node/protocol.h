#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/block.h"
#include "ledger/vote.h"

/// What peers say to each other: deterministic CBOR, one array per message that begins with its number, strictly
/// decoded. On the connection each message follows its length, four bytes, most significant first. docs/spec/node.md
/// tells the dialogue, docs/formats.cddl `peer-message` the bytes.
namespace probatum::node {

inline constexpr std::uint64_t kProtocolVersion = 1;
inline constexpr std::size_t kMaxMessageBytes = 32U << 20U;
inline constexpr std::size_t kMaxHelloBytes = 4096;
inline constexpr std::size_t kMaxGossipTransactions = 1024;
inline constexpr std::size_t kMaxRangeBlocks = 1024;

/// The first message of both sides. `identity` is absent for an observer; a key and no position, because two nodes may
/// stand in different epochs.
struct Hello {
    std::uint64_t version{kProtocolVersion};
    Digest chain_id;
    std::optional<KeyId> identity{};  ///< Of who is, was or will be a validator.
    Height height;                    ///< Last final height.
    UnixMs clock;                     ///< The sender's own.
    Bytes binding{};                  ///< tls-binding statement; empty for an observer that presents none.
    friend bool operator==(const Hello&, const Hello&) = default;
};

/// A block by the ids of its transactions, which were gossiped before, and its proposer's notarize vote.
struct Proposal {
    ledger::Header header;
    std::optional<ledger::Certificate> parent_certificate{};
    std::vector<Digest> transactions{};
    ledger::Vote vote;
    friend bool operator==(const Proposal&, const Proposal&) = default;
};

struct VoteMessage {
    ledger::Vote vote;
    friend bool operator==(const VoteMessage&, const VoteMessage&) = default;
};
struct CertificateMessage {
    ledger::Certificate certificate;
    friend bool operator==(const CertificateMessage&, const CertificateMessage&) = default;
};

/// Gossip. The id is the sender's claim, so that a known transaction is dropped undecoded; a false one ends the
/// connection.
struct Gossiped {
    Digest id;
    Bytes wire;
    friend bool operator==(const Gossiped&, const Gossiped&) = default;
};
struct TransactionsMessage {
    std::vector<Gossiped> transactions{};
    friend bool operator==(const TransactionsMessage&, const TransactionsMessage&) = default;
};

/// Asks for what closed a view: answered by a certificate.
struct AskViewMessage {
    Epoch epoch;
    View view;
    friend bool operator==(const AskViewMessage&, const AskViewMessage&) = default;
};
/// Asks for a whole block: answered by BlockMessage, or by nothing.
struct FetchBlockMessage {
    Digest id;
    friend bool operator==(const FetchBlockMessage&, const FetchBlockMessage&) = default;
};
struct BlockMessage {
    Bytes block;
    friend bool operator==(const BlockMessage&, const BlockMessage&) = default;
};

/// Asks for the transactions of a proposal that are not known here, by their ascending positions.
struct FetchTransactionsMessage {
    Digest block;
    std::vector<std::uint32_t> positions{};
    friend bool operator==(const FetchTransactionsMessage&, const FetchTransactionsMessage&) = default;
};
struct BlockTransactionsMessage {
    Digest block;
    std::vector<Bytes> wires{};
    friend bool operator==(const BlockTransactionsMessage&, const BlockTransactionsMessage&) = default;
};

/// Asks for final blocks from a height on. Answered with consecutive blocks and why the last of them is final.
struct FetchRangeMessage {
    Height from;
    friend bool operator==(const FetchRangeMessage&, const FetchRangeMessage&) = default;
};
struct RangeMessage {
    Height from;
    std::vector<Bytes> blocks{};  ///< Empty: nothing final at this height here.
    /// Why the last of them is final (see ledger::FinalityProof): present exactly when there are blocks. The path is
    /// empty wherever a directly final block lies within what one answer holds.
    std::optional<ledger::Certificate> finality{};
    std::vector<ledger::Header> path{};
    friend bool operator==(const RangeMessage&, const RangeMessage&) = default;
};

/// Sent every second and after progress; also keeps the connection alive.
struct StatusMessage {
    Height height;
    View view;
    UnixMs clock;
    friend bool operator==(const StatusMessage&, const StatusMessage&) = default;
};

using Message = std::variant<Hello, Proposal, VoteMessage, CertificateMessage, TransactionsMessage, AskViewMessage,
                             FetchBlockMessage, BlockMessage, FetchTransactionsMessage, BlockTransactionsMessage,
                             FetchRangeMessage, RangeMessage, StatusMessage>;

[[nodiscard]] Bytes encode(const Message& message);
/// Strict: encode(decode(x)) == x. Errors: malformed, not_deterministic, too_large.
[[nodiscard]] Result<Message> decode_message(ByteView bytes);

/// About what a message takes in memory: what can be large in it, and something for the rest.
[[nodiscard]] std::size_t size_of(const Message& message);

/// A message behind its length, ready for any number of connections.
using Frame = std::shared_ptr<const Bytes>;
[[nodiscard]] Frame make_frame(const Message& message);
/// The same for gossip, without copying the transactions first.
[[nodiscard]] Frame make_gossip_frame(const std::vector<ledger::TransactionPtr>& transactions);

/// What a proposal says of a block.
[[nodiscard]] Proposal proposal_of(const ledger::Block& block, const ledger::Vote& vote);

}  // namespace probatum::node
