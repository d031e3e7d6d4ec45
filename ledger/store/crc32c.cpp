#include "ledger/store/crc32c.h"

#include <cryptopp/crc.h>

namespace probatum::ledger::store {

std::uint32_t crc32c(std::initializer_list<ByteView> parts) {
    CryptoPP::CRC32C crc;
    for (const ByteView part : parts) {
        crc.Update(part.data(), part.size());
    }
    // Crypto++ gives the least significant byte first.
    ByteArray<4> out{};
    crc.TruncatedFinal(out.data(), out.size());
    return static_cast<std::uint32_t>(out[0]) | static_cast<std::uint32_t>(out[1]) << 8U |
           static_cast<std::uint32_t>(out[2]) << 16U | static_cast<std::uint32_t>(out[3]) << 24U;
}

}  // namespace probatum::ledger::store
