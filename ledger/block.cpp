#include "ledger/block.h"

#include <algorithm>
#include <string>

#include "base/cbor.h"
#include "base/check.h"
#include "base/hash.h"
#include "ledger/evidence_log.h"
#include "ledger/limits.h"

namespace probatum::ledger {

namespace {

/// Block, list, transaction, openings, opening; then the opening's value.
constexpr std::size_t kBlockDepth = 5 + kMaxItemDepth;
constexpr std::size_t kHeaderBytes = 400;

tl::unexpected<Error> invalid_block(std::string field, std::string why) {
    return fail(Errc::invalid_block, std::move(field), std::move(why));
}

Bytes encode_parent_certificate(const std::optional<Certificate>& certificate) {
    return certificate ? encode(*certificate) : cbor::Writer{}.null().take();
}

void write_statements(cbor::Writer& writer, const std::vector<Bytes>& statements) {
    writer.array(statements.size());
    for (const Bytes& statement : statements) {
        writer.bytes(statement);
    }
}

/// What the first leaf of the payload covers. A certificate begins with its target, so neither is taken for the other.
Bytes opening_leaf(const std::optional<Certificate>& certificate, const std::vector<Bytes>& succession) {
    if (succession.empty()) {
        return encode_parent_certificate(certificate);
    }
    cbor::Writer writer;
    writer.array(2).raw(encode_parent_certificate(certificate));
    write_statements(writer, succession);
    return writer.take();
}

Digest payload_root_of(ByteView opening, const std::vector<TransactionPtr>& transactions) {
    std::vector<Digest> leaves;
    leaves.reserve(1 + transactions.size());
    leaves.push_back(log::leaf_hash(opening));
    for (const TransactionPtr& transaction : transactions) {
        cbor::Writer leaf{72};
        leaf.array(2).digest(transaction->id()).digest(transaction->openings_digest());
        leaves.push_back(log::leaf_hash(leaf.view()));
    }
    return log::root_of(leaves);
}

std::vector<Digest> ids_of(const std::vector<TransactionPtr>& transactions) {
    std::vector<Digest> ids;
    ids.reserve(transactions.size());
    for (const TransactionPtr& transaction : transactions) {
        ids.push_back(transaction->id());
    }
    return ids;
}

Result<void> check_parent_certificate(const Header& header, const std::optional<Certificate>& certificate) {
    constexpr const char* kField = "parent_certificate";
    if (certificate.has_value() != (header.height.raw() > 1)) {
        return invalid_block(kField, "absent exactly for height 1");
    }
    if (!certificate) {
        return {};
    }
    const VoteTarget& target = certificate->target;
    const bool goes_on = target.kind == VoteKind::notarize && target.epoch == header.epoch;
    // What closed an epoch is final before the next one begins; a notarization would leave that open. A succession that
    // comes after a closing block passes over the epoch which that began and which never had a block.
    const bool opens_epoch = target.kind == VoteKind::finalize && target.epoch < header.epoch &&
                             header.epoch.raw() - target.epoch.raw() <= 2;
    if (!goes_on && !opens_epoch) {
        return invalid_block(kField, "neither a notarization of this epoch nor a finality of the one before");
    }
    if (target.block != header.parent) {
        return invalid_block(kField, "of another block than the parent");
    }
    if (digest_of(*certificate) != header.parent_certificate) {
        return invalid_block(kField, "has another digest");
    }
    return {};
}

Result<std::vector<TransactionPtr>> read_transactions(cbor::Reader& reader) {
    const std::uint64_t count = reader.field("transactions").array();
    if (count > kMaxBlockTransactions) {
        reader.refuse(Errc::too_large, "too many transactions");
    }
    PROBATUM_TRY(reader.status());
    std::vector<TransactionPtr> out;
    out.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const ByteView wire = reader.raw_item();
        PROBATUM_TRY(reader.status());
        Result<TransactionPtr> transaction = Transaction::decode(to_bytes(wire));
        if (!transaction) {
            Error error = std::move(transaction).error();
            error.field = "transactions[" + std::to_string(i) + "]." + error.field;
            return fail(std::move(error));
        }
        out.push_back(*std::move(transaction));
    }
    reader.leave();
    return out;
}

/// Absent, or one or more statements.
Result<std::vector<Bytes>> read_succession(cbor::Reader& reader) {
    std::vector<Bytes> out;
    const std::uint64_t count = reader.field("succession").array();
    if (count == 0 || count > kMaxSuccessionStatements) {
        reader.refuse(Errc::malformed, "no statements, or too many");
    }
    PROBATUM_TRY(reader.status());
    for (std::uint64_t i = 0; i < count; ++i) {
        const ByteView statement = reader.bytes();
        if (statement.size() > kMaxStatementBytes) {
            reader.refuse(Errc::too_large, "a statement");
        }
        PROBATUM_TRY(reader.status());
        out.push_back(to_bytes(statement));
    }
    reader.leave();
    return out;
}

/// Only what begins an epoch may say that it does so by a succession, and it says nothing else.
Result<void> check_succession(const Block& block) {
    const bool opens = block.parent_certificate && block.parent_certificate->target.kind == VoteKind::finalize;
    if (block.succession.empty()) {
        if (opens && block.header.epoch.raw() - block.parent_certificate->target.epoch.raw() != 1) {
            return invalid_block("parent_certificate", "an epoch was passed over without a succession");
        }
        return {};
    }
    if (!opens || !block.transactions.empty()) {
        return invalid_block("succession", "in the first block of an epoch, and alone there");
    }
    return {};
}

}  // namespace

