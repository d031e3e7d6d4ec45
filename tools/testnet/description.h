#pragma once

#include <string>

#include "tools/testnet/testnet.h"

namespace probatum::testnet {

inline constexpr const char* kDescriptionFile = "testnet.json";

/// What load() reads back: JSON, paths left out because the folder may be moved.
[[nodiscard]] std::string describe(const Testnet& net);

}  // namespace probatum::testnet
