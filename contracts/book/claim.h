#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/money.h"

namespace probatum::book {

/// What money can be owed for. Costs and fee are the costs of Civil Code art. 561, penalty and interest its interest.
enum class Claim : std::uint8_t { costs = 1, fee = 2, penalty = 3, interest = 4, principal = 5 };
inline constexpr std::size_t kClaims = 5;
inline constexpr std::array<Claim, kClaims> kAllClaims{Claim::costs, Claim::fee, Claim::penalty, Claim::interest,
                                                       Claim::principal};
[[nodiscard]] std::string_view name(Claim claim);  ///< "penalty"
[[nodiscard]] std::optional<Claim> claim_from_name(std::string_view name);

/// In which order money is given to the claims; each stands once.
using ClaimOrder = std::array<Claim, kClaims>;

/// One amount for each claim.
class PerClaim {
public:
    [[nodiscard]] MinorAmount& operator[](Claim claim) { return minor_.at(static_cast<std::size_t>(claim) - 1); }
    [[nodiscard]] MinorAmount operator[](Claim claim) const { return minor_.at(static_cast<std::size_t>(claim) - 1); }
    [[nodiscard]] MinorAmount sum() const;
    friend bool operator==(const PerClaim&, const PerClaim&) = default;

private:
    std::array<MinorAmount, kClaims> minor_{};
};

/// Where the money of one movement went.
struct Split {
    PerClaim paid{};
    MinorAmount suspense_minor{0};  ///< What found nothing that is owed, or only what is held.
    [[nodiscard]] MinorAmount total_minor() const { return paid.sum() + suspense_minor; }
    friend bool operator==(const Split&, const Split&) = default;
};

}  // namespace probatum::book
