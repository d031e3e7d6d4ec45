#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace probatum::ledger::store {

/// Most significant byte first, so that encoded numbers sort as numbers.
template <class Integer>
void store_big_endian(Integer value, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        out[i] = static_cast<std::uint8_t>(value >> (8U * (sizeof(Integer) - 1 - i)));
    }
}

template <class Integer>
[[nodiscard]] Integer load_big_endian(ByteView bytes) {
    Integer value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        value = static_cast<Integer>((value << 8U) | bytes[i]);
    }
    return value;
}

}  // namespace probatum::ledger::store
