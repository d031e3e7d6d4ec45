#pragma once

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "contracts/governance.h"
#include "tools/sim/machine.h"
#include "tools/sim/referee.h"
#include "tools/sim/workload.h"

namespace probatum::sim {

enum class Turn : std::uint8_t { added, removed, rotated, parameters, refused };
inline constexpr std::size_t kTurns = 5;
[[nodiscard]] std::string_view name(Turn turn);
inline constexpr std::size_t kMoreValidators = 2;  ///< Than genesis has, at most.

/// The member organisations at work: one change after the other is made ready, proposed, voted on and enacted, while
/// the storm goes on. They never bring about what the protocol does not promise to survive: more than f faulty members
/// of a set. Machines join late, follow after they left, and some are switched off.
class Governors {
public:
    struct Ports {
        std::function<Digest(Bytes)> offer;  ///< Sends a transaction until it is final; returns its id.
        std::function<UnixMs()> time;        ///< A true clock.
        std::function<void()> enacting;      ///< The last vote is in: what closes the epoch is sent now.
    };
    Governors(std::vector<std::unique_ptr<Machine>>& machines, const World& world, const Referee& referee,
              Workload& workload, Random random, Ports ports);

    /// Now and then.
    void look(Micros now);
    [[nodiscard]] const std::array<std::uint64_t, kTurns>& counts() const { return counts_; }

private:
    enum class Stage : std::uint8_t { resting, readying, ready, proposed, voted, enacted };
    struct Attempt {
        Turn turn{Turn::parameters};
        contracts::Change change{};
        std::optional<StationId> newcomer{};
        std::string organisation{};  ///< The newcomer's.
        Digest waiting_for{};        ///< The transaction that was sent last.
        Digest proposal{};
    };

    [[nodiscard]] bool choose();
    [[nodiscard]] std::optional<Attempt> addition(const contracts::EpochTerms& terms);
    [[nodiscard]] std::optional<Attempt> removal(const contracts::EpochTerms& terms);
    [[nodiscard]] std::optional<Attempt> rotation(const contracts::EpochTerms& terms);
    [[nodiscard]] Attempt other_parameters(const contracts::EpochTerms& terms);
    void make_ready();
    void propose();
    void vote();
    void enact();
    void conclude();
    void rest(Micros now);
    void switch_off_a_leaver();
    [[nodiscard]] std::optional<StationId> unused_spare();
    [[nodiscard]] bool is_faulty(StationId machine) const;
    [[nodiscard]] bool bears(const ledger::ValidatorSet& set) const;
    [[nodiscard]] bool all_came_along() const;
    [[nodiscard]] StationId machine_of(const ledger::Validator& validator) const;
    Digest send(std::size_t member, contracts::ActionBody body);
    [[nodiscard]] std::size_t elector(std::size_t turn) const {
        return kGovernors + (first_elector_ + turn) % kElectors;
    }

    std::vector<std::unique_ptr<Machine>>& machines_;
    const World& world_;
    const Referee& referee_;
    Workload& workload_;
    Random random_;
    Ports ports_;
    Stage stage_{Stage::resting};
    Attempt attempt_;
    Micros until_{0};  ///< Resting, or at the latest in this stage.
    std::size_t first_elector_{0};
    std::set<StationId> seated_;  ///< Who is or was a validator.
    std::array<std::uint64_t, kTurns> counts_{};
};

}  // namespace probatum::sim
