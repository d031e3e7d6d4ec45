#include "contracts/book/claim.h"

#include <algorithm>
#include <numeric>

namespace probatum::book {

namespace {
constexpr std::array<std::string_view, kClaims> kNames{"costs", "fee", "penalty", "interest", "principal"};
}  // namespace

std::string_view name(Claim claim) { return kNames.at(static_cast<std::size_t>(claim) - 1); }

std::optional<Claim> claim_from_name(std::string_view text) {
    const auto* const found = std::ranges::find(kNames, text);
    return found == kNames.end() ? std::nullopt : std::optional{static_cast<Claim>(found - kNames.begin() + 1)};
}

MinorAmount PerClaim::sum() const { return std::accumulate(minor_.begin(), minor_.end(), MinorAmount{0}); }

}  // namespace probatum::book
