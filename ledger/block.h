#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "ledger/transaction.h"
#include "ledger/vote.h"

namespace probatum::ledger {

inline constexpr std::uint64_t kFormatVersion = 1;
inline constexpr std::size_t kMaxBlockTransactions = 4096;
inline constexpr std::size_t kMaxBlockBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kMaxFinalityPath = 1024;  ///< Headers in one finality proof.
inline constexpr std::size_t kMaxSuccessionStatements = 100;
inline constexpr std::size_t kMaxStatementBytes = 16 * 1024;

/// A block id is the SHA-256 of the encoded header. The block of height 0 has no header: its id is the chain id.
struct Header {
    std::uint64_t version{kFormatVersion};
    Digest chain_id;
    Epoch epoch;
    Height height;  ///< From 1.
    View view;      ///< The view in which this block was first proposed.
    Digest parent;  ///< Block id; the chain id for height 1.
    ValidatorIndex proposer{0};
    UnixMs time;
    Digest payload_root;
    std::uint64_t log_size{0};  ///< Entries in the evidence log after this block.
    Digest log_root;
    Digest state_root;       ///< After this block.
    Digest validators;       ///< Digest of the set that agrees on this block.
    Digest next_validators;  ///< Digest of the set that agrees on its children.
    std::uint64_t rules_version{1};
    Digest parent_certificate;  ///< Digest of the parent certificate of the block; zero for height 1.

    friend bool operator==(const Header&, const Header&) = default;
};

/// [version, chain id, epoch, height, view, parent, proposer, time, payload root, log size, log root, state root,
///  validators, next validators, rules version, parent certificate]
[[nodiscard]] Bytes encode(const Header& header);
[[nodiscard]] Result<Header> decode_header(ByteView bytes);
[[nodiscard]] Digest id_of(const Header& header);

/// Immutable once made; shared by consensus, execution and the store.
struct Block {
    Header header;
    Digest id;
    /// A notarization of the parent in this epoch; in the first block of an epoch a finality certificate of the parent
    /// by the validators of the epoch before. Absent exactly for height 1.
    std::optional<Certificate> parent_certificate;
    std::vector<TransactionPtr> transactions;
    /// By which recovery authorities named the validators of an epoch that no closing block began: in the first block
    /// of such an epoch, which holds no transactions, and nowhere else.
    std::vector<Bytes> succession{};
};
using BlockPtr = std::shared_ptr<const Block>;

/// RFC 9162 tree hash over the parent certificate's bytes (null for none; with a succession: [certificate, [+
/// statement]]), then per transaction [id, openings digest].
[[nodiscard]] Digest payload_root(const std::optional<Certificate>& parent_certificate,
                                  const std::vector<TransactionPtr>& transactions,
                                  const std::vector<Bytes>& succession = {});

/// [header, parent certificate / null, [* transaction], ? [+ statement of a succession]]
[[nodiscard]] Bytes encode(const Block& block);
/// Decodes strictly and checks what the bytes alone can tell: payload root, certificate digest, limits, distinct
/// transaction ids. invalid_block names the field. Signatures, roots and time are checked elsewhere.
[[nodiscard]] Result<BlockPtr> decode_block(ByteView bytes);
/// The id of the block that these bytes say they are, from the header alone: for telling whether it is wanted.
[[nodiscard]] Result<Digest> block_id_of(ByteView bytes);
/// What decode_block demands of parts that arrive one by one (a compact proposal): the parent certificate is the one
/// that the header names, the transactions are few enough and distinct. invalid_block names the field. A block of parts
/// that were not checked could be agreed upon and never be decoded again.
[[nodiscard]] Result<void> check_parts(const Header& header, const std::optional<Certificate>& parent_certificate,
                                       std::span<const Digest> transactions);
[[nodiscard]] Result<void> check_parts(const Block& block);
/// Completes a block from its parts; the header's payload root and parent certificate digest are filled in.
[[nodiscard]] BlockPtr make_block(Header header, std::optional<Certificate> parent_certificate,
                                  std::vector<TransactionPtr> transactions, std::vector<Bytes> succession = {});

/// Why block `b` is final: a finalize certificate for `d` and the headers from d back to the child of b (none if d =
/// b).
struct FinalityProof {
    Certificate certificate;
    std::vector<Header>
        path;  ///< First is d; each next one is the parent of the one before; the last one's parent is b.
};
/// [certificate, [* header]]
[[nodiscard]] Bytes encode(const FinalityProof& proof);
[[nodiscard]] Result<FinalityProof> decode_finality_proof(ByteView bytes);
/// certificate_invalid unless `proof` makes the block with this header final under `set` (all within one epoch).
[[nodiscard]] Result<void> verify_finality(const Header& header, const FinalityProof& proof, const ValidatorSet& set,
                                           const SignatureChecker& checker);

}  // namespace probatum::ledger
