#pragma once

#include <cstddef>

namespace probatum::ledger {

/// How deep the ledger lets a foreign item nest that it only carries: a payload's body, an opening's value, a leaf's
/// resolved inputs. Counted inside the item alone, so that it decodes wherever it is embedded. An item without arrays,
/// maps and tags has depth 0.
inline constexpr std::size_t kMaxItemDepth = 12;

}  // namespace probatum::ledger
