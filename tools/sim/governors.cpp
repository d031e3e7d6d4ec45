#include "tools/sim/governors.h"

#include <algorithm>

#include "contracts/readiness.h"

namespace probatum::sim {

namespace {

constexpr std::array<std::string_view, kTurns> kNames{"added", "removed", "rotated", "parameters", "refused"};
constexpr Micros kRestMost = 3 * kSecond;
constexpr Micros kPatience = 25 * kSecond;

}  // namespace

std::string_view name(Turn turn) { return kNames.at(static_cast<std::size_t>(turn)); }

Governors::Governors(std::vector<std::unique_ptr<Machine>>& machines, const World& world, const Referee& referee,
                     Workload& workload, Random random, Ports ports)
    : machines_{machines},
      world_{world},
      referee_{referee},
      workload_{workload},
      random_{random},
      ports_{std::move(ports)} {
    for (StationId i = 0; i < world_.validators(); ++i) {
        seated_.insert(i);
    }
}

StationId Governors::machine_of(const ledger::Validator& validator) const {
    return static_cast<StationId>(world_.machine_of(validator.key.id()));
}

/// It lies, or it may never come back.
bool Governors::is_faulty(StationId machine) const {
    const Machine& one = *machines_.at(machine);
    return one.is_liar() || one.may_be_damaged() || one.is_lost() ||
           (seated_.contains(machine) && !one.is_commissioned());
}

bool Governors::bears(const ledger::ValidatorSet& set) const {
    const auto faulty =
        std::ranges::count_if(set.all(), [this](const ledger::Validator& one) { return is_faulty(machine_of(one)); });
    return static_cast<std::size_t>(faulty) <= set.max_faulty();
}

std::optional<StationId> Governors::unused_spare() {
    std::vector<StationId> free;
    for (StationId i = 0; i < machines_.size(); ++i) {
        if (machines_[i]->key_id() && !seated_.contains(i) && !machines_[i]->is_lost()) {
            free.push_back(i);
        }
    }
    return free.empty() ? std::nullopt : std::optional{free[random_.below(free.size())]};
}

std::optional<Governors::Attempt> Governors::addition(const contracts::EpochTerms& terms) {
    const auto spare = unused_spare();
    if (!spare || terms.validators.size() >= world_.validators() + kMoreValidators) {
        return std::nullopt;
    }
    const std::string organisation = world_.organisation(*spare);
    return Attempt{.turn = Turn::added,
                   .change = contracts::AddValidator{{organisation, world_.key(*spare)->key()}},
                   .newcomer = spare,
                   .organisation = organisation};
}

/// Sometimes of one that was switched off before.
std::optional<Governors::Attempt> Governors::removal(const contracts::EpochTerms& terms) {
    const auto& set = terms.validators;
    if (set.size() <= 3) {
        return std::nullopt;
    }
    const auto index = static_cast<ledger::ValidatorIndex>(random_.below(set.size()));
    Machine& leaver = *machines_.at(machine_of(set.at(index)));
    if (leaver.is_commissioned() && !is_faulty(leaver.index()) && random_.percent(40)) {
        leaver.decommission();
        if (!bears(set)) {
            leaver.commission();
            leaver.start();
        }
    }
    return Attempt{.turn = Turn::removed, .change = contracts::RemoveValidator{set.at(index).key}};
}

std::optional<Governors::Attempt> Governors::rotation(const contracts::EpochTerms& terms) {
    const auto spare = unused_spare();
    if (!spare) {
        return std::nullopt;
    }
    const ledger::Validator& leaver =
        terms.validators.at(static_cast<ledger::ValidatorIndex>(random_.below(terms.validators.size())));
    return Attempt{.turn = Turn::rotated,
                   .change = contracts::RotateKey{leaver.key, world_.key(*spare)->key()},
                   .newcomer = spare,
                   .organisation = leaver.organisation};
}

Governors::Attempt Governors::other_parameters(const contracts::EpochTerms& terms) {
    contracts::Parameters to = terms.parameters;
    const auto draw = [this](std::uint64_t low, std::uint64_t high) {
        return static_cast<std::uint32_t>(random_.between(low, high));
    };
    to.view_timeout_ms = draw(1'000, 2'000);
    to.retry_interval_ms = draw(300, 700);
    to.idle_empty_block_ms = draw(50, 200);
    to.silent_leader_views = draw(4, 12);
    to.clock_bound_ms = draw(8'000, 10'000);
    to.max_block_transactions = draw(64, 1'024);
    return {.turn = Turn::parameters, .change = contracts::ChangeParameters{to}};
}

bool Governors::choose() {
    const contracts::EpochTerms& terms = referee_.reference().terms();
    std::optional<Attempt> wanted;
    switch (random_.below(4)) {
        case 0:
            wanted = addition(terms);
            break;
        case 1:
            wanted = removal(terms);
            break;
        case 2:
            wanted = rotation(terms);
            break;
        default:
            wanted = other_parameters(terms);
            break;
    }
    if (!wanted) {
        return false;
    }
    const auto after = contracts::changed(terms, wanted->change, referee_.reference());
    if (!after || !bears(after->validators)) {
        return false;
    }
    attempt_ = *std::move(wanted);
    first_elector_ = random_.below(kElectors);
    return true;
}

Digest Governors::send(std::size_t member, contracts::ActionBody body) {
    return ports_.offer(workload_.sign(member, {.body = std::move(body)}, ports_.time()));
}

/// Says that it follows the chain, as soon as it does.
void Governors::make_ready() {
    Machine& newcomer = *machines_.at(*attempt_.newcomer);
    newcomer.commission();
    newcomer.start();
    const std::vector<contracts::ChainMark> marks = contracts::find_marks(referee_.reference());
    if (marks.empty() || newcomer.committed() < marks.back().height) {
        return;
    }
    const Signer& key = *world_.key(*attempt_.newcomer);
    const Bytes statement =
        contracts::make_readiness(key.secret(), {world_.chain_id(), attempt_.organisation}, {.mark = marks.back()});
    attempt_.waiting_for =
        send(world_.operator_of(attempt_.organisation).value(), contracts::ReadyBody{key.key(), statement});
    stage_ = Stage::ready;
}

void Governors::propose() {
    attempt_.proposal = send(elector(0), contracts::ProposeBody{.change = attempt_.change});
    attempt_.waiting_for = attempt_.proposal;
    stage_ = Stage::proposed;
}

void Governors::vote() {
    if (random_.percent(30)) {
        (void)send(elector(2), contracts::VoteBody{attempt_.proposal, contracts::Choice::accept});
    }
    attempt_.waiting_for = send(elector(1), contracts::VoteBody{attempt_.proposal, contracts::Choice::accept});
    stage_ = Stage::voted;
}

void Governors::enact() {
    ports_.enacting();
    attempt_.waiting_for = send(elector(random_.below(kElectors)), contracts::EnactBody{attempt_.proposal});
    stage_ = Stage::enacted;
}

void Governors::conclude() {
    const auto proposal = contracts::find_proposal(referee_.reference(), attempt_.proposal);
    if (!proposal || proposal->status != contracts::ProposalStatus::enacted) {
        ++counts_.at(static_cast<std::size_t>(Turn::refused));
        return;
    }
    ++counts_.at(static_cast<std::size_t>(attempt_.turn));
    if (attempt_.newcomer) {
        seated_.insert(*attempt_.newcomer);
    }
}

/// Whoever still needs the old set has it no more: so only when every sound member is in the new epoch.
bool Governors::all_came_along() const {
    const contracts::EpochTerms& terms = referee_.reference().terms();
    return std::ranges::all_of(machines_, [&](const auto& machine) {
        return is_faulty(machine->index()) || !machine->is_commissioned() || machine->committed() >= terms.first;
    });
}

void Governors::switch_off_a_leaver() {
    if (!all_came_along()) {
        return;
    }
    const ledger::ValidatorSet& set = referee_.reference().terms().validators;
    for (const StationId machine : seated_) {
        if (!set.index_of(*machines_[machine]->key_id()) && machines_[machine]->is_commissioned() &&
            random_.percent(20)) {
            machines_[machine]->decommission();
            return;
        }
    }
}

void Governors::rest(Micros now) {
    stage_ = Stage::resting;
    until_ = now + random_.below(kRestMost);
}

void Governors::look(Micros now) {
    if (stage_ == Stage::resting) {
        if (now < until_) {
            return;
        }
        switch_off_a_leaver();
        if (choose()) {
            stage_ = Stage::readying;
            until_ = now + kPatience;
        }
        return;
    }
    if (now > until_) {
        rest(now);  // what was sent is sent until it is final all the same
        return;
    }
    if (stage_ == Stage::readying) {
        if (attempt_.newcomer) {
            make_ready();
        } else {
            propose();
        }
        return;
    }
    if (!referee_.is_final(attempt_.waiting_for)) {
        return;
    }
    until_ = now + kPatience;
    switch (stage_) {
        case Stage::ready:
            propose();
            break;
        case Stage::proposed:
            vote();
            break;
        case Stage::voted:
            enact();
            break;
        default:
            conclude();
            rest(now);
            break;
    }
}

}  // namespace probatum::sim
