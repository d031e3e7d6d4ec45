#include "evidence/cose_receipt.h"

#include <algorithm>
#include <utility>

#include "base/cbor.h"
#include "base/check.h"
#include "base/cose.h"
#include "base/hash.h"
#include "contracts/genesis.h"
#include "evidence/verify_chain.h"
#include "ledger/evidence_log.h"

namespace probatum::evidence {

namespace {

using cbor::Reader;
using cbor::Writer;

constexpr std::uint64_t kTagSign1 = 18;
constexpr std::int64_t kInclusionProofs = -1;  // RFC 9942, in the map of proofs
constexpr std::int64_t kClaimIssuer = 1;
constexpr std::int64_t kClaimSubject = 2;
constexpr std::string_view kSubject = "probatum evidence log";
constexpr std::size_t kMaxIssuerBytes = 64;
constexpr std::size_t kMaxLogPath = 64;

Bytes protected_bytes(const CoseReceipt& receipt) {
    Writer out{128};
    out.map(5).integer(cose::kLabelAlgorithm).integer(cose::kAlgorithmEs256k);
    out.integer(cose::kLabelKeyId).digest(receipt.key_id.digest);
    out.integer(cose::kLabelCwtClaims).map(2).integer(kClaimIssuer).text(receipt.issuer);
    out.integer(kClaimSubject).text(kSubject);
    out.integer(kLabelVds).integer(kVdsRfc9162Sha256);
    out.integer(cose::kLabelChainId).digest(receipt.block.header.chain_id);
    return out.take();
}

Bytes inclusion_proof(const CoseReceipt& receipt) {
    Writer out{64 + receipt.path.size() * 34};
    out.array(3).uint(receipt.tree_size).uint(receipt.leaf_index).array(receipt.path.size());
    for (const Digest& sibling : receipt.path) {
        out.digest(sibling);
    }
    return out.take();
}

void expect(Reader& in, std::string_view field, std::int64_t number) {
    in.field(field);
    if (in.integer() != number) {
        in.refuse(Errc::malformed, "another label or value stands here");
    }
}

/// Reads a map of exactly so many pairs.
void map_of(Reader& in, std::string_view field, std::uint64_t pairs) {
    in.field(field);
    if (in.map() != pairs) {
        in.refuse(Errc::malformed, "another number of labels stands here");
    }
}

Result<void> read_protected(ByteView bytes, CoseReceipt& out, Digest& chain_id) {
    Reader in{bytes};
    map_of(in, "receipt.protected", 5);
    expect(in, "receipt.algorithm", cose::kLabelAlgorithm);
    expect(in, "receipt.algorithm", cose::kAlgorithmEs256k);
    expect(in, "receipt.key_id", cose::kLabelKeyId);
    out.key_id = KeyId{in.digest()};
    expect(in, "receipt.claims", cose::kLabelCwtClaims);
    map_of(in, "receipt.claims", 2);
    expect(in, "receipt.issuer", kClaimIssuer);
    out.issuer = std::string{in.text_at_most(kMaxIssuerBytes)};
    expect(in, "receipt.subject", kClaimSubject);
    if (in.text() != kSubject) {
        in.refuse(Errc::malformed, "another subject");
    }
    in.leave();
    expect(in, "receipt.vds", kLabelVds);
    expect(in, "receipt.vds", kVdsRfc9162Sha256);
    expect(in, "receipt.chain_id", cose::kLabelChainId);
    chain_id = in.digest();
    in.leave();
    return in.finish();
}

Result<void> read_proof(ByteView bytes, CoseReceipt& out) {
    Reader in{bytes};
    in.field("receipt.proof").array_of(3);
    out.tree_size = in.uint();
    out.leaf_index = in.uint();
    const std::uint64_t count = in.field("receipt.path").array();
    if (count > kMaxLogPath) {
        in.refuse(Errc::too_large, "a path of at most 64");
    }
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        out.path.push_back(in.digest());
    }
    in.leave();
    in.leave();
    return in.finish();
}

/// The next item whole, through its own decoder.
template <class Decoded>
void take(Reader& in, std::string_view field, Result<Decoded> (*decode)(ByteView), Decoded& out) {
    in.field(field);
    const ByteView item = in.raw_item();
    if (in.failed()) {
        return;
    }
    Result<Decoded> decoded = decode(item);
    if (!decoded) {
        in.refuse(std::move(decoded).error());
        return;
    }
    out = *std::move(decoded);
}

Result<void> check_receipt(const CoseReceipt& receipt, const Digest& transaction, const Trust& trust) {
    if (receipt.entry.transaction != transaction) {
        return fail(Errc::evidence_mismatch, "receipt.entry");
    }
    const ledger::Header& header = receipt.block.header;
    if (receipt.tree_size != header.log_size) {
        return fail(Errc::evidence_mismatch, "receipt.tree_size");
    }
    PROBATUM_TRY(check_final_header(receipt.block, trust));
    PROBATUM_TRY(ledger::log::verify_inclusion(ledger::log::leaf_hash(ledger::encode(receipt.entry)),
                                               receipt.leaf_index, receipt.tree_size, receipt.path, header.log_root));
    const ledger::ValidatorSet& set = trust.set_of(header.epoch);
    const auto index = set.index_of(receipt.key_id);
    if (!index || set.at(*index).organisation != receipt.issuer) {
        return fail(Errc::validator_unknown, "receipt.key_id");
    }
    return set.at(*index).key.verify(sha256(signing_bytes(receipt)), receipt.signature);
}

}  // namespace

