#include "tools/sim/faults.h"

#include <algorithm>
#include <numeric>

namespace probatum::sim {

namespace {

constexpr std::array<std::string_view, kFaults> kNames{
    "bad_weather", "partition", "one_way",     "long_partition", "power_loss",  "torn_write",      "kill",
    "stop",        "slow_disk", "failed_sync", "full_disk",      "journal_bit", "database_damage", "clock_jump",
    "clock_drift", "stall"};

constexpr Micros kBetweenMost = 3 * kSecond;
constexpr Micros kLongLeast = 11 * kSecond;  ///< Beyond the clock bound.
constexpr Micros kLongMost = 18 * kSecond;
constexpr Weather kFair{};

Weather bad(Random& random) {
    Weather out;
    out.least_delay = random.between(1, 40) * kMillisecond;
    out.most_delay = out.least_delay + random.between(5, random.percent(20) ? 900 : 120) * kMillisecond;
    out.loss_permille = static_cast<std::uint32_t>(random.percent(50) ? random.below(250) : 0);
    out.duplicate_permille = static_cast<std::uint32_t>(random.percent(40) ? random.below(200) : 0);
    out.reorder_permille = static_cast<std::uint32_t>(random.percent(40) ? random.below(300) : 0);
    return out;
}

}  // namespace

std::string_view name(Fault fault) { return kNames.at(static_cast<std::size_t>(fault)); }

Faults::Faults(std::vector<std::unique_ptr<Machine>>& machines, Scheduler& scheduler, Hub& hub, Random random,
               const Profile& profile, std::size_t spare)
    : machines_{machines}, scheduler_{scheduler}, hub_{hub}, random_{random}, profile_{profile} {
    const auto allow = [&](bool wanted, std::initializer_list<Fault> faults) {
        if (wanted && !(profile_.swarm && random_.percent(30))) {
            possible_.insert(possible_.end(), faults);
        }
    };
    allow(profile.weather, {Fault::bad_weather, Fault::bad_weather});
    allow(profile.partition, {Fault::partition, Fault::partition, Fault::one_way});
    allow(profile.crash, {Fault::power_loss, Fault::torn_write, Fault::torn_write, Fault::kill, Fault::stop});
    allow(profile.disk, {Fault::slow_disk, Fault::failed_sync, Fault::full_disk, Fault::database_damage});
    allow(profile.clock, {Fault::clock_jump, Fault::clock_jump, Fault::clock_drift});
    allow(profile.stall, {Fault::stall, Fault::stall});
    if (possible_.empty() && profile.swarm) {
        possible_ = {Fault::bad_weather, Fault::torn_write};
    }
    if (profile.disk && spare > 0 && random_.percent(50)) {
        possible_.push_back(Fault::journal_bit);
        for (std::size_t i = 0; i < spare; ++i) {
            victims_.push_back(anybody().index());
        }
        for (const StationId victim : victims_) {
            if (!machines_[victim]->is_liar()) {
                machines_[victim]->allow_damage();
            }
        }
    }
}

std::uint64_t Faults::total() const { return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}); }

Machine& Faults::anybody() { return *machines_[random_.below(machines_.size())]; }

void Faults::begin_storm() {
    ++storm_;
    if (!possible_.empty()) {
        next();
    }
}

void Faults::next() {
    scheduler_.after(random_.between(100 * kMillisecond, kBetweenMost), [this, storm = storm_] {
        if (storm != storm_) {
            return;
        }
        strike(possible_[random_.below(possible_.size())]);
        next();
    });
}

void Faults::end_storm() {
    ++storm_;
    hub_.set_all(kFair);
    for (const auto& machine : machines_) {
        if (!machine->is_liar()) {
            machine->set_clock(static_cast<std::int64_t>(random_.below(400)) - 200, 0);
        }
        machine->disk().set_full(false);
        machine->disk().set_sync_time(100, 600);
        machine->start();
    }
}

void Faults::ended(Machine& machine) { start_later(machine); }

void Faults::start_later(Machine& machine) {
    scheduler_.after(some_time(100 * kMillisecond, 6 * kSecond), [&machine] { machine.start(); });
}

