#pragma once

#include <string_view>

namespace probatum {

/// Called by PROBATUM_CHECK. Prints to standard error and aborts; a test may install a handler that throws.
[[noreturn]] void check_failed(std::string_view condition, std::string_view file, int line, std::string_view why);

}  // namespace probatum

/// A statement about our own logic that is on in every build. Never for foreign input.
#define PROBATUM_CHECK(condition, why)                                           \
    do {                                                                         \
        if (!(condition)) [[unlikely]] {                                         \
            ::probatum::check_failed(#condition, __FILE__, __LINE__, why);       \
        }                                                                        \
    } while (false)
