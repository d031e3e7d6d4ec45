#pragma once

#include <optional>
#include <string_view>

#include "base/key.h"

/// Arithmetic of secp256k1 beyond signatures, through libsecp256k1 alone.
namespace probatum::curve {

/// The point that generates the group.
[[nodiscard]] const PublicKey& generator();

/// secret · point, in constant time.
[[nodiscard]] PublicKey multiply(const SecretKey& secret, const PublicKey& point);

/// a·p − b·q of public numbers; malformed where a number is not a scalar or the sum is no point. Not constant in time.
struct Term {
    const ByteArray<32>& factor;
    const PublicKey& point;
};
[[nodiscard]] Result<PublicKey> difference(Term first, Term second);

/// nonce + factor · secret modulo the group order; nothing where that is no scalar.
[[nodiscard]] std::optional<ByteArray<32>> respond(const SecretKey& nonce, const ByteArray<32>& factor,
                                                   const SecretKey& secret);

/// numerator / denominator modulo the group order. One where both are equal.
[[nodiscard]] SecretKey quotient(const SecretKey& numerator, const SecretKey& denominator);

/// A point that nobody knows a discrete logarithm of: the first of SHA-256(domain ‖ counter ‖ message), counter from
/// zero, that is the abscissa of a point, taken with the even ordinate. Not constant in time.
[[nodiscard]] PublicKey hash_to_point(std::string_view domain, ByteView message);

}  // namespace probatum::curve
