#pragma once

#include <cstdint>
#include <initializer_list>

#include "base/bytes.h"

namespace probatum::ledger::store {

/// CRC-32C (Castagnoli; RFC 9260 appendix A) of the parts one after another.
[[nodiscard]] std::uint32_t crc32c(std::initializer_list<ByteView> parts);

}  // namespace probatum::ledger::store
