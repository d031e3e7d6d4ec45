#include "ledger/store/keys.h"

#include "base/hash.h"
#include "ledger/store/big_endian.h"

namespace probatum::ledger::store::keys {
namespace {

constexpr std::size_t kNumberBytes = 8;
constexpr char kHashedKeyLength = static_cast<char>(0xff);

void append(std::string& out, ByteView bytes) { out.append(as_text(bytes)); }

void append(std::string& out, std::uint64_t number) {
    ByteArray<kNumberBytes> bytes{};
    store_big_endian(number, bytes);
    append(out, ByteView{bytes});
}

std::string begin(char table, std::size_t size) {
    std::string out;
    out.reserve(size);
    out.push_back(table);
    return out;
}

std::string numbered(char table, std::uint64_t number) {
    std::string out = begin(table, 1 + kNumberBytes);
    append(out, number);
    return out;
}

std::string named(char table, const Digest& digest) {
    std::string out = begin(table, 1 + Digest::kSize);
    append(out, digest.view());
    return out;
}

}  // namespace

std::string header(Height height) { return numbered(kHeaders, height.raw()); }
std::string block_id(const Digest& id) { return named(kBlockIds, id); }
std::string finality(Height height) { return numbered(kFinality, height.raw()); }
std::string entries(std::uint64_t last) { return numbered(kEntries, last); }
std::string state(const Digest& key) { return named(kState, key); }

std::string log_node(log::Node node) {
    std::string out = begin(kLogNodes, 2 + kNumberBytes);
    out.push_back(static_cast<char>(node.level));
    append(out, node.index);
    return out;
}

std::string transaction_prefix(const Digest& id) {
    std::string out = begin(kTransactions, 1 + kTransactionPrefixBytes + kNumberBytes);
    append(out, id.view().first(kTransactionPrefixBytes));
    return out;
}

std::string transaction(const Digest& id, std::uint64_t entry) {
    std::string out = transaction_prefix(id);
    append(out, entry);
    return out;
}

std::string events_prefix(const Digest& subject, bool refused) {
    std::string out = begin(kEvents, 2 + Digest::kSize + kNumberBytes);
    append(out, subject.view());
    out.push_back(refused ? '\1' : '\0');
    return out;
}

std::string event(const Digest& subject, bool refused, std::uint64_t sequence) {
    std::string out = events_prefix(subject, refused);
    append(out, sequence);
    return out;
}

std::string index_prefix(std::uint8_t kind, ByteView key) {
    std::string out = begin(kIndex, 3 + key.size() + kNumberBytes);
    out.push_back(static_cast<char>(kind));
    if (key.size() > kLongestIndexKey) {
        out.push_back(kHashedKeyLength);
        append(out, sha256(key).view());
    } else {
        out.push_back(static_cast<char>(key.size()));
        append(out, key);
    }
    return out;
}

std::string index(std::uint8_t kind, ByteView key, std::uint64_t sequence) {
    std::string out = index_prefix(kind, key);
    append(out, sequence);
    return out;
}

std::uint64_t trailing_number(std::string_view key) {
    if (key.size() < kNumberBytes) {
        return 0;
    }
    return load_big_endian<std::uint64_t>(as_bytes(key.substr(key.size() - kNumberBytes)));
}

}  // namespace probatum::ledger::store::keys
