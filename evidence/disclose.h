#pragma once

#include <set>
#include <string>
#include <string_view>

#include "evidence/bundle.h"
#include "evidence/verify.h"

/// A bundle with some of its fields closed again. Hidden fields stay counted: their commitments are signed.
namespace probatum::evidence {

/// The names of all fields that the bundle opens: "amount", "principal".
[[nodiscard]] std::set<std::string, std::less<>> open_fields(const Bundle& bundle);

/// Keeps the openings named in `reveal` and drops every other. Where one was dropped the contract's state is withheld
/// too, because it would tell what was hidden; use lists that are no longer called for go, and so do additions, which
/// speak about the bundle as it was. malformed names a field that the bundle does not open.
[[nodiscard]] Result<Bundle> disclose(const Bundle& bundle, const std::set<std::string, std::less<>>& reveal);

/// What cannot be computed or checked again while this field is hidden.
[[nodiscard]] Text prevented_by(std::string_view field);

}  // namespace probatum::evidence
