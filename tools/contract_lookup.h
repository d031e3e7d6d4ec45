#pragma once

#include <string>

#include "base/bytes.h"
#include "rpc/client.h"
#include "tools/session.h"

namespace probatum::tools {

/// A contract's id from what a person typed: the id itself (64 hexadecimal digits) or its own number. contract_unknown
/// where no contract has it; usage where several do.
[[nodiscard]] Result<Digest> find_contract_id(Session& session, rpc::Client& client, const std::string& typed);

/// contract.get of it.
[[nodiscard]] Result<rpc::Json> fetch_contract(Session& session, rpc::Client& client, const Digest& id);

}  // namespace probatum::tools
