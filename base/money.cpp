#include "base/money.h"

#include <algorithm>
#include <array>
#include <limits>

namespace probatum {

namespace {

/// ISO 4217 list one: active codes that have a minor unit (metals, test and "no currency" codes have none), by
/// decimals.
constexpr std::string_view kNoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view kThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view kFourDecimals = "CLF UYW";
constexpr std::string_view kTwoDecimals =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
    "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

constexpr bool lists(std::string_view table, std::string_view code) {
    for (std::size_t i = 0; i < table.size(); i += 4) {
        if (table.substr(i, 3) == code) {
            return true;
        }
    }
    return false;
}

constexpr std::optional<std::int8_t> decimals_of(std::string_view code) {
    if (code.size() != 3) {
        return std::nullopt;
    }
    if (lists(kTwoDecimals, code)) {
        return std::int8_t{2};
    }
    if (lists(kNoDecimals, code)) {
        return std::int8_t{0};
    }
    if (lists(kThreeDecimals, code)) {
        return std::int8_t{3};
    }
    if (lists(kFourDecimals, code)) {
        return std::int8_t{4};
    }
    return std::nullopt;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of the amount without point or sign, decimals filled up; nullopt if the text is not an amount.
std::optional<std::string> minor_digits(std::string_view unsigned_text, std::size_t decimals) {
    const std::size_t point = unsigned_text.find('.');
    const std::string_view whole = unsigned_text.substr(0, point);
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view{} : unsigned_text.substr(point + 1);
    const bool point_ends_it = point != std::string_view::npos && fraction.empty();
    if (whole.empty() || point_ends_it || fraction.size() > decimals) {
        return std::nullopt;
    }
    if (!std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(fraction, is_digit)) {
        return std::nullopt;
    }
    return std::string{whole} + std::string{fraction} + std::string(decimals - fraction.size(), '0');
}

}  // namespace

Result<Currency> Currency::from_code(std::string_view code) {
    const std::optional<std::int8_t> decimals = decimals_of(code);
    if (!decimals) {
        return fail(Errc::malformed, {}, "not an ISO 4217 currency");
    }
    Currency out;
    std::ranges::copy(code, out.code_);
    out.decimals_ = *decimals;
    return out;
}

std::optional<MinorAmount> add(MinorAmount a, MinorAmount b) {
    MinorAmount out = 0;
    if (__builtin_add_overflow(a, b, &out)) {
        return std::nullopt;
    }
    return out;
}

std::optional<MinorAmount> subtract(MinorAmount a, MinorAmount b) {
    MinorAmount out = 0;
    if (__builtin_sub_overflow(a, b, &out)) {
        return std::nullopt;
    }
    return out;
}

std::string format_amount(MinorAmount amount_minor, Currency currency) {
    const bool negative = amount_minor < 0;
    const auto decimals = static_cast<std::size_t>(currency.decimals());
    // The magnitude of the smallest amount has no signed form.
    const std::uint64_t magnitude =
        negative ? 0 - static_cast<std::uint64_t>(amount_minor) : static_cast<std::uint64_t>(amount_minor);
    std::string digits = std::to_string(magnitude);
    if (digits.size() <= decimals) {
        digits.insert(0, decimals + 1 - digits.size(), '0');
    }
    if (decimals > 0) {
        digits.insert(digits.size() - decimals, ".");
    }
    return negative ? "-" + digits : digits;
}

Result<MinorAmount> parse_amount(std::string_view text, Currency currency) {
    const bool negative = text.starts_with('-');
    const auto digits = minor_digits(text.substr(negative ? 1 : 0), static_cast<std::size_t>(currency.decimals()));
    if (!digits) {
        return fail(Errc::malformed, {}, "expected an amount like 100000.00");
    }
    MinorAmount out = 0;
    for (const char c : *digits) {
        const MinorAmount digit = negative ? -(c - '0') : c - '0';
        if (__builtin_mul_overflow(out, MinorAmount{10}, &out) || __builtin_add_overflow(out, digit, &out)) {
            return fail(Errc::too_large, {}, "beyond 64-bit minor units");
        }
    }
    return out;
}

}  // namespace probatum
