#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/genesis.h"
#include "node/driver.h"
#include "node/final_view.h"
#include "node/mempool.h"
#include "node/network.h"
#include "node/service.h"
#include "node/stage_costs.h"

namespace probatum::node {

/// Everything that a status is made of.
struct StatusInputs {
    const contracts::Genesis& genesis;
    DriverStatus driver;
    std::vector<Network::PeerState> peers;
    FinalViewPtr view;
    Mempool::Size pool;
    const StageCosts* costs;
    bool has_identity{false};  ///< It may be a validator in some epoch.
    bool read_only{false};
    bool running{false};
    std::string alarm{};
};

[[nodiscard]] Status make_status(const StatusInputs& inputs);

}  // namespace probatum::node
