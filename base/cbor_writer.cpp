#include "base/cbor.h"

namespace probatum::cbor {

Writer& Writer::head(std::uint8_t major, std::uint64_t argument) {
    const auto lead = static_cast<std::uint8_t>(major << 5U);
    if (argument < 24) {
        out_.push_back(static_cast<std::uint8_t>(lead | argument));
        return *this;
    }
    const unsigned info = argument <= 0xFF ? 24U : argument <= 0xFFFF ? 25U : argument <= 0xFFFF'FFFF ? 26U : 27U;
    out_.push_back(static_cast<std::uint8_t>(lead | info));
    for (unsigned bits = 8U << (info - 24U); bits > 0; bits -= 8) {
        out_.push_back(static_cast<std::uint8_t>(argument >> (bits - 8U)));
    }
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    // -1 - value without overflow: the complement.
    return value >= 0 ? head(0, static_cast<std::uint64_t>(value)) : head(1, ~static_cast<std::uint64_t>(value));
}

Writer& Writer::bytes(ByteView value) {
    head(2, value.size());
    return raw(value);
}

Writer& Writer::text(std::string_view value) {
    head(3, value.size());
    return raw(as_bytes(value));
}

Writer& Writer::boolean(bool value) {
    out_.push_back(value ? 0xF5 : 0xF4);
    return *this;
}

Writer& Writer::null() {
    out_.push_back(0xF6);
    return *this;
}

Writer& Writer::raw(ByteView encoded_item) {
    out_.insert(out_.end(), encoded_item.begin(), encoded_item.end());
    return *this;
}

}  // namespace probatum::cbor
