#pragma once

#include <optional>
#include <string>

#include "contracts/actions.h"
#include "contracts/resolved.h"
#include "ledger/evidence_log.h"

/// What the state keeps of accepted transactions and of the documents they name.
namespace probatum::contracts {

/// The state value under [organisation, idempotency key]: which transaction took the key.
struct Record {
    std::string action;
    Digest transaction;
    std::optional<Digest> contract{};
    friend bool operator==(const Record&, const Record&) = default;
};
/// [action, transaction id, contract id / null]
[[nodiscard]] Bytes encode(const Record& record);
[[nodiscard]] Result<Record> decode_record(ByteView bytes);

/// What uses a document or a bank reference. The state value of the list is the frontier of an RFC 9162 log of these
/// leaves, so that it stays small and its completeness can be proven.
enum class UseKind : std::uint8_t { record = 1, contract = 2 };
/// The leaf [kind, subject]; subject is a transaction id or a contract id.
[[nodiscard]] Bytes use_leaf(UseKind kind, const Digest& subject);

/// digest_required unless SHA-256 and SM3 are both there.
[[nodiscard]] Result<void> require_both_digests(const DocumentDigests& digests, std::string_view field);

/// The rules of a deposit outside any contract: idempotency_conflict, role_missing, digest_required.
/// Threads: pure.
[[nodiscard]] Result<void> judge_deposit(const DepositBody& body, const Resolved& resolved);

}  // namespace probatum::contracts
