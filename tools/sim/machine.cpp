#include "tools/sim/machine.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "tools/sim/check_failure.h"
#include "tools/sim/port.h"

namespace probatum::sim {

namespace {

constexpr std::uint64_t kSegmentBytes = 256U << 10U;
constexpr std::uint64_t kMinimumFree = 1U << 20U;
constexpr std::uint32_t kCheckpointBlocks = 16;
constexpr std::uint64_t kSinceGenesisMs = 100'000;
constexpr Micros kPieceLeast = 3;
constexpr std::size_t kObserverFrameBytes = node::kMaxHelloBytes + 4;

}  // namespace

class Machine::SimClock final : public node::Clock {
public:
    explicit SimClock(const Machine& machine) : machine_{machine} {}
    node::Moment now() const override {
        return node::Moment{
            std::chrono::microseconds{machine_.around_.scheduler.now() + machine_.elapsed_ + kSinceGenesisMs}};
    }
    UnixMs wall() const override { return machine_.wall(); }

private:
    const Machine& machine_;
};

Machine::Machine(Surroundings around, StationId index, Random random)
    : around_{around},
      index_{index},
      random_{random},
      disk_{random_.split(), [this](Micros time) { elapsed_ += time; }},
      lanes_{*this},
      clock_{std::make_unique<SimClock>(*this)},
      port_{std::make_unique<Port>(*this)} {
    around_.hub.attach(index, *this);
    if (const Signer* key = around_.world.key(index)) {
        key_id_ = key->key().id();
        voter_.emplace(*key, around_.world.chain_id());
    }
}

Machine::~Machine() {
    disk_.cut_power();
    if (validator_) {
        validator_->stop(false);
    }
}

UnixMs Machine::wall() const {
    const auto passed_ms = static_cast<std::int64_t>((around_.scheduler.now() + elapsed_) / kMillisecond);
    const std::int64_t drifted = passed_ms + passed_ms * drift_ppm_ / 1'000'000 + offset_ms_;
    return UnixMs{static_cast<std::uint64_t>(static_cast<std::int64_t>(around_.world.genesis().time.raw()) +
                                             static_cast<std::int64_t>(kSinceGenesisMs) + drifted)};
}

node::StorageOptions Machine::storage_options() {
    const auto on_fatal = [this](const Error& error) {
        disk_.cut_power();  // a process that aborts writes nothing more
        throw Failed{error};
    };
    node::StorageOptions out;
    out.data_dir = "/data";
    out.marker = "/keys/identity.journal";
    out.journal = {kSegmentBytes, kMinimumFree, on_fatal};
    out.chain.checkpoint_blocks = kCheckpointBlocks;
    out.chain.write_buffer_bytes = 64U << 10U;
    out.chain.block_cache_bytes = 64U << 10U;
    out.chain.on_fatal = on_fatal;
    out.chain.engine = &disk_.database();
    out.random = [this](std::span<std::uint8_t> bytes) {
        std::ranges::generate(bytes, [this] { return static_cast<std::uint8_t>(random_.next()); });
    };
    return out;
}

Result<void> Machine::boot() {
    const World& world = around_.world;
    node::Membership who{world.genesis(), world.genesis_bytes(), world.chain_id()};
    if (index_ < world.validators()) {
        who.own = index_;
    } else if (const Signer* key = world.key(index_)) {
        who.key = key->key();
    }
    PROBATUM_LET(storage, node::open_storage(disk_, storage_options(), who));
    node::Validator::Options options;
    options.pool.max_transactions = 20'000;
    options.measure_costs = around_.measured;
    // Small, so that whoever was away catches up in many answers, some of them without a certificate of their own.
    options.range = {2U << 10U, 6U << 10U, 16};
    PROBATUM_LET(validator, node::Validator::open(who, options, std::move(storage),
                                                  {*clock_, lanes_, world.checker(), voter(),
                                                   [this](const Error& error) { alarm_ = error; }}));
    port_->begin();
    PROBATUM_TRY(validator->attach(*port_));
    validator->start();
    validator_ = std::move(validator);
    return {};
}

void Machine::start() {
    if (validator_ || lost_ || !commissioned_) {
        return;
    }
    disk_.restore(was_clean_);
    disk_.database().set_full(false);
    ++lives_;
    elapsed_ = 0;
    alarm_.reset();
    Result<void> booted;
    try {
        booted = boot();
    } catch (const PowerLost&) {
        finish("the power went during the start", false);
        return;
    } catch (const Failed& failed) {
        finish(failed.error.to_string(), true);
        return;
    } catch (const CheckFailed& failed) {
        around_.watcher.violation(index_, failed.what);
        finish(failed.what, true);
        return;
    }
    if (!booted) {
        lost_ = damage_allowed_;
        if (!damage_allowed_ && booted.error().code != Errc::disk_full) {
            around_.watcher.violation(index_, "does not start: " + booted.error().to_string());
        }
        finish(booted.error().to_string(), true);
        return;
    }
    const Height height = validator_->view()->chain().height();
    if (height < committed_) {
        around_.watcher.violation(index_, "came back at height " + std::to_string(height.raw()) + ", had committed " +
                                              std::to_string(committed_.raw()));
    }
    look_at_commits();
    around_.hub.came_up(index_);
}

void Machine::finish(const std::string& why, bool clean) {
    was_clean_ = clean;
    last_end_ = why;
    disk_.cut_power();
    if (validator_) {
        validator_->stop(false);
        validator_.reset();
        around_.hub.went_down(index_);
    }
    around_.watcher.ended(*this, why);
}

void Machine::stop(End how) {
    if (!validator_) {
        return;
    }
    if (how == End::orderly) {
        (void)run([this] { validator_->stop(true); });
        if (!validator_) {
            return;
        }
    }
    was_clean_ = how != End::power_loss;
    disk_.cut_power();
    validator_->stop(false);
    validator_.reset();
    around_.hub.went_down(index_);
}

void Machine::decommission() {
    stop(End::killed);
    commissioned_ = false;
}

Micros Machine::run(const std::function<void()>& piece) {
    PROBATUM_CHECK(!running_, "one piece of a machine runs at a time");
    running_ = true;
    elapsed_ = random_.between(kPieceLeast, 4 * kPieceLeast);
    std::optional<std::string> ended;
    bool clean = true;
    try {
        piece();
        look_at_commits();
    } catch (const PowerLost&) {
        ended = "the power went";
        clean = false;
    } catch (const Failed& failed) {
        ended = failed.error.to_string();
    } catch (const CheckFailed& failed) {
        around_.watcher.violation(index_, failed.what);
        ended = failed.what;
    }
    if (alarm_ && !ended) {
        if (!is_liar()) {
            around_.watcher.violation(index_, "alarm: " + alarm_->to_string());
        }
        ended = alarm_->to_string();
        lost_ = true;
    }
    running_ = false;
    const Micros took = std::exchange(elapsed_, 0);
    if (ended) {
        finish(*ended, clean);
    }
    return took;
}

void Machine::look_at_commits() {
    if (!validator_) {
        return;
    }
    const Height height = validator_->view()->chain().height();
    if (height > committed_) {
        committed_ = height;
        around_.watcher.committed(*this);
    }
}

void Machine::submit(Bytes wire, std::function<void(Result<node::Submitted>)> done) {
    if (!validator_) {
        done(fail(Errc::not_ready));
        return;
    }
    (void)run([&] { validator_->submit(std::move(wire), std::move(done)); });
}

void Machine::connected(StationId peer, const node::Hello& hello) {
    const node::PeerId id = port_->enter(peer, hello);
    (void)run([&] { validator_->on_connected(id, hello); });
}

void Machine::disconnected(StationId peer) {
    if (const auto id = port_->leave(peer)) {
        (void)run([&] { validator_->on_disconnected(*id); });
    }
}

void Machine::deliver(StationId from, const node::Frame& frame) {
    const auto id = port_->id_of(from);
    if (!id) {
        return;
    }
    if (*id >= node::kFirstObserver && *id < node::kFirstSource && frame->size() > kObserverFrameBytes) {
        around_.hub.hang_up(index_, from);  // so much is taken from nobody who is not known
        return;
    }
    (void)run([&] {
        if (tongue_) {
            tongue_->heard(from, frame);
        }
        auto message = node::decode_message(ByteView{*frame}.subspan(4));
        if (!message) {
            port_->disconnect(*id, message.error().to_string());
            return;
        }
        if (auto taken = validator_->on_message(*id, *std::move(message)); !taken) {
            port_->disconnect(*id, taken.error().to_string());
        }
    });
}

node::Hello Machine::hello() const {
    node::Hello out;
    out.chain_id = around_.world.chain_id();
    out.identity = key_id_;
    out.height = validator_->final_height();
    out.clock = wall();
    return out;
}

}  // namespace probatum::sim
