#include "tools/sim/profile.h"

#include <algorithm>

namespace probatum::sim {

namespace {

const std::vector<Profile>& profiles() {
    static const std::vector<Profile> kAll{
        {.name = "calm"},
        {.name = "lossy", .weather = true},
        {.name = "partition", .weather = true, .partition = true},
        {.name = "crash", .crash = true, .stall = true},
        {.name = "liars", .weather = true, .liars = true},
        {.name = "clock", .clock = true, .stall = true},
        {.name = "disk", .crash = true, .disk = true},
        {.name = "members", .weather = true, .partition = true, .crash = true, .liars = true, .members = true},
        {.name = "real-signatures", .weather = true, .crash = true, .real_signatures = true},
        {.name = "all",
         .weather = true,
         .partition = true,
         .crash = true,
         .disk = true,
         .clock = true,
         .stall = true,
         .liars = true,
         .members = true,
         .swarm = true},
    };
    return kAll;
}

}  // namespace

std::optional<Profile> profile_named(std::string_view name) {
    const auto found = std::ranges::find(profiles(), name, &Profile::name);
    return found == profiles().end() ? std::nullopt : std::optional{*found};
}

std::vector<std::string> profile_names() {
    std::vector<std::string> out;
    for (const Profile& profile : profiles()) {
        out.push_back(profile.name);
    }
    return out;
}

}  // namespace probatum::sim
