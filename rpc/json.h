#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

/// JSON at the edge only: never hashed, never stored. Objects print with their names in order, so the same value gives
/// the same text.
namespace probatum::rpc {

using Json = nlohmann::json;

struct JsonLimits {
    std::size_t depth = 32;  ///< Nested arrays and objects.
};

/// Parses one JSON text (RFC 8259) as strictly as I-JSON asks (RFC 7493): well-formed UTF-8, no name twice, nothing
/// after the value. Integers of 64 bits are exact; any other number keeps its literal text (see is_other_number), so
/// that nothing is rounded unseen. Errors: malformed (detail says where; field names a doubled name), too_deep.
/// Threads: pure.
[[nodiscard]] Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

/// True for a number that is not an integer of 64 bits: a fraction, an exponent, or too long.
[[nodiscard]] bool is_other_number(const Json& value);
/// The number as it was written. Precondition: value is a number or is_other_number().
[[nodiscard]] std::string number_text(const Json& value);

/// UTF-8 text of a value; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_text(const Json& value);
/// The same over several lines, for people.
[[nodiscard]] std::string to_pretty_text(const Json& value);

}  // namespace probatum::rpc
