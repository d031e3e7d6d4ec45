#pragma once

#include <vector>

#include "rpc/method.h"

namespace probatum::rpc {

/// The OpenRPC 1.3 document of a table of methods. Source: https://spec.open-rpc.org. Threads: pure.
[[nodiscard]] Json openrpc_document(const std::vector<Method>& methods);

}  // namespace probatum::rpc
