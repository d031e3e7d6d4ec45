#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "node/clock.h"
#include "node/network.h"

namespace probatum::node {

/// Who proved dishonest or broken is kept away for a while, longer each time: 2 s, doubled up to 5 minutes, and from
/// the start again after an hour without a further offence. So a liar costs a few checks in that time and no more, and
/// a peer that was repaired is back soon. Threads: one.
class Quarantine {
public:
    static constexpr std::chrono::milliseconds kFirst{2'000};
    static constexpr std::chrono::milliseconds kLongest{300'000};
    static constexpr std::chrono::minutes kForgiven{60};

    /// Returns for how long.
    std::chrono::milliseconds offend(PeerId peer, Moment now, std::string why) {
        Offender& one = offenders_[peer];
        if (one.until + kForgiven < now) {
            one.pause = std::chrono::milliseconds{0};
        }
        one.pause = std::min(std::max(2 * one.pause, kFirst), kLongest);
        one.until = now + one.pause;
        one.why = std::move(why);
        return one.pause;
    }

    /// How long it still is kept away; nothing where it is welcome.
    [[nodiscard]] std::optional<std::chrono::milliseconds> remaining(PeerId peer, Moment now) const {
        const auto found = offenders_.find(peer);
        if (found == offenders_.end() || found->second.until <= now) {
            return std::nullopt;
        }
        return std::chrono::ceil<std::chrono::milliseconds>(found->second.until - now);
    }

    /// Of its last offence.
    [[nodiscard]] const std::string& why(PeerId peer) const { return offenders_.at(peer).why; }

private:
    struct Offender {
        Moment until{};
        std::chrono::milliseconds pause{0};
        std::string why;
    };
    std::map<PeerId, Offender> offenders_;  ///< Validators alone, so as many as there ever were.
};

}  // namespace probatum::node
