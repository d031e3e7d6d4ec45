#pragma once

#include <string>
#include <string_view>

#include "base/key.h"

/// The statement by which the holder of a new key shows that it holds it: a COSE_Sign1 by that key over [member id].
/// A governor or the former key registers it. Source: docs/spec/roles.md section 6. Threads: pure.
namespace probatum::contracts {

inline constexpr std::string_view kPossessionContentType = "application/vnd.probatum.key-possession+cbor";

struct PossessionScope {
    Digest chain_id;
    std::string organisation;
    std::string member;
};

[[nodiscard]] Bytes make_possession(const SecretKey& key, const PossessionScope& scope);
/// possession_invalid with the part that does not hold.
[[nodiscard]] Result<void> check_possession(ByteView statement, const PublicKey& key, const PossessionScope& scope);

}  // namespace probatum::contracts
