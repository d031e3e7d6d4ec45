#include "tools/sim/lies.h"

#include <algorithm>
#include <iterator>

namespace probatum::sim {

Lies random_lies(Random& random) {
    Lies out;
    bool* const all[] = {&out.equivocates,    &out.votes_twice, &out.withholds,  &out.selects, &out.odd_views,
                         &out.invalid_blocks, &out.wrong_roots, &out.false_time, &out.garbage, &out.replays,
                         &out.floods,         &out.false_sync,  &out.builds_low, &out.forges};
    for (bool* const lie : all) {
        *lie = random.percent(30);
    }
    *all[random.below(std::size(all))] = true;
    return out;
}

Signature scribble(Random& random) {
    Signature out{};
    std::ranges::generate(out, [&random] { return static_cast<std::uint8_t>(random.next()); });
    return out;
}

}  // namespace probatum::sim
