#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/validator.h"
#include "tools/sim/disk.h"
#include "tools/sim/hub.h"
#include "tools/sim/lanes.h"
#include "tools/sim/world.h"

namespace probatum::sim {

class Machine;
class Port;

/// What is told of the machines to whoever watches over the run.
class Watcher {
public:
    virtual ~Watcher() = default;
    /// A rule of the simulation is broken.
    virtual void violation(StationId who, const std::string& what) = 0;
    /// This machine has committed more than before.
    virtual void committed(Machine& machine) = 0;
    /// A process ended by itself: a failed disk, a lost power, refused storage.
    virtual void ended(Machine& machine, const std::string& why) = 0;
    /// An honest machine says this, to somebody.
    virtual void said(Machine& machine, const node::Frame& frame) = 0;
    /// One machine ended the connection to another because of what it had sent.
    virtual void accused(StationId by, StationId whom, const std::string& why) = 0;
};

/// Decides what really leaves a machine; absent, everything does.
class Tongue {
public:
    virtual ~Tongue() = default;
    virtual void say(StationId to, const node::Frame& frame) = 0;
    /// Hears what the machine hears, before it does.
    virtual void heard(StationId from, const node::Frame& frame) = 0;
};

/// One computer with its disk, clock and wires, and the validator's process that runs on it now and then.
class Machine final : public LaneHost, public Station {
public:
    struct Surroundings {
        Scheduler& scheduler;
        Hub& hub;
        const World& world;
        Watcher& watcher;
        bool measured{false};  ///< The CPU time of the stages is.
    };
    Machine(Surroundings around, StationId index, Random random);
    ~Machine() override;

    [[nodiscard]] StationId index() const { return index_; }
    /// Why its last life ended by itself; for people.
    [[nodiscard]] const std::string& last_end() const { return last_end_; }
    [[nodiscard]] Disk& disk() { return disk_; }
    [[nodiscard]] SimLanes& lanes() { return lanes_; }
    [[nodiscard]] const Surroundings& around() const { return around_; }
    /// nullptr while no process runs.
    [[nodiscard]] node::Validator* validator() { return validator_.get(); }
    [[nodiscard]] const node::Validator* validator() const { return validator_.get(); }
    /// Of its own key; nothing for an observer.
    [[nodiscard]] const std::optional<KeyId>& key_id() const { return key_id_; }
    /// nullptr for an observer.
    [[nodiscard]] const MemberSigner* voter() const { return voter_ ? &*voter_ : nullptr; }
    void set_tongue(std::unique_ptr<Tongue> tongue) { tongue_ = std::move(tongue); }
    [[nodiscard]] bool is_liar() const { return tongue_ != nullptr; }
    [[nodiscard]] Tongue* tongue() { return tongue_.get(); }
    /// Its disk was damaged beyond what a validator may go on with.
    [[nodiscard]] bool is_lost() const { return lost_; }
    void allow_damage() { damage_allowed_ = true; }
    [[nodiscard]] bool may_be_damaged() const { return damage_allowed_; }
    /// It is there: from now on start() starts it.
    void commission() { commissioned_ = true; }
    /// It stops for good.
    void decommission();
    [[nodiscard]] bool is_commissioned() const { return commissioned_; }

    /// The process begins, if none runs and the machine is there and not lost.
    void start();
    enum class End : std::uint8_t { power_loss, killed, orderly };
    void stop(End how);
    void submit(Bytes wire, std::function<void(Result<node::Submitted>)> done);

    // Clock.
    void set_clock(std::int64_t offset_ms, std::int64_t drift_ppm) { offset_ms_ = offset_ms, drift_ppm_ = drift_ppm; }
    [[nodiscard]] UnixMs wall() const;

    // LaneHost
    Scheduler& scheduler() override { return around_.scheduler; }
    Micros run(const std::function<void()>& piece) override;
    Micros hesitation() override { return random_.between(5, 60); }

    // Station
    [[nodiscard]] bool alive() const override { return validator_ != nullptr; }
    void connected(StationId peer, const node::Hello& hello) override;
    void disconnected(StationId peer) override;
    void deliver(StationId from, const node::Frame& frame) override;
    [[nodiscard]] node::Hello hello() const override;
    [[nodiscard]] Micros elapsed() const override { return elapsed_; }

    [[nodiscard]] Height committed() const { return committed_; }
    [[nodiscard]] std::uint64_t lives() const { return lives_; }

private:
    class SimClock;
    struct Failed {
        Error error;
    };
    [[nodiscard]] Result<void> boot();
    [[nodiscard]] node::StorageOptions storage_options();
    void finish(const std::string& why, bool clean);
    void look_at_commits();

    Surroundings around_;
    StationId index_;
    std::optional<KeyId> key_id_;
    std::optional<MemberSigner> voter_;
    Random random_;
    Disk disk_;
    SimLanes lanes_;
    std::unique_ptr<SimClock> clock_;
    std::unique_ptr<Port> port_;
    std::unique_ptr<Tongue> tongue_;
    std::unique_ptr<node::Validator> validator_;
    std::optional<Error> alarm_;
    Micros elapsed_{0};
    bool running_{false};
    std::string last_end_;
    bool was_clean_{true};  ///< How the last process ended.
    bool lost_{false};
    bool damage_allowed_{false};
    bool commissioned_{false};
    std::int64_t offset_ms_{0};
    std::int64_t drift_ppm_{0};
    Height committed_;
    std::uint64_t lives_{0};
};

}  // namespace probatum::sim
