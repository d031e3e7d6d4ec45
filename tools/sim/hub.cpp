#include "tools/sim/hub.h"

#include <algorithm>
#include <cstring>

namespace probatum::sim {

namespace {

constexpr Micros kDialLeast = 2 * kMillisecond;
constexpr Micros kDialMost = 30 * kMillisecond;
constexpr Micros kRedialLeast = 100 * kMillisecond;
constexpr Micros kRedialMost = 2 * kSecond;
constexpr Micros kLateMost = 200 * kMillisecond;

std::uint64_t digest_of(const Bytes& bytes) {
    std::uint64_t out = bytes.size() * 0x9e3779b97f4a7c15U;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        out = (out ^ word) * 0x9fb21c651e98df25U;
        out ^= out >> 32U;
    }
    for (; at < bytes.size(); ++at) {
        out = (out ^ bytes[at]) * 0x9fb21c651e98df25U;
    }
    return out;
}

}  // namespace

Hub::Hub(Scheduler& scheduler, Trace& trace, Random random, std::size_t stations)
    : scheduler_{scheduler}, trace_{trace}, random_{random}, stations_(stations), links_(stations * stations) {}

void Hub::set_all(const Weather& weather) {
    for (Link& one : links_) {
        one.weather = weather;
    }
}

void Hub::came_up(StationId id) {
    for (StationId peer = 0; peer < stations_.size(); ++peer) {
        if (peer != id && stations_[peer] != nullptr) {
            scheduler_.after(random_.between(kDialLeast, kDialMost), [this, id, peer] { connect(id, peer); });
        }
    }
}

void Hub::connect(StationId a, StationId b) {
    if (!stations_[a]->alive() || !stations_[b]->alive() || link(a, b).up) {
        return;
    }
    if (link(a, b).weather.cut || link(b, a).weather.cut) {
        scheduler_.after(random_.between(kRedialLeast, kRedialMost), [this, a, b] { connect(a, b); });
        return;
    }
    for (Link* one : {&link(a, b), &link(b, a)}) {
        one->up = true;
        ++one->session;
        one->last_arrival = scheduler_.now();
    }
    trace_.note(std::uint64_t{a} << 32U | b);
    const node::Hello from_a = stations_[a]->hello();
    const node::Hello from_b = stations_[b]->hello();
    stations_[a]->connected(b, from_b);
    stations_[b]->connected(a, from_a);
}

void Hub::close(StationId a, StationId b) {
    if (!link(a, b).up) {
        return;
    }
    link(a, b).up = false;
    link(b, a).up = false;
    for (const auto& [who, peer] : {std::pair{a, b}, std::pair{b, a}}) {
        if (stations_[who]->alive()) {
            stations_[who]->disconnected(peer);
        }
    }
}

void Hub::went_down(StationId id) {
    for (StationId peer = 0; peer < stations_.size(); ++peer) {
        if (peer != id && stations_[peer] != nullptr) {
            close(id, peer);
        }
    }
}

void Hub::hang_up(StationId who, StationId peer) {
    if (peer >= stations_.size() || !link(who, peer).up) {
        return;
    }
    scheduler_.after(0, [this, who, peer, session = link(who, peer).session] {
        if (link(who, peer).up && link(who, peer).session == session) {
            close(who, peer);
            scheduler_.after(random_.between(kRedialLeast, kRedialMost), [this, who, peer] { connect(who, peer); });
        }
    });
}

bool Hub::send(StationId from, StationId to, const node::Frame& frame) {
    if (to >= stations_.size() || to == from || !link(from, to).up) {
        return false;
    }
    ++counts_.sent;
    counts_.bytes += frame->size();
    const Weather& weather = link(from, to).weather;
    if (weather.cut || (weather.loss_permille > 0 && random_.permille(weather.loss_permille))) {
        ++counts_.lost;
        return true;
    }
    post(from, to, frame);
    if (weather.duplicate_permille > 0 && random_.permille(weather.duplicate_permille)) {
        ++counts_.doubled;
        post(from, to, frame);
    }
    return true;
}

void Hub::post(StationId from, StationId to, const node::Frame& frame) {
    Link& way = link(from, to);
    const Micros begin = scheduler_.now() + stations_[from]->elapsed();
    Micros when = begin + random_.between(way.weather.least_delay, way.weather.most_delay);
    if (way.weather.reorder_permille > 0 && random_.permille(way.weather.reorder_permille)) {
        ++counts_.reordered;
        when += random_.below(kLateMost);
    } else {
        when = std::max(when, way.last_arrival);
        way.last_arrival = when;
    }
    counts_.most_under_way = std::max(counts_.most_under_way, ++under_way_);
    scheduler_.at(when, [this, from, to, session = way.session, frame] { arrive(from, to, session, frame); });
}

void Hub::arrive(StationId from, StationId to, std::uint32_t session, const node::Frame& frame) {
    --under_way_;
    const Link& way = link(from, to);
    if (!way.up || way.session != session || !stations_[to]->alive()) {
        ++counts_.lost;
        return;
    }
    ++counts_.delivered;
    if (frame->size() > 5) {
        const std::size_t kind = (*frame)[5] & 15U;
        ++counts_.kinds.at(kind);
        counts_.kind_bytes.at(kind) += frame->size();
    }
    trace_.note(scheduler_.now());
    trace_.note(std::uint64_t{from} << 32U | to);
    trace_.note(digest_of(*frame));
    stations_[to]->deliver(from, frame);
}

}  // namespace probatum::sim
