#pragma once

#include <string_view>

#include "base/result.h"

/// Identifiers of organisations that carry their own check: the unified social credit code of GB 32100-2015 and the LEI
/// of ISO 17442. Source: docs/spec/roles.md section 1. Threads: pure.
namespace probatum::contracts {

/// 18 characters of 0-9 A-Z without I O S V Z, six digits at places 3 to 8, the last one the check character.
/// identifier_invalid otherwise.
[[nodiscard]] Result<void> check_credit_code(std::string_view code);

/// 18 letters and digits, then two check digits (ISO 7064, MOD 97-10). identifier_invalid otherwise.
[[nodiscard]] Result<void> check_lei(std::string_view lei);

/// One of the two, told apart by length; or empty: an organisation without one. identifier_invalid otherwise.
[[nodiscard]] Result<void> check_identifier(std::string_view identifier);

}  // namespace probatum::contracts
