#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace probatum {

/// Why something was refused. The hundreds digit says what should happen next, so callers branch on a range:
/// 1xx the bytes are wrong, 2xx not allowed, 3xx breaks a rule, 4xx later, 5xx evidence does not hold, 6xx use of the
/// programs, 9xx this machine. Numbers are recorded in entries and shown to courts: append, never renumber.
enum class Errc : std::uint16_t {
#define X(name, number, en, zh, remedy_en, remedy_zh) name = number,
#include "base/errors.def"
#undef X
};

/// One line of the registry; the texts live for ever.
struct ErrorInfo {
    Errc code;
    std::string_view name;
    std::string_view english;
    std::string_view chinese;
    std::string_view remedy_english;
    std::string_view remedy_chinese;
};

/// All lines, ascending by number.
[[nodiscard]] std::span<const ErrorInfo> error_registry();

/// The line of one number, or nullptr where a foreign number is not in this version's registry.
[[nodiscard]] const ErrorInfo* find_error(std::uint16_t number);

[[nodiscard]] const ErrorInfo& info(Errc code);

/// A refusal on its way to the edge that logs or answers it.
struct Error {
    Errc code{Errc::malformed};
    std::string field{};   ///< The offending field, dotted: "terms.rows[2].principal". Empty where none is to blame.
    std::string detail{};  ///< English, for logs and `data.detail`; never hashed.

    [[nodiscard]] std::uint16_t number() const { return static_cast<std::uint16_t>(code); }
    [[nodiscard]] std::uint16_t range() const { return static_cast<std::uint16_t>(number() / 100 * 100); }
    /// "100 malformed (field amount): detail", for logs and exceptions.
    [[nodiscard]] std::string to_string() const;
    friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace probatum
