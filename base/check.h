#pragma once

#include <string_view>

namespace probatum {

/// Called by PROBATUM_CHECK. Prints to standard error and aborts, unless a handler is installed and throws.
[[noreturn]] void check_failed(std::string_view condition, std::string_view file, int line, std::string_view why);

/// Hears of a failed check before the abort. It may throw, so that a test or the edge of a program can go on.
using CheckHandler = void (*)(std::string_view message);

/// Installs a handler (nullptr: none) and returns the one before. Threads: one, before any other starts.
CheckHandler set_check_handler(CheckHandler handler);

}  // namespace probatum

/// A statement about our own logic that is on in every build. Never for foreign input.
#define PROBATUM_CHECK(condition, why)                                     \
    do {                                                                   \
        if (!(condition)) [[unlikely]] {                                   \
            ::probatum::check_failed(#condition, __FILE__, __LINE__, why); \
        }                                                                  \
    } while (false)
