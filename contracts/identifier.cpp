#include "contracts/identifier.h"

#include <algorithm>
#include <optional>

namespace probatum::contracts {
namespace {

constexpr std::size_t kCreditCodeLength = 18;
constexpr std::size_t kLeiLength = 20;

tl::unexpected<Error> invalid(const char* why) { return fail(Errc::identifier_invalid, "identifier", why); }

/// The value of a character of GB 32100: the letters that are mistaken for digits or for one another are left out.
std::optional<unsigned> credit_value(char c) {
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const std::size_t at = kAlphabet.find(c);
    return at == std::string_view::npos ? std::nullopt : std::optional{static_cast<unsigned>(at)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

Result<void> check_credit_code(std::string_view code) {
    if (code.size() != kCreditCodeLength) {
        return invalid("a unified social credit code has 18 characters");
    }
    if (!std::ranges::all_of(code.substr(2, 6), is_digit)) {
        return invalid("places 3 to 8 are the digits of a region");
    }
    unsigned sum = 0;
    unsigned weight = 1;
    for (std::size_t i = 0; i + 1 < code.size(); ++i) {
        const std::optional<unsigned> value = credit_value(code[i]);
        if (!value) {
            return invalid("0-9 and A-Z without I, O, S, V and Z");
        }
        sum += *value * weight;
        weight = weight * 3 % 31;  // Powers of three modulo 31.
    }
    const unsigned expected = (31 - sum % 31) % 31;
    if (credit_value(code.back()) != expected) {
        return invalid("the check character does not fit");
    }
    return {};
}

Result<void> check_lei(std::string_view lei) {
    if (lei.size() != kLeiLength) {
        return invalid("an LEI has 20 characters");
    }
    unsigned remainder = 0;
    for (const char c : lei) {
        if (is_digit(c)) {
            remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
        } else if (is_capital(c)) {
            remainder = (remainder * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
        } else {
            return invalid("0-9 and A-Z");
        }
    }
    if (!std::ranges::all_of(lei.substr(kLeiLength - 2), is_digit) || remainder != 1) {
        return invalid("the check digits do not fit");
    }
    return {};
}

Result<void> check_identifier(std::string_view identifier) {
    if (identifier.empty()) {
        return {};
    }
    if (identifier.size() == kCreditCodeLength) {
        return check_credit_code(identifier);
    }
    if (identifier.size() == kLeiLength) {
        return check_lei(identifier);
    }
    return invalid("18 characters of a unified social credit code, or 20 of an LEI");
}

}  // namespace probatum::contracts
