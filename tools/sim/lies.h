#pragma once

#include "base/key.h"
#include "tools/sim/scheduler.h"

namespace probatum::sim {

/// What one liar does; whatever is not named here it does like everybody else.
struct Lies {
    bool equivocates{false};     ///< As leader: one block to these, another to those, and votes for both.
    bool votes_twice{false};     ///< Contradictory votes of every kind.
    bool withholds{false};       ///< Votes of its own.
    bool selects{false};         ///< Speaks to some only.
    bool odd_views{false};       ///< Votes for stale and far-future views.
    bool invalid_blocks{false};  ///< Wrong height, parent, transactions.
    bool wrong_roots{false};
    bool false_time{false};
    bool garbage{false};
    bool replays{false};
    bool floods{false};
    bool false_sync{false};  ///< False heights, false blocks and ranges.
    bool builds_low{false};  ///< On an older block than it has to.
    bool forges{false};      ///< Certificates with false signatures, votes in the names of others.
};

/// At least one of them.
[[nodiscard]] Lies random_lies(Random& random);
/// What looks like a signature and is none.
[[nodiscard]] Signature scribble(Random& random);

}  // namespace probatum::sim