Result<CoseReceipt> draft_receipt(const RecordPart& record, const ledger::ValidatorSet& set, const KeyId& signer) {
    const auto index = set.index_of(signer);
    if (!index || set.digest() != record.block.header.validators) {
        return fail(Errc::validator_unknown, "key");
    }
    CoseReceipt out;
    out.issuer = set.at(*index).organisation;
    out.key_id = signer;
    out.tree_size = record.block.header.log_size;
    out.leaf_index = record.log_index;
    out.path = record.log_path;
    out.entry = record.entry;
    out.block = record.block;
    return out;
}

Bytes signing_bytes(const CoseReceipt& receipt) {
    return cose::signing_bytes(protected_bytes(receipt), receipt.block.header.log_root.view());
}

Bytes stamped_bytes(const CoseReceipt& receipt) {
    Writer out{80};
    out.bytes(receipt.signature);
    return out.take();
}

Bytes encode(const CoseReceipt& receipt) {
    Writer out{2048};
    out.tag(kTagSign1).array(4).bytes(protected_bytes(receipt)).map(receipt.time_stamp ? 3 : 2);
    if (receipt.time_stamp) {
        out.integer(kLabelTimeStamp).bytes(*receipt.time_stamp);
    }
    out.integer(kLabelVdp).map(1).integer(kInclusionProofs).array(1).bytes(inclusion_proof(receipt));
    out.integer(kLabelFinality).array(3).raw(ledger::encode(receipt.entry));
    out.raw(ledger::encode(receipt.block.header)).raw(ledger::encode(receipt.block.finality));
    out.null().bytes(receipt.signature);
    return out.take();
}

Result<CoseReceipt> decode_cose_receipt(ByteView bytes) {
    if (bytes.size() > kMaxReceiptBytes) {
        return fail(Errc::too_large, "receipt");
    }
    Reader in{bytes};
    CoseReceipt out;
    Digest chain_id;
    in.field("receipt").tag_of(kTagSign1);
    in.array_of(4);
    const ByteView header = in.field("receipt.protected").bytes();
    const std::uint64_t labels = in.field("receipt.unprotected").map();
    if (labels != 2 && labels != 3) {
        in.refuse(Errc::malformed, "another number of labels stands here");
    }
    if (labels == 3) {
        expect(in, "receipt.time_stamp", kLabelTimeStamp);
        out.time_stamp = to_bytes(in.bytes());
        if (out.time_stamp->size() > kMaxReceiptTokenBytes) {
            in.refuse(Errc::too_large, "a token of at most 64 KiB");
        }
    }
    expect(in, "receipt.proofs", kLabelVdp);
    map_of(in, "receipt.proofs", 1);
    expect(in, "receipt.proofs", kInclusionProofs);
    in.array_of(1);
    const ByteView proof = in.bytes();
    in.leave();
    in.leave();
    expect(in, "receipt.finality", kLabelFinality);
    in.array_of(3);
    take(in, "receipt.entry", ledger::decode_entry, out.entry);
    take(in, "receipt.header", ledger::decode_header, out.block.header);
    take(in, "receipt.finality", ledger::decode_finality_proof, out.block.finality);
    in.leave();
    in.leave();
    in.field("receipt.payload").null();
    out.signature = in.field("receipt.signature").byte_array<std::tuple_size_v<Signature>>();
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    PROBATUM_TRY(read_protected(header, out, chain_id));
    PROBATUM_TRY(read_proof(proof, out));
    if (chain_id != out.block.header.chain_id) {
        return fail(Errc::malformed, "receipt.chain_id", "not that of the header");
    }
    return out;
}

