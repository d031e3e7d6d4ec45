#include "cluster.h"

#include <algorithm>

#include "liar.h"

namespace probatum::sim {
namespace {

constexpr std::uint64_t kTroubleEveryMs = 700;
constexpr Transaction kCalmTransactions = 1'000'000;

Lies random_lies(Random& random) {
    Lies lies;
    lies.equivocates = random.percent(40);
    lies.votes_twice = random.percent(40);
    lies.withholds = random.percent(30);
    lies.sends_junk = random.percent(40);
    lies.proposes_invalid = random.percent(20);
    return lies;
}

}  // namespace

Cluster::Cluster(Plan plan, std::uint64_t seed)
    : plan_{plan},
      random_{seed},
      weather_{plan.storm},
      chain_id_{testing::digest_of_text("genesis of the simulation")},
      signers_{testing::validators(plan.validators), chain_id_},
      sides_(plan.validators, 0) {
    std::set<ValidatorIndex> liars;
    while (liars.size() < plan.liars) {
        liars.insert(static_cast<ValidatorIndex>(random_.below(plan.validators)));
    }
    for (ValidatorIndex i = 0; i < plan.validators; ++i) {
        if (liars.contains(i)) {
            nodes_.push_back(std::make_unique<Liar>(*this, i, random_lies(random_)));
        } else {
            nodes_.push_back(std::make_unique<SimNode>(*this, i));
        }
    }
}

consensus::Setup Cluster::setup(ValidatorIndex own) const {
    return {signers_.set(), own, chain_id_, Epoch{0}, {chain_id_, Height{0}}, plan_.timing};
}

void Cluster::later(std::uint64_t after_ms, std::function<void()> what) {
    happenings_.push({now_ms_ + after_ms, order_++, std::move(what)});
}

void Cluster::post(ValidatorIndex from, ValidatorIndex to, const Message& message) {
    ++messages_;
    if (sides_[from] != sides_[to] || random_.percent(weather_.drop)) {
        return;
    }
    if (wall_ && wall_(from, to, message)) {
        return;
    }
    const int copies = random_.percent(weather_.duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        later(random_.between(weather_.min_delay_ms, weather_.max_delay_ms),
              [this, from, to, message] { nodes_[to]->receive(from, message); });
    }
}

void Cluster::fail(std::string what) {
    if (failures_.size() < 20) {
        failures_.push_back("at " + std::to_string(now_ms_) + " ms: " + std::move(what));
    }
}

void Cluster::note(std::uint64_t kind, ValidatorIndex who, std::uint64_t number) {
    for (const std::uint64_t word : {now_ms_, kind, std::uint64_t{who}, number}) {
        trace_ = (trace_ ^ word) * 0x100000001b3U;
    }
}

void Cluster::final_seen(ValidatorIndex who, const BlockRef& block) {
    const auto [known, first] = finals_.try_emplace(block.height, block);
    if (known->second != block) {
        fail("validator " + std::to_string(who) + " has another final block at height " +
             std::to_string(block.height.raw()));
    }
    note(3, who, block.height.raw());
}

void Cluster::vote_seen(const Vote& vote) {
    std::vector<VoteTarget>& votes = honest_votes_[{vote.signer, vote.target.view}];
    for (const VoteTarget& other : votes) {
        const bool twice = other.kind == vote.target.kind;
        const bool excluded = std::max(other.kind, vote.target.kind) == VoteKind::finalize &&
                              std::min(other.kind, vote.target.kind) == VoteKind::nullify;
        const bool late = other.kind == VoteKind::nullify && vote.target.kind == VoteKind::notarize;
        if (twice || excluded || late) {
            fail("validator " + std::to_string(vote.signer) + " contradicts itself in view " +
                 std::to_string(vote.target.view.raw()));
        }
    }
    votes.push_back(vote.target);
}

void Cluster::equivocation_seen(const consensus::Equivocation& proof) {
    ++equivocations_;
    if (nodes_[proof.first.signer]->is_honest()) {
        fail("an honest validator is accused");
    }
    for (const Vote& vote : {proof.first, proof.second}) {
        if (!ledger::verify_vote(vote, signers_.set(), chain_id_, checker_)) {
            fail("an accusation without proof");
        }
    }
}

void Cluster::blame_seen(const consensus::Blame& blame) {
    if (nodes_[blame.peer]->is_honest()) {
        fail("an honest validator is blamed");
    }
}

bool Cluster::dies_here() {
    return !calm_ && weather_.crash_at_effect != 0 && random_.below(1000) < weather_.crash_at_effect;
}

void Cluster::revive_later(ValidatorIndex who) {
    later(random_.between(50, 3000), [this, who] {
        if (!nodes_[who]->is_up()) {
            nodes_[who]->start();
        }
    });
}

void Cluster::start_all() {
    for (const auto& node : nodes_) {
        if (!node->is_up()) {
            node->start();
        }
    }
}

void Cluster::inject(ValidatorIndex at, Transaction transaction) { nodes_[at]->add_transaction(transaction); }

void Cluster::make_trouble() {
    if (calm_) {
        return;
    }
    if (plan_.partitions) {
        for (int& side : sides_) {
            side = random_.percent(60) ? 0 : static_cast<int>(random_.below(3));
        }
        if (random_.percent(30)) {
            std::ranges::fill(sides_, 0);
        }
    }
    if (plan_.crashes && random_.percent(40)) {
        SimNode& victim = *nodes_[random_.below(nodes_.size())];
        if (victim.is_up()) {
            victim.crash();
            revive_later(victim.index());
        }
    }
    later(kTroubleEveryMs, [this] { make_trouble(); });
}

void Cluster::run_until(std::uint64_t time_ms) {
    while (!happenings_.empty() && happenings_.top().time_ms <= time_ms && failures_.empty()) {
        const Happening next = happenings_.top();
        happenings_.pop();
        now_ms_ = next.time_ms;
        next.what();
    }
    now_ms_ = std::max(now_ms_, time_ms);
}

bool Cluster::run_until_quiet(std::uint64_t time_ms) {
    while (!happenings_.empty() && happenings_.top().time_ms <= time_ms && failures_.empty()) {
        run_until(happenings_.top().time_ms);
    }
    return happenings_.empty();
}

bool Cluster::everybody_has(std::uint64_t transactions) const {
    return std::ranges::all_of(nodes_, [&](const auto& node) {
        if (!node->is_honest()) {
            return true;
        }
        const auto& done = node->final_transactions();
        return static_cast<std::uint64_t>(std::distance(done.lower_bound(kCalmTransactions), done.end())) >=
               transactions;
    });
}

std::vector<std::string> Cluster::run() {
    start_all();
    if (plan_.partitions || plan_.crashes) {
        make_trouble();
    }
    for (Transaction i = 0; i < plan_.transactions; ++i) {
        later(random_.below(plan_.stormy_ms),
              [this, i] { inject(static_cast<ValidatorIndex>(random_.below(size())), i); });
    }
    run_until(plan_.stormy_ms);

    calm_ = true;
    weather_ = {};
    std::ranges::fill(sides_, 0);
    start_all();
    constexpr Transaction kWanted = 3;
    for (Transaction i = 0; i < kWanted; ++i) {
        later(1000 * (i + 1), [this, i] {
            ValidatorIndex at = 0;
            while (!nodes_[at]->is_honest()) {
                ++at;
            }
            inject(at, kCalmTransactions + i);
        });
    }
    const std::uint64_t end = now_ms_ + plan_.calm_ms;
    while (now_ms_ < end && failures_.empty() && !happenings_.empty() &&
           !(plan_.liars != 0 && everybody_has(kWanted))) {
        run_until(happenings_.top().time_ms);
    }
    if (failures_.empty() && !everybody_has(kWanted)) {
        fail("no progress after calm");
    }
    check_end(happenings_.empty());
    return failures_;
}

void Cluster::check_end(bool quiet) {
    if (!failures_.empty() || plan_.liars != 0) {
        return;
    }
    // With nobody lying the last word must reach everybody, and then nobody has a reason to speak.
    if (!quiet) {
        fail("not quiet when idle");
    }
    for (const auto& node : nodes_) {
        if (node->final_height() != finals_.rbegin()->first) {
            fail("validator " + std::to_string(node->index()) + " stayed behind");
        }
    }
}

}  // namespace probatum::sim
