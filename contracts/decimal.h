#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/cbor.h"
#include "base/result.h"

/// An exact decimal of the wire: a rate, a ratio. Source: docs/formats.cddl, "decimal". Threads: a value.
namespace probatum::contracts {

/// mantissa / 10^scale, written one way only: the scale is 0 or the mantissa does not end in a zero.
struct Decimal {
    std::int64_t mantissa{0};
    std::uint32_t scale{0};  ///< 0..18

    static constexpr std::uint32_t kMaxScale = 18;
    /// "3.45", "-0.005", "4": at most 18 digits. malformed otherwise; zeros at the end of a fraction are dropped.
    [[nodiscard]] static Result<Decimal> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;  ///< "3.45"
    friend bool operator==(const Decimal&, const Decimal&) = default;
};

namespace codec {
/// [mantissa, scale]
void write_decimal(cbor::Writer& out, const Decimal& value);
[[nodiscard]] Decimal read_decimal(cbor::Reader& in, std::string_view field);
}  // namespace codec

}  // namespace probatum::contracts
