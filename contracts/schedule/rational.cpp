#include "contracts/schedule/rational.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <limits>

#include "base/check.h"

namespace probatum::schedule {

namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

constexpr std::size_t kMaxDigits = 40;
constexpr int kMaxExponent = 40;
constexpr std::size_t kMaxFractionCharacters = 512;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

cpp_int power_of_ten(int exponent) { return boost::multiprecision::pow(cpp_int{10}, static_cast<unsigned>(exponent)); }

/// numerator/denominator to the nearest whole number. Precondition: denominator above zero.
cpp_int nearest(const cpp_int& numerator, const cpp_int& denominator, Rounding rounding) {
    const bool negative = numerator < 0;
    cpp_int quotient;
    cpp_int rest;
    boost::multiprecision::divide_qr(cpp_int{boost::multiprecision::abs(numerator)}, denominator, quotient, rest);
    const cpp_int twice = rest * 2;
    const bool tie_goes_up = rounding == Rounding::half_up || boost::multiprecision::bit_test(quotient, 0);
    if (twice > denominator || (twice == denominator && tie_goes_up)) {
        ++quotient;
    }
    return negative ? cpp_int{-quotient} : quotient;
}

std::optional<std::int64_t> narrow(const cpp_int& value) {
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

/// Digits after an optional '-'; digit by digit, because the library would read a leading zero as octal.
std::optional<cpp_int> integer_of(std::string_view text) {
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    if (text.empty() || !std::ranges::all_of(text, is_digit)) {
        return std::nullopt;
    }
    cpp_int out{0};
    for (const char c : text) {
        out = out * 10 + (c - '0');
    }
    return negative ? cpp_int{-out} : out;
}

/// The pieces of a decimal; `rest` is what could not be read.
struct Decimal {
    std::string digits{};
    int places{0};
    bool seen_digit{false};
    std::string_view rest{};
};

Decimal mantissa(std::string_view text) {
    Decimal out;
    bool after_point = false;
    std::size_t i = 0;
    for (; i < text.size() && (is_digit(text[i]) || (text[i] == '.' && !after_point)); ++i) {
        if (text[i] == '.') {
            after_point = true;
            continue;
        }
        out.seen_digit = true;
        out.digits += text[i];
        out.places += after_point ? 1 : 0;
    }
    out.rest = text.substr(i);
    return out;
}

/// What stands after the digits: nothing, or an exponent.
Result<int> exponent_of(std::string_view rest) {
    if (rest.empty()) {
        return 0;
    }
    if (rest.front() != 'e' && rest.front() != 'E') {
        return fail(Errc::malformed, {}, "not a decimal number");
    }
    rest.remove_prefix(1);
    const bool negative = !rest.empty() && rest.front() == '-';
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
        rest.remove_prefix(1);
    }
    int out = 0;
    for (const char c : rest) {
        if (!is_digit(c)) {
            return fail(Errc::malformed, {}, "not a decimal number");
        }
        out = out * 10 + (c - '0');
        if (out > kMaxExponent) {
            return fail(Errc::too_large, {}, "the exponent is beyond 40");
        }
    }
    if (rest.empty()) {
        return fail(Errc::malformed, {}, "not a decimal number");
    }
    return negative ? -out : out;
}

}  // namespace

std::string_view name(Rounding rounding) { return rounding == Rounding::half_up ? "half-up" : "half-even"; }

std::optional<Rounding> rounding_from_name(std::string_view text) {
    for (const Rounding rounding : {Rounding::half_up, Rounding::half_even}) {
        if (name(rounding) == text) {
            return rounding;
        }
    }
    return std::nullopt;
}

struct Rational::Number {
    cpp_rational value;
};

void Rational::Destroy::operator()(const Number* number) const { delete number; }

Rational::Rational(const Number& number)
    : number_{number.value.is_zero() ? nullptr : new Number{number}} {}  // NOLINT: owned at once

const Rational::Number& Rational::number() const {
    static const Number kZero{cpp_rational{0}};
    return number_ ? *number_ : kZero;
}

Rational::Rational(std::int64_t numerator, std::int64_t denominator) {
    PROBATUM_CHECK(denominator != 0, "a fraction needs a denominator");
    *this = Rational{Number{cpp_rational{cpp_int{numerator}, cpp_int{denominator}}}};
}

Rational::Rational(const Rational& other) : Rational{other.number()} {}

Rational& Rational::operator=(const Rational& other) {
    Rational copy{other};
    number_.swap(copy.number_);
    return *this;
}

