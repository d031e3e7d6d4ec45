#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/network.h"
#include "tools/sim/scheduler.h"

namespace probatum::sim {

/// A machine, among all that there are.
using StationId = std::uint32_t;

/// How the way between two machines behaves, in one direction.
struct Weather {
    Micros least_delay{1 * kMillisecond};
    Micros most_delay{8 * kMillisecond};
    std::uint32_t loss_permille{0};
    std::uint32_t duplicate_permille{0};
    std::uint32_t reorder_permille{0};
    bool cut{false};  ///< Nothing passes.
};

/// Whoever is reached through the hub.
class Station {
public:
    virtual ~Station() = default;
    [[nodiscard]] virtual bool alive() const = 0;
    virtual void connected(StationId peer, const node::Hello& hello) = 0;
    virtual void disconnected(StationId peer) = 0;
    virtual void deliver(StationId from, const node::Frame& frame) = 0;
    [[nodiscard]] virtual node::Hello hello() const = 0;
    /// What the piece of the validator that now runs has taken so far.
    [[nodiscard]] virtual Micros elapsed() const = 0;
};

/// The wires between the machines. Connections come and go with the processes; frames are delayed, lost, doubled and
/// change places, each direction by itself.
class Hub {
public:
    Hub(Scheduler& scheduler, Trace& trace, Random random, std::size_t stations);

    void attach(StationId id, Station& station) { stations_.at(id) = &station; }
    [[nodiscard]] Weather& weather(StationId from, StationId to) { return link(from, to).weather; }
    void set_all(const Weather& weather);

    /// A process began: it dials and is dialled.
    void came_up(StationId id);
    void went_down(StationId id);
    bool send(StationId from, StationId to, const node::Frame& frame);
    /// One side ends the connection; it comes back after a while.
    void hang_up(StationId who, StationId peer);
    [[nodiscard]] bool is_connected(StationId a, StationId b) const { return links_[index(a, b)].up; }
    [[nodiscard]] std::size_t size() const { return stations_.size(); }

    struct Counts {
        std::uint64_t sent{0};
        std::uint64_t delivered{0};
        std::uint64_t lost{0};
        std::uint64_t doubled{0};
        std::uint64_t reordered{0};
        std::uint64_t bytes{0};
        std::uint64_t most_under_way{0};
        std::array<std::uint64_t, 16> kinds{};       ///< Delivered, by the number of the message.
        std::array<std::uint64_t, 16> kind_bytes{};  ///< Likewise.
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

private:
    struct Link {
        Weather weather;
        bool up{false};
        std::uint32_t session{0};
        Micros last_arrival{0};
    };
    [[nodiscard]] std::size_t index(StationId from, StationId to) const { return from * stations_.size() + to; }
    [[nodiscard]] Link& link(StationId from, StationId to) { return links_[index(from, to)]; }
    void connect(StationId a, StationId b);
    void close(StationId a, StationId b);
    void arrive(StationId from, StationId to, std::uint32_t session, const node::Frame& frame);
    void post(StationId from, StationId to, const node::Frame& frame);

    Scheduler& scheduler_;
    Trace& trace_;
    Random random_;
    std::vector<Station*> stations_;
    std::vector<Link> links_;
    Counts counts_;
    std::uint64_t under_way_{0};
};

}  // namespace probatum::sim
