#include "tools/sim/simulation.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/text_encoding.h"

namespace probatum::sim {

namespace {

constexpr Micros kMinute = 60 * kSecond;
constexpr Micros kFirstCalm = 3 * kSecond;
constexpr Micros kStorm = 45 * kSecond;
constexpr Micros kSendingInCalm = 4 * kSecond;
constexpr Micros kLook = 500 * kMillisecond;
constexpr Micros kPatience = 3 * kSecond;  ///< After this a client offers a transaction to somebody else.
constexpr Micros kQuiet = 5 * kSecond;
constexpr std::uint64_t kSinceGenesisMs = 100'000;
constexpr std::size_t kMostAtOnce = 6;
constexpr std::uint64_t kMostUnderWay = 2'000'000;
constexpr std::uint64_t kLongPartitionPercent = 25;
constexpr std::uint64_t kMembersPercent = 30;  ///< Of the seeds of a swarm.

/// Drawn apart, so that it changes nothing else of a seed.
Newcomers newcomers_of(const Plan& plan) {
    Random random{plan.seed ^ 0x6d656d62657273U};
    if (!plan.profile.members || (plan.profile.swarm && !random.percent(kMembersPercent))) {
        return {};
    }
    return {random.between(1, 3), random.between(0, 1)};
}

}  // namespace

Simulation::Simulation(Plan plan)
    : plan_{std::move(plan)},
      random_{plan_.seed * 0x9e3779b97f4a7c15U + plan_.validators},
      world_{plan_.validators, newcomers_of(plan_), plan_.profile.real_signatures || plan_.costs},
      hub_{scheduler_, trace_, random_.split(), world_.machines()},
      referee_{world_,
               [this](StationId one) { return machines_.at(one)->is_liar() || machines_.at(one)->may_be_damaged(); }},
      workload_{world_, random_.split()} {
    for (StationId i = 0; i < world_.machines(); ++i) {
        machines_.push_back(std::make_unique<Machine>(
            Machine::Surroundings{scheduler_, hub_, world_, *this, plan_.costs}, i, random_.split()));
        if (i < plan_.validators || world_.key(i) == nullptr) {
            machines_.back()->commission();
        }
    }
    choose_liars();
    const std::size_t spare = world_.set().max_faulty() - liars_.size();
    faults_ = std::make_unique<Faults>(machines_, scheduler_, hub_, random_.split(), plan_.profile, spare);
    if (world_.is_governed()) {
        governors_ = std::make_unique<Governors>(
            machines_, world_, referee_, workload_, random_.split(),
            Governors::Ports{[this](Bytes wire) { return offer(std::move(wire)); }, [this] { return true_time(); },
                             [this] {
                                 if (random_.percent(kLongPartitionPercent)) {
                                     faults_->divide_for_long();
                                 }
                             }});
    }
}

Simulation::~Simulation() = default;

void Simulation::choose_liars() {
    const std::size_t most = world_.set().max_faulty();
    if (!plan_.profile.liars || most == 0 || (plan_.profile.swarm && random_.percent(30))) {
        return;
    }
    std::set<std::size_t> chosen;
    const std::size_t wanted = random_.between(1, most);
    while (chosen.size() < wanted) {
        chosen.insert(random_.below(plan_.validators));
    }
    for (const std::size_t index : chosen) {
        const Lies lies = random_lies(random_);
        auto liar = std::make_unique<Liar>(*machines_[index], random_.split(), lies);
        liars_.push_back(liar.get());
        if (lies.false_time) {
            const std::int64_t wrong_ms = static_cast<std::int64_t>(random_.between(11'000, 3'600'000));
            machines_[index]->set_clock(random_.percent(70) ? wrong_ms : -wrong_ms, 0);
        }
        machines_[index]->set_tongue(std::move(liar));
    }
}

UnixMs Simulation::true_time() const {
    return UnixMs{world_.genesis().time.raw() + kSinceGenesisMs + scheduler_.now() / kMillisecond};
}

std::string Simulation::at() const { return "at " + std::to_string(scheduler_.now() / kMillisecond) + " ms: "; }

void Simulation::violation(StationId who, const std::string& what) {
    if (who < machines_.size() && machines_[who]->is_liar()) {
        return;  // its own business
    }
    referee_.violation(at() + "validator " + std::to_string(who) + ": " + what);
}

void Simulation::committed(Machine& machine) {
    if (machine.is_liar() || !referee_.violations().empty()) {
        return;
    }
    for (const auto& one : machines_) {
        if (!one->is_liar()) {
            referee_.honest_clock(one->wall());
        }
    }
    const std::size_t before = referee_.violations().size();
    referee_.committed(machine);
    if (referee_.violations().size() > before) {
        referee_.violation(at() + "the above");
    }
    trace_.note(machine.index());
    trace_.note(machine.committed().raw());
}

void Simulation::ended(Machine& machine, const std::string& why) {
    trace_.note(why.size());
    last_refusal_ = "validator " + std::to_string(machine.index()) + " ended" + at().substr(2) + why;
    faults_->ended(machine);
}

void Simulation::accused(StationId by, StationId whom, const std::string& why) {
    trace_.note(std::uint64_t{by} << 32U | whom);
    if (counts(*machines_[by]) && whom < machines_.size() && counts(*machines_[whom])) {
        violation(by, "accuses the honest validator " + std::to_string(whom) + ": " + why);
    }
}

void Simulation::start_all() {
    for (const auto& machine : machines_) {
        scheduler_.after(random_.below(300) * kMillisecond, [&machine] { machine->start(); });
    }
}

bool Simulation::takes_transactions(const Machine& machine) const {
    return machine.alive() && machine.key_id() &&
           (!governors_ || referee_.reference().terms().validators.index_of(*machine.key_id()));
}

/// To anybody; whoever does not answer at all, or does not vote, is passed over.
void Simulation::give(const Offer& offered) {
    std::size_t to = random_.below(machines_.size());
    for (std::size_t tries = machines_.size(); tries > 0 && !takes_transactions(*machines_[to]); --tries) {
        to = (to + 1) % machines_.size();
    }
    machines_[to]->submit(offered.wire, [this, to](const Result<node::Submitted>& answer) {
        if (!answer) {
            last_refusal_ = "validator " + std::to_string(to) + " refused: " + answer.error().to_string();
        }
    });
}

Digest Simulation::offer(Bytes wire) {
    const auto transaction = ledger::Transaction::decode(wire).value();
    const Digest id = transaction->id();
    referee_.offered(id);
    Offer made{id, std::move(wire), scheduler_.now()};
    give(made);
    if (!referee_.is_final(id) && std::ranges::find(open_, id, &Offer::id) == open_.end()) {
        open_.push_back(std::move(made));
    }
    return id;
}

void Simulation::send_some() {
    if (!sending_) {
        return;
    }
    const std::size_t count = random_.between(1, kMostAtOnce);
    for (std::size_t i = 0; i < count; ++i) {
        (void)offer(workload_.next(true_time()));
    }
    // On the average as many as the plan says.
    const Micros mean = count * kSecond / plan_.per_second;
    scheduler_.after(random_.between(mean / 2, mean * 3 / 2), [this] { send_some(); });
}

void Simulation::offer_again() {
    std::erase_if(open_, [this](const Offer& one) { return referee_.is_final(one.id); });
    for (Offer& one : open_) {
        if (one.sent + kPatience <= scheduler_.now()) {
            one.sent = scheduler_.now();
            give(one);
        }
    }
}

/// Twice a second: memory, clocks, impatient clients, idle liars.
void Simulation::look_around() {
    for (const auto& machine : machines_) {
        if (!machine->is_liar()) {
            referee_.honest_clock(machine->wall());
            if (machine->alive()) {
                referee_.look_at_memory(*machine);
            }
        }
    }
    if (hub_.counts().most_under_way > kMostUnderWay) {
        referee_.violation(at() + "more messages under way than a network holds");
    }
    for (Liar* liar : liars_) {
        liar->stir();
    }
    if (governors_ && sending_) {
        governors_->look(scheduler_.now());
    }
    offer_again();
    scheduler_.after(kLook, [this] { look_around(); });
}

bool Simulation::all_final() const {
    if (!std::ranges::all_of(open_, [this](const Offer& one) { return referee_.is_final(one.id); })) {
        return false;
    }
    return std::ranges::all_of(machines_, [this](const auto& machine) {
        return !counts(*machine) || (machine->alive() && machine->committed() >= referee_.height());
    });
}

/// Where a transaction stands with each validator.
std::string Simulation::describe(const Offer& one) const {
    std::string out;
    for (const auto& machine : machines_) {
        if (!machine->alive()) {
            out += " -";
            continue;
        }
        const auto receipt = machine->validator()->receipt(one.id);
        out += receipt ? " final" : " " + std::to_string(static_cast<int>(receipt.error().code));
    }
    return out;
}

void Simulation::wait_for_progress(Micros since) {
    const Micros bound = progress_bound(plan_.validators + (governors_ ? kMoreValidators : 0));
    while (!all_final() && scheduler_.now() < since + bound && referee_.violations().empty()) {
        scheduler_.run_until(scheduler_.now() + 20 * kMillisecond);
    }
    slowest_ = std::max(slowest_, scheduler_.now() - since);
    if (all_final()) {
        return;
    }
    std::string where;
    for (const auto& machine : machines_) {
        where += " " + std::to_string(machine->committed().raw()) +
                 (machine->alive() ? "" : " (down: " + machine->last_end() + ")") +
                 (machine->is_liar() ? " (liar)" : "") + (machine->is_lost() ? " (lost)" : "") +
                 (machine->is_commissioned() ? "" : " (off)");
    }
    for (const Offer& one : open_) {
        where += "\n    " + to_hex(one.id).substr(0, 16) + describe(one);
    }
    referee_.violation(at() + "no progress: " + std::to_string(open_.size()) + " transactions are not final; heights" +
                       where + "; " + last_refusal_);
}

void Simulation::minute(Micros begin) {
    sending_ = true;
    send_some();
    scheduler_.run_until(begin + (begin == 0 ? kFirstCalm : 0));
    faults_->begin_storm();
    scheduler_.run_until(begin + kStorm);
    faults_->end_storm();
    const Micros calm = scheduler_.now();
    scheduler_.run_until(calm + kSendingInCalm);
    sending_ = false;
    wait_for_progress(calm);
    scheduler_.run_until(begin + kMinute);
}

/// Silence, and the same state everywhere.
void Simulation::close() {
    const auto before = hub_.counts().kinds;
    scheduler_.run_until(scheduler_.now() + kQuiet);
    if (liars_.empty()) {
        for (const std::size_t kind : {1U, 2U, 3U}) {
            if (hub_.counts().kinds.at(kind) != before.at(kind)) {
                referee_.violation(at() + "consensus speaks though there is nothing to order");
            }
        }
    }
    for (const auto& machine : machines_) {
        if (counts(*machine) && machine->alive()) {
            referee_.compare_state(*machine);
        }
    }
}

std::uint64_t Simulation::consensus_nanoseconds() const {
    std::uint64_t out = 0;
    for (const auto& machine : machines_) {
        if (!plan_.costs || !machine->alive()) {
            continue;
        }
        for (const node::StageCost& cost : machine->validator()->status().stages) {
            out += cost.stage == "vote" ? cost.nanoseconds : 0;
        }
    }
    return out;
}

Outcome Simulation::run() {
    start_all();
    scheduler_.after(kLook, [this] { look_around(); });
    for (std::uint64_t i = 0; i < plan_.minutes && referee_.violations().empty(); ++i) {
        minute(i * kMinute);
    }
    if (referee_.violations().empty()) {
        close();
    }
    Outcome out;
    out.violations = referee_.violations();
    out.height = referee_.height().raw();
    out.views = referee_.views();
    out.governed = governors_ != nullptr;
    out.epochs = referee_.reference().terms().epoch.raw();
    out.transactions = referee_.reference().transactions();
    out.refusals = referee_.reference().refusals();
    out.liars = liars_.size();
    for (const auto& machine : machines_) {
        out.lost_machines += machine->is_lost() ? 1 : 0;
        out.restarts += machine->lives() > 0 ? machine->lives() - 1 : 0;
    }
    out.events = scheduler_.events();
    out.virtual_time = scheduler_.now();
    out.slowest_recovery = slowest_;
    out.consensus_nanoseconds = consensus_nanoseconds();
    out.faults = faults_->counts();
    if (governors_) {
        out.turns = governors_->counts();
    }
    out.messages = hub_.counts();
    out.peaks = referee_.peaks();
    trace_.note(out.height);
    trace_.note(out.events);
    out.digest = trace_.digest();
    return out;
}

}  // namespace probatum::sim
