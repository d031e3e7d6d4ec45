#pragma once

#include <bit>
#include <cstdint>

/// IEEE 754 widths compared by their bits alone. Our formats hold no floating point; this serves check_deterministic()
/// and diagnose(), which take any CBOR.
namespace probatum::cbor::ieee754 {

/// True if a value of the wide format (given by its exponent and fraction fields) has an equal in the narrow one.
struct Widths {
    int fraction_bits;
    int exponent_bits;
};

constexpr bool narrows(std::uint64_t bits, Widths wide, Widths narrow) {
    const std::uint64_t fraction = bits & ((std::uint64_t{1} << wide.fraction_bits) - 1);
    const auto exponent_field =
        static_cast<int>(bits >> wide.fraction_bits & ((std::uint64_t{1} << wide.exponent_bits) - 1));
    const int wide_bias = (1 << (wide.exponent_bits - 1)) - 1;
    const int narrow_bias = (1 << (narrow.exponent_bits - 1)) - 1;
    const int dropped_bits = wide.fraction_bits - narrow.fraction_bits;
    const std::uint64_t dropped = fraction & ((std::uint64_t{1} << dropped_bits) - 1);

    if (exponent_field == (1 << wide.exponent_bits) - 1) {
        return dropped == 0;
    }  // infinity, or a NaN with its payload
    if (exponent_field == 0) {
        return fraction == 0;
    }  // the wide subnormals are below the narrow ones

    const int exponent = exponent_field - wide_bias;
    const int smallest_normal = 1 - narrow_bias;
    if (exponent > narrow_bias) {
        return false;
    }
    if (exponent >= smallest_normal) {
        return dropped == 0;
    }
    const std::uint64_t significand = fraction | std::uint64_t{1} << wide.fraction_bits;
    const int smallest_subnormal = smallest_normal - narrow.fraction_bits;
    return exponent - wide.fraction_bits + std::countr_zero(significand) >= smallest_subnormal;
}

inline constexpr Widths kHalf{10, 5};
inline constexpr Widths kSingle{23, 8};
inline constexpr Widths kDouble{52, 11};

/// The bits of an equal double, NaN payloads kept in the leading bits.
constexpr std::uint64_t widen_to_double(std::uint64_t bits, Widths from) {
    const std::uint64_t sign = bits >> (from.fraction_bits + from.exponent_bits) & 1U;
    std::uint64_t fraction = bits & ((std::uint64_t{1} << from.fraction_bits) - 1);
    auto exponent_field = static_cast<int>(bits >> from.fraction_bits & ((std::uint64_t{1} << from.exponent_bits) - 1));
    const int bias = (1 << (from.exponent_bits - 1)) - 1;
    int double_exponent = exponent_field - bias + 1023;
    if (exponent_field == (1 << from.exponent_bits) - 1) {
        double_exponent = 2047;
    } else if (exponent_field == 0) {
        if (fraction == 0) {
            return sign << 63U;
        }
        const int shift = std::countl_zero(fraction) - (63 - from.fraction_bits);
        fraction = fraction << shift & ((std::uint64_t{1} << from.fraction_bits) - 1);
        double_exponent = 1 - shift - bias + 1023;
    }
    return sign << 63U | static_cast<std::uint64_t>(double_exponent) << 52U | fraction << (52 - from.fraction_bits);
}

}  // namespace probatum::cbor::ieee754
