#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace probatum {

/// A value, or the reason why there is none. For faults of bytes, peers, clients and contract rules; our own faults
/// abort (see base/check.h), this machine's faults stop the node.
template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string field = {}, std::string detail = {}) {
    return tl::unexpected<Error>{Error{code, std::move(field), std::move(detail)}};
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>{std::move(error)}; }

}  // namespace probatum

#define PROBATUM_CONCAT_(a, b) a##b
#define PROBATUM_CONCAT(a, b) PROBATUM_CONCAT_(a, b)

/// Leaves the function with the error of `expression`, or goes on.
#define PROBATUM_TRY(expression)                                       \
    do {                                                               \
        if (auto probatum_try_ = (expression); !probatum_try_) {       \
            return ::probatum::fail(std::move(probatum_try_).error()); \
        }                                                              \
    } while (false)

/// Leaves the function with the error of `expression`, or declares `name` with its value.
#define PROBATUM_LET(name, expression)                                                        \
    auto PROBATUM_CONCAT(probatum_let_, __LINE__) = (expression);                             \
    if (!PROBATUM_CONCAT(probatum_let_, __LINE__)) {                                          \
        return ::probatum::fail(std::move(PROBATUM_CONCAT(probatum_let_, __LINE__)).error()); \
    }                                                                                         \
    auto name = *std::move(PROBATUM_CONCAT(probatum_let_, __LINE__))
