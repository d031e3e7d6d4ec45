#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "ledger/evidence_log.h"

/// The keys of the database; docs/spec/storage.md is normative. Each begins with one letter for its table; numbers are
/// big-endian, so that LevelDB's order is their order.
namespace probatum::ledger::store::keys {

inline constexpr std::uint64_t kFormat = 1;
inline constexpr char kHeaders = 'h';
inline constexpr char kBlockIds = 'b';
inline constexpr char kFinality = 'f';
inline constexpr char kEntries = 'e';
inline constexpr char kLogNodes = 'n';
inline constexpr char kTransactions = 't';
inline constexpr char kState = 's';
inline constexpr char kEvents = 'v';
inline constexpr char kIndex = 'i';

inline constexpr std::string_view kMetaFormat = "m/format";
inline constexpr std::string_view kMetaChain = "m/chain";
inline constexpr std::string_view kMetaTip = "m/tip";

/// Entries are kept in chunks of up to this many; a chunk never spans two blocks.
inline constexpr std::size_t kChunkEntries = 32;
/// Subtree hashes below this level are computed from entries.
inline constexpr std::uint32_t kLowestStoredLevel = 4;
/// A transaction is found by this many bytes of its id and then compared whole.
inline constexpr std::size_t kTransactionPrefixBytes = 8;
/// Index keys above this length are replaced by their SHA-256, with length byte 255.
inline constexpr std::size_t kLongestIndexKey = 254;

[[nodiscard]] std::string header(Height height);
[[nodiscard]] std::string block_id(const Digest& id);
[[nodiscard]] std::string finality(Height height);
/// Under the position of its last entry, so that one seek finds the chunk that holds a position.
[[nodiscard]] std::string entries(std::uint64_t last);
[[nodiscard]] std::string log_node(log::Node node);
[[nodiscard]] std::string transaction_prefix(const Digest& id);
[[nodiscard]] std::string transaction(const Digest& id, std::uint64_t entry);
[[nodiscard]] std::string state(const Digest& key);
[[nodiscard]] std::string events_prefix(const Digest& subject, bool refused);
[[nodiscard]] std::string event(const Digest& subject, bool refused, std::uint64_t sequence);
[[nodiscard]] std::string index_prefix(std::uint8_t kind, ByteView key);
[[nodiscard]] std::string index(std::uint8_t kind, ByteView key, std::uint64_t sequence);

/// The big-endian number that the last eight bytes of a key are.
[[nodiscard]] std::uint64_t trailing_number(std::string_view key);

}  // namespace probatum::ledger::store::keys
