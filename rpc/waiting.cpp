#include "rpc/waiting.h"

namespace probatum::rpc {

Reply Waiting::hold(Reply reply) {
    std::unique_lock lock{state_->mutex};
    if (state_->released) {
        const Outcome outcome = *state_->released;
        lock.unlock();
        reply(outcome);
        return [](const Outcome&) {};
    }
    const std::uint64_t ticket = state_->next++;
    state_->held.emplace(ticket, std::move(reply));
    return [state = state_, ticket](Outcome outcome) {
        Reply mine;
        {
            const std::lock_guard guard{state->mutex};
            const auto place = state->held.find(ticket);
            if (place == state->held.end()) {
                return;
            }
            mine = std::move(place->second);
            state->held.erase(place);
        }
        mine(std::move(outcome));
    };
}

void Waiting::release(const Outcome& outcome) {
    std::map<std::uint64_t, Reply> held;
    {
        const std::lock_guard guard{state_->mutex};
        state_->released = outcome;
        held.swap(state_->held);
    }
    for (const auto& [ticket, reply] : held) {
        reply(outcome);
    }
}

}  // namespace probatum::rpc
