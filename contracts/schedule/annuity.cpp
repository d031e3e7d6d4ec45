#include "contracts/schedule/annuity.h"

namespace probatum::schedule {

Rational equal_payment(const Rational& debt, std::span<const Rational> factors, int places, const Rational& left) {
    // Both as of the last payment: what one unit of debt has grown to, and what one unit paid each time has.
    Rational grown{1};
    Rational paid{1};
    for (const Rational& factor : factors) {
        grown = (grown * factor).rounded(places, Rounding::half_even);
        paid = (paid * factor + Rational{1}).rounded(places, Rounding::half_even);
    }
    return (debt * grown - left) / paid;
}

}  // namespace probatum::schedule