Result<Rational> Rational::parse(std::string_view decimal) {
    const bool negative = decimal.starts_with('-');
    if (negative || decimal.starts_with('+')) {
        decimal.remove_prefix(1);
    }
    const Decimal parts = mantissa(decimal);
    if (!parts.seen_digit) {
        return fail(Errc::malformed, {}, "not a decimal number");
    }
    if (parts.digits.size() > kMaxDigits) {
        return fail(Errc::too_large, {}, "a number has at most 40 digits");
    }
    PROBATUM_LET(exponent, exponent_of(parts.rest));
    // Digit by digit: the library would read a leading zero as octal.
    cpp_int numerator{0};
    for (const char c : parts.digits) {
        numerator = numerator * 10 + (c - '0');
    }
    if (negative) {
        numerator = -numerator;
    }
    const int scale = exponent - parts.places;
    return Rational{Number{scale >= 0 ? cpp_rational{cpp_int{numerator * power_of_ten(scale)}}
                                      : cpp_rational{numerator, power_of_ten(-scale)}}};
}

Rational Rational::rounded(int places, Rounding rounding) const {
    const cpp_int scale = power_of_ten(places);
    const cpp_int scaled = boost::multiprecision::numerator(number().value) * scale;
    return Rational{
        Number{cpp_rational{nearest(scaled, boost::multiprecision::denominator(number().value), rounding), scale}}};
}

std::string Rational::decimal(int places, Rounding rounding) const {
    const cpp_int scaled = nearest(cpp_int{boost::multiprecision::numerator(number().value) * power_of_ten(places)},
                                   boost::multiprecision::denominator(number().value), rounding);
    std::string digits = cpp_int{boost::multiprecision::abs(scaled)}.str();
    const auto wanted = static_cast<std::size_t>(places) + 1;
    if (digits.size() < wanted) {
        digits.insert(0, wanted - digits.size(), '0');
    }
    std::string out = scaled < 0 ? "-" : "";
    out += digits.substr(0, digits.size() - static_cast<std::size_t>(places));
    std::string fraction = digits.substr(digits.size() - static_cast<std::size_t>(places));
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return fraction.empty() ? out : out + "." + fraction;
}

std::string Rational::fraction() const {
    const cpp_int denominator{boost::multiprecision::denominator(number().value)};
    std::string out = cpp_int{boost::multiprecision::numerator(number().value)}.str();
    return denominator == 1 ? out : out + "/" + denominator.str();
}

Result<Rational> Rational::from_fraction(std::string_view text) {
    if (text.size() > kMaxFractionCharacters) {
        return fail(Errc::too_large, {}, "a fraction has at most 512 characters");
    }
    const std::size_t slash = text.find('/');
    const std::optional<cpp_int> numerator = integer_of(text.substr(0, slash));
    const std::optional<cpp_int> denominator =
        slash == std::string_view::npos ? std::optional{cpp_int{1}} : integer_of(text.substr(slash + 1));
    if (!numerator || !denominator || *denominator <= 0) {
        return fail(Errc::malformed, {}, "not a fraction");
    }
    Rational out{Number{cpp_rational{*numerator, *denominator}}};
    if (out.fraction() != text) {
        return fail(Errc::malformed, {}, "a fraction is reduced and has one spelling");
    }
    return out;
}

std::optional<std::int64_t> Rational::whole() const {
    if (boost::multiprecision::denominator(number().value) != 1) {
        return std::nullopt;
    }
    return narrow(cpp_int{boost::multiprecision::numerator(number().value)});
}

std::optional<std::int64_t> Rational::ceiling() const {
    const cpp_int numerator{boost::multiprecision::numerator(number().value)};
    const cpp_int denominator{boost::multiprecision::denominator(number().value)};
    cpp_int quotient{numerator / denominator};  // Towards zero, which is upwards below zero.
    if (numerator > 0 && quotient * denominator != numerator) {
        ++quotient;
    }
    return narrow(quotient);
}

int Rational::sign() const { return number().value.sign(); }

Rational& Rational::operator+=(const Rational& other) {
    return *this = Rational{Number{cpp_rational{number().value + other.number().value}}};
}
Rational& Rational::operator-=(const Rational& other) {
    return *this = Rational{Number{cpp_rational{number().value - other.number().value}}};
}
Rational& Rational::operator*=(const Rational& other) {
    return *this = Rational{Number{cpp_rational{number().value * other.number().value}}};
}
Rational& Rational::operator/=(const Rational& other) {
    PROBATUM_CHECK(!other.is_zero(), "division by zero");
    return *this = Rational{Number{cpp_rational{number().value / other.number().value}}};
}
Rational Rational::operator-() const { return Rational{Number{cpp_rational{-number().value}}}; }
int Rational::compare(const Rational& other) const { return number().value.compare(other.number().value); }

}  // namespace probatum::schedule
