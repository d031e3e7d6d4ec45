#include "ledger/pair_hash.h"

#include "base/hash.h"

namespace probatum::ledger {

Digest pair_hash(std::uint8_t prefix, const Digest& first, const Digest& second) {
    ByteArray<1 + 2 * Digest::kSize> message;
    message[0] = prefix;
    std::ranges::copy(first.bytes, message.begin() + 1);
    std::ranges::copy(second.bytes, message.begin() + 1 + Digest::kSize);
    return sha256(message);
}

}  // namespace probatum::ledger
