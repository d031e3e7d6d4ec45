#pragma once

#include <string>
#include <string_view>

#include "contracts/liveness.h"

/// The statement by which a validator, or one that wants to become one, says that it follows the chain: a COSE_Sign1 by
/// its identity key over [height, block id, rules version]. An operator records it with validator.ready.
/// Source: docs/spec/governance.md section 5. Threads: pure.
namespace probatum::contracts {

inline constexpr std::string_view kReadinessContentType = "application/vnd.probatum.readiness+cbor";
inline constexpr std::size_t kMaxReadinessBytes = 512;

struct ReadinessScope {
    Digest chain_id;
    std::string organisation;  ///< That runs the validator.
};

struct Readiness {
    ChainMark mark;                                     ///< That the validator holds as final.
    std::uint64_t rules_version{kHighestRulesVersion};  ///< The highest that its program executes.
    friend bool operator==(const Readiness&, const Readiness&) = default;
};

[[nodiscard]] Bytes make_readiness(const SecretKey& identity, const ReadinessScope& scope, const Readiness& readiness);
/// readiness_invalid with the part that does not hold.
[[nodiscard]] Result<Readiness> check_readiness(ByteView statement, const PublicKey& identity,
                                                const ReadinessScope& scope);

}  // namespace probatum::contracts
