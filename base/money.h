#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace probatum {

/// An ISO 4217 currency: three letters and the number of decimals of its minor unit.
class Currency {
public:
    /// malformed unless the code is in the table (ISO 4217:2015, active codes with a minor unit).
    [[nodiscard]] static Result<Currency> from_code(std::string_view code);

    [[nodiscard]] std::string_view code() const { return {code_, 3}; }
    [[nodiscard]] int decimals() const { return decimals_; }
    friend bool operator==(const Currency&, const Currency&) = default;

private:
    Currency() = default;
    char code_[3]{};
    std::int8_t decimals_{2};
};

/// An amount in minor units (fen, cents). 64-bit on the wire. Arithmetic never wraps.
using MinorAmount = std::int64_t;

/// nullopt on overflow.
[[nodiscard]] std::optional<MinorAmount> add(MinorAmount a, MinorAmount b);
[[nodiscard]] std::optional<MinorAmount> subtract(MinorAmount a, MinorAmount b);

/// "100000.00" for CNY 10000000. Exactly the currency's decimals, no grouping.
[[nodiscard]] std::string format_amount(MinorAmount amount_minor, Currency currency);
/// Accepts digits with at most the currency's decimals, no sign but '-', no grouping, no exponent.
/// malformed otherwise; too_large above 2^63-1 minor units.
[[nodiscard]] Result<MinorAmount> parse_amount(std::string_view text, Currency currency);

}  // namespace probatum
