#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/commitment.h"
#include "base/cose.h"
#include "base/result.h"
#include "base/strong_id.h"

namespace probatum::ledger {

inline constexpr std::string_view kTransactionContentType = "application/vnd.probatum.transaction+cbor";
inline constexpr std::size_t kMaxTransactionBytes = 256 * 1024;  ///< Absolute; the chain parameter may be lower.
inline constexpr std::size_t kMaxActionNameBytes = 64;
inline constexpr std::size_t kMaxOpenings = 256;

using IdempotencyKey = ByteArray<16>;

/// What a sealed field's commitment was made of. `value` is one deterministic CBOR item.
struct Opening {
    std::string name;  ///< The field's name inside the body: "amount". 1..64 bytes.
    Salt salt;
    Bytes value;
    friend bool operator==(const Opening&, const Opening&) = default;
};

/// The signed payload. What the body means is the business of contracts/; the ledger only carries it.
struct Payload {
    IdempotencyKey idempotency_key{};
    UnixMs valid_until;
    std::string action;  ///< "evidence.deposit", "fund.disburse"; lower case, 1..64 bytes.
    Bytes body;          ///< One deterministic CBOR item.
};

/// {1: idempotency key, 2: valid until, 3: action, 4: body}
[[nodiscard]] Bytes encode(const Payload& payload);
[[nodiscard]] Result<Payload> decode_payload(ByteView bytes);

/// One transaction, decoded once and then shared unchanged by the pool, blocks and the store.
///
/// On the wire: [statement: bstr .cbor COSE_Sign1, openings: {* name => [salt, value]}], names in bytewise order of
/// their encodings. The id is the SHA-256 of the statement alone: openings are bound by their commitments inside it, so
/// that a bundle can hide them and the id still recomputes. For one statement exactly one set of openings is acceptable
/// (contracts/ demands every opening it reads and no other), so a transaction has one encoding.
class Transaction {
public:
    /// Decodes strictly; the signature is not checked here. Errors: malformed, not_deterministic, too_large.
    [[nodiscard]] static Result<std::shared_ptr<const Transaction>> decode(Bytes wire);

    [[nodiscard]] const Digest& id() const { return id_; }
    [[nodiscard]] const Digest& openings_digest() const { return openings_digest_; }  ///< SHA-256 of the encoded map.
    [[nodiscard]] ByteView wire() const { return wire_; }
    [[nodiscard]] ByteView statement_bytes() const { return statement_bytes_; }
    [[nodiscard]] ByteView openings_bytes() const { return openings_bytes_; }
    [[nodiscard]] const cose::Statement& statement() const { return statement_; }
    [[nodiscard]] const cose::ProtectedHeader& header() const { return statement_.header; }
    [[nodiscard]] const Payload& payload() const { return payload_; }
    [[nodiscard]] const std::vector<Opening>& openings() const { return openings_; }
    [[nodiscard]] const Opening* opening(std::string_view name) const;
    /// What the signature covers, hashed once at decoding.
    [[nodiscard]] const Digest& signing_digest() const { return signing_digest_; }

    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

private:
    Transaction() = default;
    Bytes wire_;
    ByteView statement_bytes_;
    ByteView openings_bytes_;
    cose::Statement statement_;
    Payload payload_;
    std::vector<Opening> openings_;
    Digest id_;
    Digest openings_digest_;
    Digest signing_digest_;
};

using TransactionPtr = std::shared_ptr<const Transaction>;

/// The wire form from its two parts. `openings` in any order; the names are distinct.
[[nodiscard]] Bytes encode_transaction(ByteView statement, std::vector<Opening> openings);
[[nodiscard]] Bytes encode_openings(std::vector<Opening> openings);
[[nodiscard]] Result<std::vector<Opening>> decode_openings(ByteView bytes);

}  // namespace probatum::ledger
