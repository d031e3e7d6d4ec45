#include "consensus/view_pace.h"

#include <algorithm>

namespace probatum::consensus {

void ViewPace::notarized(bool quick) {
    ran_out_in_a_row_ = 0;
    quick_in_a_row_ = quick ? quick_in_a_row_ + 1 : 0;
    const bool grown = timeout_ms_ > rule_.start_ms;
    if (quick_in_a_row_ < (grown ? rule_.max_faulty + 1 : rule_.validators)) {
        return;
    }
    quick_in_a_row_ = 0;
    timeout_ms_ =
        grown ? std::max(rule_.start_ms, timeout_ms_ / 2) : std::max(rule_.minimum_ms, timeout_ms_ - timeout_ms_ / 4);
}

void ViewPace::ran_out() {
    quick_in_a_row_ = 0;
    ++ran_out_in_a_row_;
    if (ran_out_in_a_row_ <= rule_.max_faulty) {
        return;
    }
    // Halved before comparing: twice a 32-bit number may not fit one.
    timeout_ms_ = timeout_ms_ > rule_.maximum_ms / 2 ? rule_.maximum_ms : timeout_ms_ * 2;
}

}  // namespace probatum::consensus