void Faults::strike(Fault fault) {
    ++counts_.at(static_cast<std::size_t>(fault));
    switch (fault) {
        case Fault::bad_weather:
            return weather();
        case Fault::partition:
            return divide(false);
        case Fault::one_way:
            return divide(true);
        case Fault::long_partition:
            return;  // comes with the end of an epoch, not by itself
        case Fault::power_loss:
        case Fault::torn_write:
        case Fault::kill:
        case Fault::stop:
            return crash(fault);
        case Fault::slow_disk:
        case Fault::failed_sync:
        case Fault::full_disk:
        case Fault::journal_bit:
        case Fault::database_damage:
            return disk(fault);
        case Fault::clock_jump:
        case Fault::clock_drift:
            return clock(fault);
        case Fault::stall:
            anybody().lanes().stall_one(random_, some_time(20, 1'500) * kMillisecond);
            return;
    }
}

void Faults::weather() {
    const Weather worse = bad(random_);
    const bool everywhere = random_.percent(40);
    const StationId where = anybody().index();
    const auto each = [this, everywhere, where](const Weather& to) {
        for (StationId a = 0; a < hub_.size(); ++a) {
            for (StationId b = 0; b < hub_.size(); ++b) {
                if (everywhere || a == where || b == where) {
                    const bool cut = hub_.weather(a, b).cut;
                    hub_.weather(a, b) = to;
                    hub_.weather(a, b).cut = cut;
                }
            }
        }
    };
    each(worse);
    scheduler_.after(some_time(kSecond, 8 * kSecond), [each, this, storm = storm_] {
        if (storm == storm_) {
            each(kFair);
        }
    });
}

void Faults::divide(bool one_way) {
    std::vector<bool> side(hub_.size());
    for (std::size_t i = 0; i < side.size(); ++i) {
        side[i] = random_.percent(random_.percent(50) ? 50 : 25);
    }
    cut(side, one_way, some_time(300 * kMillisecond, 9 * kSecond));
}

void Faults::divide_for_long() {
    if (storm_ % 2 == 0) {
        return;
    }
    ++counts_.at(static_cast<std::size_t>(Fault::long_partition));
    std::vector<bool> side(hub_.size());
    for (std::size_t i = 0; i < side.size(); ++i) {
        side[i] = i % 2 == 0;
    }
    scheduler_.after(random_.below(2 * kSecond), [this, side, storm = storm_] {
        if (storm == storm_) {
            cut(side, false, some_time(kLongLeast, kLongMost));
        }
    });
}

void Faults::cut(const std::vector<bool>& side, bool one_way, Micros time) {
    const auto set = [this, side, one_way](bool to) {
        for (StationId a = 0; a < hub_.size(); ++a) {
            for (StationId b = 0; b < hub_.size(); ++b) {
                if (one_way ? side[a] && !side[b] : side[a] != side[b]) {
                    hub_.weather(a, b).cut = to;
                }
            }
        }
    };
    set(true);
    scheduler_.after(time, [set, this, storm = storm_] {
        if (storm == storm_) {
            set(false);
        }
    });
}

void Faults::crash(Fault how) {
    const std::uint64_t all = random_.below(100);
    std::vector<Machine*> struck;
    for (const auto& machine : machines_) {
        if (all < 12 || (all < 40 && random_.percent(40))) {
            struck.push_back(machine.get());
        }
    }
    if (struck.empty()) {
        struck.push_back(&anybody());
    }
    for (Machine* machine : struck) {
        switch (how) {
            case Fault::torn_write:
                machine->disk().lose_power_soon();
                continue;
            case Fault::power_loss:
                machine->stop(Machine::End::power_loss);
                break;
            case Fault::kill:
                machine->stop(Machine::End::killed);
                break;
            default:
                machine->stop(Machine::End::orderly);
                break;
        }
        start_later(*machine);
    }
}

void Faults::disk(Fault how) {
    Machine& machine = anybody();
    const auto well_again = [this, &machine](Micros after) {
        scheduler_.after(after, [this, &machine, storm = storm_] {
            if (storm == storm_) {
                machine.disk().set_full(false);
                machine.disk().set_sync_time(100, 600);
            }
        });
    };
    switch (how) {
        case Fault::slow_disk:
            machine.disk().set_sync_time(5 * kMillisecond, some_time(20, 500) * kMillisecond);
            well_again(some_time(kSecond, 8 * kSecond));
            break;
        case Fault::failed_sync:
            machine.disk().fail_next_sync();
            break;
        case Fault::full_disk:
            machine.disk().set_full(true);
            well_again(some_time(kSecond, 10 * kSecond));
            break;
        case Fault::database_damage:
            (void)machine.disk().damage_database();
            break;
        default:
            (void)machines_[victims_[random_.below(victims_.size())]]->disk().flip_journal_bit();
            break;
    }
}

void Faults::clock(Fault how) {
    Machine& machine = anybody();
    const auto sign = random_.percent(50) ? 1 : -1;
    if (how == Fault::clock_jump) {
        const std::uint64_t by_ms = random_.percent(70) ? random_.between(50, 9'000) : random_.between(9'000, 600'000);
        machine.set_clock(sign * static_cast<std::int64_t>(by_ms), 0);
    } else {
        machine.set_clock(0, sign * static_cast<std::int64_t>(random_.between(100, 20'000)));
    }
}

}  // namespace probatum::sim
