#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "tools/sim/machine.h"
#include "tools/sim/profile.h"

namespace probatum::sim {

enum class Fault : std::uint8_t {
    bad_weather,
    partition,
    one_way,
    long_partition,
    power_loss,
    torn_write,
    kill,
    stop,
    slow_disk,
    failed_sync,
    full_disk,
    journal_bit,
    database_damage,
    clock_jump,
    clock_drift,
    stall,
};
inline constexpr std::size_t kFaults = 16;
[[nodiscard]] std::string_view name(Fault fault);

/// Makes trouble while the storm lasts, and makes all well again when it ends. Liars go on lying.
class Faults {
public:
    /// @param spare  how many machines may still be lost for good: f less the liars.
    Faults(std::vector<std::unique_ptr<Machine>>& machines, Scheduler& scheduler, Hub& hub, Random random,
           const Profile& profile, std::size_t spare);

    void begin_storm();
    void end_storm();
    /// No side has a quorum, for longer than any clock bound; in a storm only.
    void divide_for_long();
    /// A process ended by itself: it is started again, as a supervisor does.
    void ended(Machine& machine);
    [[nodiscard]] const std::array<std::uint64_t, kFaults>& counts() const { return counts_; }
    [[nodiscard]] std::uint64_t total() const;

private:
    void next();
    void strike(Fault fault);
    void weather();
    void divide(bool one_way);
    void cut(const std::vector<bool>& side, bool one_way, Micros time);
    void crash(Fault how);
    void disk(Fault how);
    void clock(Fault how);
    void start_later(Machine& machine);
    [[nodiscard]] Machine& anybody();
    [[nodiscard]] Micros some_time(Micros least, Micros most) { return random_.between(least, most); }

    std::vector<std::unique_ptr<Machine>>& machines_;
    Scheduler& scheduler_;
    Hub& hub_;
    Random random_;
    Profile profile_;
    std::vector<Fault> possible_;
    std::vector<StationId> victims_;  ///< Whose journal may be damaged.
    std::array<std::uint64_t, kFaults> counts_{};
    std::uint64_t storm_{0};  ///< Counts storms; even: calm.
};

}  // namespace probatum::sim
