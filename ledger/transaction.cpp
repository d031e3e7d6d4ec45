#include "ledger/transaction.h"

#include "base/cbor.h"
#include "base/check.h"
#include "base/hash.h"
#include "ledger/limits.h"

namespace probatum::ledger {

namespace {

constexpr std::size_t kMaxOpeningNameBytes = 64;
constexpr std::uint64_t kKeyIdempotency = 1;
constexpr std::uint64_t kKeyValidUntil = 2;
constexpr std::uint64_t kKeyAction = 3;
constexpr std::uint64_t kKeyBody = 4;

/// Bytewise order of the encodings of short texts: the length stands in the head, so shorter comes first.
bool encodes_before(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool is_action_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::string read_action(cbor::Reader& reader) {
    const std::string_view action = reader.text_at_most(kMaxActionNameBytes);
    if (action.empty() || !std::ranges::all_of(action, is_action_character)) {
        reader.refuse(Errc::malformed, "1 to 64 of a-z 0-9 . _ -");
    }
    return std::string{action};
}

void expect_key(cbor::Reader& reader, std::uint64_t key) {
    if (reader.uint() != key) {
        reader.refuse(Errc::malformed, "expected map key " + std::to_string(key));
    }
}

/// Reads names in order: `previous` is the name before, or empty.
Opening read_opening(cbor::Reader& reader, std::string_view previous) {
    Opening out;
    const std::string_view name = reader.text_at_most(kMaxOpeningNameBytes);
    if (name.empty()) {
        reader.refuse(Errc::malformed, "a name may not be empty");
    }
    if (name == previous) {
        reader.refuse(Errc::malformed, "a name stands twice");
    }
    if (encodes_before(name, previous)) {
        reader.refuse(Errc::not_deterministic, "names are not in order");
    }
    out.name = name;
    reader.array_of(2);
    out.salt = reader.byte_array<std::tuple_size_v<Salt>>();
    out.value = to_bytes(reader.raw_item());
    reader.leave();
    return out;
}

std::vector<Opening> read_openings(cbor::Reader& reader) {
    std::vector<Opening> out;
    const std::uint64_t count = reader.field("openings").map();
    if (count > kMaxOpenings) {
        reader.refuse(Errc::too_large, "more than 256 openings");
    }
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        Opening next = read_opening(reader, out.empty() ? std::string_view{} : out.back().name);
        out.push_back(std::move(next));
    }
    reader.leave();
    return out;
}

}  // namespace

Bytes encode(const Payload& payload) {
    cbor::Writer writer{48 + payload.action.size() + payload.body.size()};
    writer.map(4);
    writer.uint(kKeyIdempotency).bytes(payload.idempotency_key);
    writer.uint(kKeyValidUntil).uint(payload.valid_until.raw());
    writer.uint(kKeyAction).text(payload.action);
    writer.uint(kKeyBody).raw(payload.body);
    return writer.take();
}

Result<Payload> decode_payload(ByteView bytes) {
    cbor::Reader reader{bytes, {.depth = 1 + kMaxItemDepth}};
    Payload out;
    if (reader.field("payload").map() != 4) {
        reader.refuse(Errc::malformed, "expected a map of four");
    }
    expect_key(reader.field("idempotency_key"), kKeyIdempotency);
    out.idempotency_key = reader.byte_array<std::tuple_size_v<IdempotencyKey>>();
    expect_key(reader.field("valid_until"), kKeyValidUntil);
    out.valid_until = UnixMs{reader.uint()};
    expect_key(reader.field("action"), kKeyAction);
    out.action = read_action(reader);
    expect_key(reader.field("body"), kKeyBody);
    out.body = to_bytes(reader.raw_item());
    PROBATUM_TRY(reader.finish());
    return out;
}

Result<std::shared_ptr<const Transaction>> Transaction::decode(Bytes wire) {
    if (wire.size() > kMaxTransactionBytes) {
        return fail(Errc::too_large, "transaction", "above 256 KiB");
    }
    const std::shared_ptr<Transaction> out{new Transaction};
    out->wire_ = std::move(wire);
    cbor::Reader reader{out->wire_, {.depth = 3 + kMaxItemDepth}};
    reader.field("transaction").array_of(2);
    out->statement_bytes_ = reader.field("statement").bytes();
    const ByteView before = reader.rest();
    out->openings_ = read_openings(reader);
    out->openings_bytes_ = before.first(before.size() - reader.rest().size());
    PROBATUM_TRY(reader.finish());

    PROBATUM_LET(statement, cose::decode(out->statement_bytes_));
    if (statement.header.content_type != kTransactionContentType) {
        return fail(Errc::malformed, "content_type", "not a transaction");
    }
    out->statement_ = std::move(statement);
    PROBATUM_LET(payload, decode_payload(out->statement_.payload));
    out->payload_ = std::move(payload);
    out->id_ = sha256(out->statement_bytes_);
    out->openings_digest_ = sha256(out->openings_bytes_);
    out->signing_digest_ = cose::signing_digest(out->statement_.protected_bytes, out->statement_.payload);
    return out;
}

const Opening* Transaction::opening(std::string_view name) const {
    const auto found = std::ranges::find(openings_, name, &Opening::name);
    return found == openings_.end() ? nullptr : &*found;
}

Bytes encode_openings(std::vector<Opening> openings) {
    std::ranges::sort(openings, encodes_before, &Opening::name);
    PROBATUM_CHECK(std::ranges::adjacent_find(openings, {}, &Opening::name) == openings.end(), "names are distinct");
    cbor::Writer writer;
    writer.map(openings.size());
    for (const Opening& opening : openings) {
        writer.text(opening.name).array(2).bytes(opening.salt).raw(opening.value);
    }
    return writer.take();
}

Bytes encode_transaction(ByteView statement, std::vector<Opening> openings) {
    const Bytes encoded_openings = encode_openings(std::move(openings));
    cbor::Writer writer{16 + statement.size() + encoded_openings.size()};
    writer.array(2).bytes(statement).raw(encoded_openings);
    return writer.take();
}

Result<std::vector<Opening>> decode_openings(ByteView bytes) {
    cbor::Reader reader{bytes, {.depth = 2 + kMaxItemDepth}};
    std::vector<Opening> out = read_openings(reader);
    PROBATUM_TRY(reader.finish());
    return out;
}

}  // namespace probatum::ledger