Bytes encode(const Header& header) {
    cbor::Writer writer{kHeaderBytes};
    writer.array(16).uint(header.version).digest(header.chain_id).uint(header.epoch.raw()).uint(header.height.raw());
    writer.uint(header.view.raw()).digest(header.parent).uint(header.proposer).uint(header.time.raw());
    writer.digest(header.payload_root).uint(header.log_size).digest(header.log_root).digest(header.state_root);
    writer.digest(header.validators).digest(header.next_validators).uint(header.rules_version);
    writer.digest(header.parent_certificate);
    return writer.take();
}

Result<Header> decode_header(ByteView bytes) {
    cbor::Reader reader{bytes};
    Header out;
    reader.field("header").array_of(16);
    out.version = reader.field("version").uint();
    if (out.version != kFormatVersion) {
        reader.refuse(Errc::malformed, "unknown format version");
    }
    out.chain_id = reader.field("chain_id").digest();
    out.epoch = Epoch{reader.field("epoch").uint()};
    out.height = Height{reader.field("height").uint()};
    if (out.height.raw() == 0) {
        reader.refuse(Errc::malformed, "genesis has no header");
    }
    out.view = View{reader.field("view").uint()};
    out.parent = reader.field("parent").digest();
    if (out.height.raw() == 1 && out.parent != out.chain_id) {
        reader.refuse(Errc::malformed, "the parent of height 1 is genesis");
    }
    out.proposer = static_cast<ValidatorIndex>(reader.field("proposer").uint_at_most(kMaxValidators - 1));
    out.time = UnixMs{reader.field("time").uint()};
    out.payload_root = reader.field("payload_root").digest();
    out.log_size = reader.field("log_size").uint();
    out.log_root = reader.field("log_root").digest();
    out.state_root = reader.field("state_root").digest();
    out.validators = reader.field("validators").digest();
    out.next_validators = reader.field("next_validators").digest();
    out.rules_version = reader.field("rules_version").uint();
    out.parent_certificate = reader.field("parent_certificate").digest();
    if ((out.height.raw() == 1) != out.parent_certificate.is_zero()) {
        reader.refuse(Errc::malformed, "zero exactly for height 1");
    }
    PROBATUM_TRY(reader.finish());
    return out;
}

Digest id_of(const Header& header) { return sha256(encode(header)); }

Digest payload_root(const std::optional<Certificate>& parent_certificate,
                    const std::vector<TransactionPtr>& transactions, const std::vector<Bytes>& succession) {
    return payload_root_of(opening_leaf(parent_certificate, succession), transactions);
}

