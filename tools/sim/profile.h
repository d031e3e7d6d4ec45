#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probatum::sim {

/// Which kinds of trouble a run may meet.
struct Profile {
    std::string name;
    bool weather{false};    ///< Loss, duplication, reordering, delays.
    bool partition{false};  ///< Also one-way.
    bool crash{false};
    bool disk{false};
    bool clock{false};
    bool stall{false};  ///< Threads that do not run for a while.
    bool liars{false};
    bool members{false};  ///< Validators come and go, keys rotate, parameters change; observers follow.
    bool swarm{false};    ///< Each seed leaves some of the above out.
    bool real_signatures{false};
};

/// Nothing for an unknown name.
[[nodiscard]] std::optional<Profile> profile_named(std::string_view name);
[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace probatum::sim
