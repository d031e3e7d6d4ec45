#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "base/key.h"
#include "base/text_encoding.h"

namespace probatum {

/// Readable failures: "104 bad_signature" instead of a number.
inline void PrintTo(Errc code, std::ostream* out) { *out << Error{code, {}, {}}.to_string(); }

namespace test {

inline Bytes hex(std::string_view text) { return from_hex(text).value(); }

inline SecretKey secret(std::uint8_t fill) { return SecretKey::from_bytes(Bytes(SecretKey::kSize, fill)).value(); }

/// The code of a refusal. A success fails the test.
template <class Result>
Errc code_of(const Result& result) {
    EXPECT_FALSE(result.has_value()) << "expected a refusal";
    return result.has_value() ? Errc::internal : result.error().code;
}

}  // namespace test
}  // namespace probatum
