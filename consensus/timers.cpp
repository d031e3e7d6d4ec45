#include "consensus/timers.h"

namespace probatum::consensus {

std::optional<TimerKind> Timers::fired(std::uint64_t timer) {
    for (const TimerKind kind : {TimerKind::view, TimerKind::retry, TimerKind::empty_block, TimerKind::pace}) {
        auto& running = running_[index(kind)];
        if (running != timer) {
            continue;
        }
        running.reset();
        return kind;
    }
    return std::nullopt;
}

void Timers::restart(TimerKind kind) {
    auto& running = running_[index(kind)];
    stale_[index(kind)] = stale_[index(kind)] || running.has_value();
    running.reset();
}

void Timers::keep(TimerKind kind, bool wanted, std::uint32_t after_ms, Effects& effects) {
    auto& running = running_[index(kind)];
    auto& stale = stale_[index(kind)];
    if (wanted && !running) {
        running = next_++;
        effects.emplace_back(SetTimer{kind, *running, after_ms});
    } else if (!wanted && (running || stale)) {
        running.reset();
        effects.emplace_back(CancelTimer{kind});
    }
    stale = false;
}

}  // namespace probatum::consensus
