#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "rpc/json.h"

/// JSON Schema (draft 7) of what goes in and out, for rpc.discover. The named ones stand in components/schemas.
namespace probatum::rpc::schema {

[[nodiscard]] Json text(std::string_view description);
[[nodiscard]] Json one_of(std::string_view description, std::initializer_list<std::string_view> values);
[[nodiscard]] Json boolean(std::string_view description);
[[nodiscard]] Json uint(std::string_view description, std::uint64_t maximum = INT64_MAX);
[[nodiscard]] Json hex(std::string_view description);
[[nodiscard]] Json digest(std::string_view description);  ///< 64 hexadecimal digits.
[[nodiscard]] Json bytes(std::string_view description);   ///< Hexadecimal or base64url.
[[nodiscard]] Json instant(std::string_view description);
[[nodiscard]] Json nullable(Json schema);
[[nodiscard]] Json list(Json items, std::string_view description = {});
[[nodiscard]] Json any(std::string_view description);

/// An object whose members are all there, unless their name ends in '?'.
using Members = std::initializer_list<std::pair<std::string_view, Json>>;
[[nodiscard]] Json object(Members members, std::string_view description = {});

/// {"$ref": "#/components/schemas/NAME"}
[[nodiscard]] Json reference(std::string_view name);
/// All named schemas.
[[nodiscard]] Json components();

}  // namespace probatum::rpc::schema
