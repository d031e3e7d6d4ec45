#include "contracts/decimal.h"

#include <algorithm>

namespace probatum::contracts {
namespace {

constexpr std::size_t kMaxDigits = 18;
constexpr std::int64_t kMaxMantissa = 999'999'999'999'999'999;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    const bool negative = text.starts_with('-');
    const std::string_view unsigned_text = text.substr(negative ? 1 : 0);
    const std::size_t point = unsigned_text.find('.');
    const std::string_view whole = unsigned_text.substr(0, point);
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view{} : unsigned_text.substr(point + 1);
    const bool has_shape = !whole.empty() && std::ranges::all_of(whole, is_digit) &&
                           std::ranges::all_of(fraction, is_digit) &&
                           (point == std::string_view::npos || !fraction.empty());
    if (!has_shape || whole.size() + fraction.size() > kMaxDigits) {
        return fail(Errc::malformed, "decimal", "a decimal of at most 18 digits, as in 3.45");
    }
    Decimal out;
    for (const std::string_view part : {whole, fraction}) {
        for (const char digit : part) {
            out.mantissa = out.mantissa * 10 + (digit - '0');
        }
    }
    out.scale = static_cast<std::uint32_t>(fraction.size());
    while (out.scale > 0 && out.mantissa % 10 == 0) {
        out.mantissa /= 10;
        --out.scale;
    }
    out.mantissa = negative ? -out.mantissa : out.mantissa;
    return out;
}

std::string Decimal::to_string() const {
    std::string digits = std::to_string(mantissa < 0 ? -mantissa : mantissa);
    if (digits.size() <= scale) {
        digits.insert(0, scale + 1 - digits.size(), '0');
    }
    if (scale > 0) {
        digits.insert(digits.size() - scale, ".");
    }
    return (mantissa < 0 ? "-" : "") + digits;
}

void codec::write_decimal(cbor::Writer& out, const Decimal& value) {
    out.array(2).integer(value.mantissa).uint(value.scale);
}

Decimal codec::read_decimal(cbor::Reader& in, std::string_view field) {
    Decimal out;
    in.field(field).array_of(2);
    out.mantissa = in.integer();
    out.scale = static_cast<std::uint32_t>(in.uint_at_most(Decimal::kMaxScale));
    in.leave();
    if (out.mantissa < -kMaxMantissa || out.mantissa > kMaxMantissa) {
        in.refuse(Errc::too_large, "a decimal has at most 18 digits");
    } else if (out.scale > 0 && out.mantissa % 10 == 0) {
        in.refuse(Errc::not_deterministic, "a zero ends the fraction");
    }
    return in.failed() ? Decimal{} : out;
}

}  // namespace probatum::contracts
