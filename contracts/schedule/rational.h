#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

/// Exact numbers for rates, year fractions and money before it is rounded: docs/spec/schedules.md, section 2.
namespace probatum::schedule {

/// Which neighbour an exact tie goes to; anything else goes to the nearest.
enum class Rounding : std::uint8_t {
    half_up = 1,   ///< A tie goes away from zero.
    half_even = 2  ///< A tie goes to the even digit.
};
[[nodiscard]] std::string_view name(Rounding rounding);  ///< "half-up"
[[nodiscard]] std::optional<Rounding> rounding_from_name(std::string_view name);

/// A fraction of two whole numbers of any size, always reduced. No operation but `rounded` and `decimal` loses
/// anything. Threads: a value.
class Rational {
public:
    Rational() = default;  ///< Zero.
    explicit Rational(std::int64_t whole) : Rational{whole, 1} {}
    /// Precondition: denominator is not zero.
    Rational(std::int64_t numerator, std::int64_t denominator);
    Rational(const Rational& other);
    Rational(Rational&& other) noexcept = default;
    Rational& operator=(const Rational& other);
    Rational& operator=(Rational&& other) noexcept = default;
    ~Rational() = default;

    /// A decimal with optional sign, point and exponent: "5000", "-0.03", "1e-3". malformed for anything else;
    /// too_large above 40 digits or beyond an exponent of 40.
    [[nodiscard]] static Result<Rational> parse(std::string_view decimal);

    /// Rounded to so many decimal places.
    [[nodiscard]] Rational rounded(int places, Rounding rounding) const;
    /// The decimal of `rounded`, without zeros at its end: "23.0136986301", "-5", "0".
    [[nodiscard]] std::string decimal(int places, Rounding rounding = Rounding::half_even) const;
    /// Numerator and denominator: "-1/3", "5". Exact, and one text for one value.
    [[nodiscard]] std::string fraction() const;
    /// What `fraction` gives and nothing else; malformed otherwise, too_large above 512 characters.
    [[nodiscard]] static Result<Rational> from_fraction(std::string_view text);

    /// nullopt unless whole and within 64 bits.
    [[nodiscard]] std::optional<std::int64_t> whole() const;
    /// The smallest whole number that is not below; nullopt beyond 64 bits.
    [[nodiscard]] std::optional<std::int64_t> ceiling() const;

    [[nodiscard]] int sign() const;
    [[nodiscard]] bool is_zero() const { return sign() == 0; }
    [[nodiscard]] Rational magnitude() const { return sign() < 0 ? -*this : *this; }

    Rational& operator+=(const Rational& other);
    Rational& operator-=(const Rational& other);
    Rational& operator*=(const Rational& other);
    /// Precondition: other is not zero.
    Rational& operator/=(const Rational& other);
    friend Rational operator+(Rational a, const Rational& b) { return a += b; }
    friend Rational operator-(Rational a, const Rational& b) { return a -= b; }
    friend Rational operator*(Rational a, const Rational& b) { return a *= b; }
    friend Rational operator/(Rational a, const Rational& b) { return a /= b; }
    Rational operator-() const;
    friend bool operator==(const Rational& a, const Rational& b) { return a.compare(b) == 0; }
    friend std::strong_ordering operator<=>(const Rational& a, const Rational& b) { return a.compare(b) <=> 0; }

private:
    struct Number;
    struct Destroy {
        void operator()(const Number* number) const;
    };
    explicit Rational(const Number& number);
    [[nodiscard]] const Number& number() const;
    [[nodiscard]] int compare(const Rational& other) const;

    std::unique_ptr<const Number, Destroy> number_{};  ///< None is zero.
};

}  // namespace probatum::schedule
