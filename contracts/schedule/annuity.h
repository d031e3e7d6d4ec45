#pragma once

#include <span>

#include "contracts/schedule/rational.h"

namespace probatum::schedule {

/// The equal payment that leaves nothing of a debt, or so much as is to be paid together with the last payment.
///
/// @param debt     what is owed on the day of the first payment, interest up to it included.
/// @param factors  for each later payment, 1 + rate × year fraction since the payment before; empty for one payment.
/// @param left     what the last payment leaves: a balloon.
/// @param places   decimal places kept of the products (half-even), so that their size does not grow with the number of
///                 payments; the result is exact for that many places but for a few units in the last of them.
/// Precondition: no factor is so negative that the payments' values cancel out; factors above zero never do.
/// Threads: pure.
[[nodiscard]] Rational equal_payment(const Rational& debt, std::span<const Rational> factors, int places,
                                     const Rational& left = Rational{});

}  // namespace probatum::schedule
