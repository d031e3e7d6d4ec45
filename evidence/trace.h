#pragma once

#include <string>

#include "evidence/bundle.h"

namespace probatum::evidence {

/// The worksheet of an expert: every hash that the verification of this bundle rests on, with its input and output in
/// hexadecimal, and every signature with its message, so that each line can be repeated with other tools:
///
///     sha-256 <what>
///       in  8350...
///       out 9ab1...
///     ecdsa-secp256k1 <what>
///       key 02f1...          compressed, SEC 1
///       digest 77aa...       the output of a line above
///       signature 30c2...    r and s, 32 bytes each
///
/// It is computed from the bundle alone and judges nothing. Free of language; the same bytes on any machine.
/// Threads: pure.
[[nodiscard]] std::string trace(const Bundle& bundle);

}  // namespace probatum::evidence