Bytes encode(const TransparentStatement& statement) {
    const Result<cose::Statement> said = cose::decode(statement.statement);
    PROBATUM_CHECK(said.has_value(), "only statements get receipts");
    Writer out{statement.statement.size() + 4096};
    out.tag(kTagSign1).array(4).bytes(said->protected_bytes).map(1).integer(kLabelReceipts);
    out.array(statement.receipts.size());
    for (const CoseReceipt& receipt : statement.receipts) {
        out.bytes(encode(receipt));
    }
    out.bytes(said->payload).bytes(said->signature);
    return out.take();
}

Result<TransparentStatement> decode_transparent(ByteView bytes) {
    if (bytes.size() > kMaxReceiptBytes) {
        return fail(Errc::too_large, "statement");
    }
    Reader in{bytes};
    TransparentStatement out;
    in.field("statement").tag_of(kTagSign1);
    in.array_of(4);
    const ByteView header = in.field("statement.protected").bytes();
    map_of(in, "statement.unprotected", 1);
    expect(in, "statement.receipts", kLabelReceipts);
    const std::uint64_t count = in.array();
    if (count == 0 || count > kMaxReceipts) {
        in.refuse(Errc::too_large, "one to sixteen receipts");
    }
    std::vector<ByteView> receipts;
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        receipts.push_back(in.bytes());
    }
    in.leave();
    in.leave();
    const ByteView payload = in.field("statement.payload").bytes();
    const auto signature = in.field("statement.signature").byte_array<std::tuple_size_v<Signature>>();
    in.leave();
    in.leave();
    PROBATUM_TRY(in.finish());
    for (const ByteView each : receipts) {
        PROBATUM_LET(receipt, decode_cose_receipt(each));
        const bool twice = std::ranges::any_of(out.receipts, [&](const CoseReceipt& other) {
            return other.key_id == receipt.key_id && other.tree_size == receipt.tree_size;
        });
        if (twice) {
            return fail(Errc::malformed, "statement.receipts", "one receipt of a validator over one log stands twice");
        }
        out.receipts.push_back(std::move(receipt));
    }
    // The receipts come off again: what was signed and hashed had an empty unprotected header.
    Writer plain{bytes.size()};
    plain.tag(kTagSign1).array(4).bytes(header).map(0).bytes(payload).bytes(signature);
    out.statement = plain.take();
    PROBATUM_LET(said, cose::decode(out.statement));
    static_cast<void>(said);
    return out;
}

Result<void> verify_transparent(const TransparentStatement& statement, ByteView genesis_bytes,
                                const Digest& genesis_digest, const std::vector<ValidatorChange>& path) {
    if (sha256(genesis_bytes) != genesis_digest) {
        return fail(Errc::wrong_genesis, "genesis");
    }
    PROBATUM_LET(genesis, contracts::decode_genesis(genesis_bytes));
    Trust trust{genesis_digest, genesis, {{Epoch{}, genesis.validator_set(), {}}}};
    PROBATUM_TRY(follow_path(path, trust));
    const Digest transaction = sha256(statement.statement);
    for (const CoseReceipt& receipt : statement.receipts) {
        PROBATUM_TRY(check_receipt(receipt, transaction, trust));
    }
    return {};
}

}  // namespace probatum::evidence
