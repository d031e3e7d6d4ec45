#pragma once

#include <string>
#include <vector>

#include "evidence/bundle.h"

/// COSE Receipts (RFC 9942): one validator says under its signature that a statement stands in the log of a final
/// block. Statement and receipt together are a transparent statement (RFC 9943), which tools of others read. The
/// certificate of the bundle remains the proof: it stands in the receipt under a private label. Source:
/// docs/spec/receipts.md, docs/formats.cddl.
namespace probatum::evidence {

inline constexpr std::int64_t kLabelTimeStamp = 270;  ///< RFC 9921: 3161-ctt
inline constexpr std::size_t kMaxReceiptTokenBytes = 64U * 1024U;
inline constexpr std::int64_t kLabelReceipts = 394;         ///< RFC 9942
inline constexpr std::int64_t kLabelVds = 395;              ///< RFC 9942: verifiable data structure
inline constexpr std::int64_t kLabelVdp = 396;              ///< RFC 9942: its proofs
inline constexpr std::int64_t kVdsRfc9162Sha256 = 1;        ///< RFC 9942
inline constexpr std::int64_t kLabelFinality = -70002;      ///< Private use: [entry, header, finality proof].
inline constexpr std::size_t kMaxReceiptBytes = 1U << 20U;  ///< Of a statement with its receipts.
inline constexpr std::size_t kMaxReceipts = 16;             ///< Of one statement.

/// What a receipt says. `entry` is what was hashed as the leaf (leaf hash = SHA-256(0x00 || entry)).
struct CoseReceipt {
    std::string issuer;  ///< The validator's organisation.
    KeyId key_id;        ///< Its identity key.
    std::uint64_t tree_size{0};
    std::uint64_t leaf_index{0};
    std::vector<Digest> path;
    ledger::Entry entry;
    FinalHeader block;
    Signature signature{};
    std::optional<Bytes> time_stamp{};  ///< RFC 9921 `3161-ctt`: a token over stamped_bytes(receipt).
};

/// Everything but the signature, from a record of a bundle and the set that agreed on its block. validator_unknown
/// where the key is not in the set.
[[nodiscard]] Result<CoseReceipt> draft_receipt(const RecordPart& record, const ledger::ValidatorSet& set,
                                                const KeyId& signer);
/// What the validator hashes with SHA-256 and signs: the Sig_structure over the log root as detached payload.
[[nodiscard]] Bytes signing_bytes(const CoseReceipt& receipt);

/// What a time-stamp token on the receipt is over: the CBOR encoding of its signature (RFC 9921 section 3.1).
[[nodiscard]] Bytes stamped_bytes(const CoseReceipt& receipt);

/// 18([protected, {? 270: token, 396: {-1: [proof]}, -70002: [entry, header, finality]}, null, signature])
[[nodiscard]] Bytes encode(const CoseReceipt& receipt);
[[nodiscard]] Result<CoseReceipt> decode_cose_receipt(ByteView bytes);

/// A statement with receipts under label 394 of its unprotected header.
struct TransparentStatement {
    Bytes statement;  ///< As signed: with an empty unprotected header. Its SHA-256 is the transaction id.
    std::vector<CoseReceipt> receipts;  ///< One or more.
};
/// Precondition: `statement` decodes as a COSE_Sign1 of this ledger.
[[nodiscard]] Bytes encode(const TransparentStatement& statement);
[[nodiscard]] Result<TransparentStatement> decode_transparent(ByteView bytes);

/// Whether each receipt holds: the entry names the statement, the path leads to the header's log root, the issuer is a
/// validator of the header's epoch and signed that root, and the header is final. `path` leads to that epoch's set and
/// holds every later step that is known: the next one bounds the heights of that set's reign. Time-stamps on receipts
/// are judged by evidence/x509. Errors: wrong_genesis, evidence_mismatch, invalid_proof, validator_unknown,
/// bad_signature, certificate_invalid.
[[nodiscard]] Result<void> verify_transparent(const TransparentStatement& statement, ByteView genesis,
                                              const Digest& genesis_digest,
                                              const std::vector<ValidatorChange>& path = {});

}  // namespace probatum::evidence