Bytes encode(const Block& block) {
    const Bytes header = encode(block.header);
    const Bytes certificate = encode_parent_certificate(block.parent_certificate);
    std::size_t size = header.size() + certificate.size() + 16;
    for (const TransactionPtr& transaction : block.transactions) {
        size += transaction->wire().size();
    }
    cbor::Writer writer{size};
    writer.array(block.succession.empty() ? 3 : 4).raw(header).raw(certificate).array(block.transactions.size());
    for (const TransactionPtr& transaction : block.transactions) {
        writer.raw(transaction->wire());
    }
    if (!block.succession.empty()) {
        write_statements(writer, block.succession);
    }
    return writer.take();
}

Result<BlockPtr> decode_block(ByteView bytes) {
    if (bytes.size() > kMaxBlockBytes) {
        return fail(Errc::too_large, "block", "above 8 MiB");
    }
    cbor::Reader reader{bytes, {.depth = kBlockDepth}};
    const std::uint64_t parts = reader.field("block").array();
    if (parts != 3 && parts != 4) {
        reader.refuse(Errc::malformed, "three parts, or four with a succession");
    }
    const ByteView header_bytes = reader.field("header").raw_item();
    const bool has_certificate = !reader.field("parent_certificate").take_null();
    const ByteView certificate_bytes = has_certificate ? reader.raw_item() : ByteView{};
    PROBATUM_TRY(reader.status());

    auto out = std::make_shared<Block>();
    PROBATUM_LET(header, decode_header(header_bytes));
    out->header = header;
    out->id = sha256(header_bytes);
    if (has_certificate) {
        PROBATUM_LET(certificate, decode_certificate(certificate_bytes));
        out->parent_certificate = std::move(certificate);
    }
    PROBATUM_LET(transactions, read_transactions(reader));
    out->transactions = std::move(transactions);
    if (parts == 4) {
        PROBATUM_LET(succession, read_succession(reader));
        out->succession = std::move(succession);
    }
    reader.leave();
    PROBATUM_TRY(reader.finish());
    PROBATUM_TRY(check_parts(*out));
    if (payload_root(out->parent_certificate, out->transactions, out->succession) != header.payload_root) {
        return invalid_block("payload_root", "does not follow from the payload");
    }
    return out;
}

Result<Digest> block_id_of(ByteView bytes) {
    cbor::Reader reader{bytes, {.depth = kBlockDepth}};
    (void)reader.field("block").array();
    const ByteView header = reader.field("header").raw_item();
    PROBATUM_TRY(reader.status());
    return sha256(header);
}

Result<void> check_parts(const Header& header, const std::optional<Certificate>& parent_certificate,
                         std::span<const Digest> transactions) {
    PROBATUM_TRY(check_parent_certificate(header, parent_certificate));
    if (transactions.size() > kMaxBlockTransactions) {
        return invalid_block("transactions", "too many");
    }
    std::vector<Digest> ids{transactions.begin(), transactions.end()};
    std::ranges::sort(ids);
    if (std::ranges::adjacent_find(ids) != ids.end()) {
        return invalid_block("transactions", "one stands twice");
    }
    return {};
}

Result<void> check_parts(const Block& block) {
    PROBATUM_TRY(check_parts(block.header, block.parent_certificate, ids_of(block.transactions)));
    return check_succession(block);
}

BlockPtr make_block(Header header, std::optional<Certificate> parent_certificate,
                    std::vector<TransactionPtr> transactions, std::vector<Bytes> succession) {
    PROBATUM_CHECK(parent_certificate.has_value() == (header.height.raw() > 1),
                   "a parent certificate from height 2 on");
    header.payload_root = payload_root(parent_certificate, transactions, succession);
    header.parent_certificate = parent_certificate ? digest_of(*parent_certificate) : Digest{};
    auto out = std::make_shared<Block>();
    out->id = id_of(header);
    out->header = std::move(header);
    out->parent_certificate = std::move(parent_certificate);
    out->transactions = std::move(transactions);
    out->succession = std::move(succession);
    return out;
}

}  // namespace probatum::ledger
