#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/sim/faults.h"
#include "tools/sim/governors.h"
#include "tools/sim/liar.h"
#include "tools/sim/machine.h"
#include "tools/sim/profile.h"
#include "tools/sim/referee.h"
#include "tools/sim/workload.h"

namespace probatum::sim {

struct Plan {
    std::uint64_t seed{1};
    std::size_t validators{4};
    Profile profile;
    std::uint64_t minutes{1};      ///< Of virtual time: in each 45 s of storm and 15 s of calm.
    std::uint64_t per_second{20};  ///< Transactions that clients send.
    bool costs{false};             ///< Real signatures, and the CPU time of consensus is measured.
};

/// From the end of a storm until everything that clients sent before is final on every honest validator that can run.
/// A storm leaves the view time-out at its maximum; each of f liars in a row, and the view that the storm cut off, may
/// cost one of them before an honest leader's turn.
[[nodiscard]] constexpr Micros progress_bound(std::size_t validators) {
    constexpr Micros kViewTimeoutMax = 12 * kSecond;  // contracts::Parameters::view_timeout_max_ms
    return ((validators - 1) / 3 + 1) * kViewTimeoutMax + 6 * kSecond;
}

/// What one run was and showed.
struct Outcome {
    std::vector<std::string> violations;
    std::uint64_t digest{0};
    std::uint64_t height{0};
    std::uint64_t views{0};
    bool governed{false};
    std::uint64_t epochs{0};  ///< That began after the first.
    std::uint64_t transactions{0};
    std::uint64_t refusals{0};
    std::uint64_t liars{0};
    std::uint64_t lost_machines{0};
    std::uint64_t restarts{0};
    std::uint64_t events{0};
    Micros virtual_time{0};
    std::uint64_t consensus_nanoseconds{0};  ///< CPU time of all validators, where the plan wants it.
    Micros slowest_recovery{0};              ///< Of the times that progress_bound bounds.
    std::array<std::uint64_t, kFaults> faults{};
    std::array<std::uint64_t, kTurns> turns{};
    Hub::Counts messages;
    Referee::Peaks peaks;
};

/// One network from its genesis to its end, in one thread. Everything follows from the plan.
class Simulation final : private Watcher {
public:
    explicit Simulation(Plan plan);
    ~Simulation() override;

    [[nodiscard]] Outcome run();

private:
    struct Offer {
        Digest id;
        Bytes wire;
        Micros sent;
    };

    // Watcher
    void violation(StationId who, const std::string& what) override;
    void committed(Machine& machine) override;
    void ended(Machine& machine, const std::string& why) override;
    void said(Machine& machine, const node::Frame& frame) override { referee_.said(machine, frame); }
    void accused(StationId by, StationId whom, const std::string& why) override;

    void choose_liars();
    void start_all();
    void send_some();
    Digest offer(Bytes wire);
    void offer_again();
    void give(const Offer& offered);
    void look_around();
    void minute(Micros begin);
    void wait_for_progress(Micros since);
    [[nodiscard]] std::string describe(const Offer& one) const;
    void close();
    [[nodiscard]] bool all_final() const;
    [[nodiscard]] UnixMs true_time() const;
    [[nodiscard]] std::string at() const;
    [[nodiscard]] bool counts(const Machine& machine) const {
        return !machine.is_liar() && !machine.is_lost() && machine.is_commissioned();
    }
    [[nodiscard]] std::uint64_t consensus_nanoseconds() const;
    [[nodiscard]] bool takes_transactions(const Machine& machine) const;

    Plan plan_;
    Random random_;
    Scheduler scheduler_;
    Trace trace_;
    World world_;
    Hub hub_;
    Referee referee_;
    Workload workload_;
    std::vector<std::unique_ptr<Machine>> machines_;
    std::vector<Liar*> liars_;
    std::unique_ptr<Faults> faults_;
    std::unique_ptr<Governors> governors_;  ///< nullptr where nothing of the sort changes.
    std::vector<Offer> open_;               ///< Sent and not final yet.
    bool sending_{false};
    std::string last_refusal_;
    Micros slowest_{0};
};

}  // namespace probatum::sim
