#pragma once

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "sim_node.h"

namespace probatum::sim {

/// What the simulated world does to messages and machines; all chances in percent.
struct Weather {
    std::uint64_t drop{0};
    std::uint64_t duplicate{0};
    std::uint64_t min_delay_ms{1};
    std::uint64_t max_delay_ms{20};
    std::uint64_t crash_at_effect{0};  ///< In a thousand: die between two effects of one step.
};

struct Plan {
    std::size_t validators{4};
    std::size_t liars{0};
    std::uint64_t stormy_ms{20'000};
    std::uint64_t calm_ms{60'000};
    Weather storm{};
    bool partitions{false};
    bool crashes{false};
    std::uint64_t transactions{20};
    consensus::Timing timing{};
};

/// A network of cores under one seeded scheduler. The same plan and seed give the same run, event by event.
class Cluster {
public:
    Cluster(Plan plan, std::uint64_t seed);

    /// The whole story: storm, calm, and what must then hold. Empty if all is well; else what went wrong.
    [[nodiscard]] std::vector<std::string> run();

    // Pieces for stories of their own.
    void start_all();
    void run_until(std::uint64_t time_ms);
    /// Runs until nothing is left to happen; false if that did not come within the time.
    bool run_until_quiet(std::uint64_t time_ms);
    void inject(ValidatorIndex at, Transaction transaction);
    void set_weather(Weather weather) { weather_ = weather; }
    void split(std::vector<int> sides) { sides_ = std::move(sides); }
    /// What a story keeps from arriving; nothing until told.
    using Wall = std::function<bool(ValidatorIndex from, ValidatorIndex to, const Message& message)>;
    void set_wall(Wall wall) { wall_ = std::move(wall); }
    SimNode& node(ValidatorIndex index) { return *nodes_[index]; }
    [[nodiscard]] std::vector<std::string>& failures() { return failures_; }
    [[nodiscard]] std::uint64_t now_ms() const { return now_ms_; }
    [[nodiscard]] std::uint64_t trace() const { return trace_; }
    [[nodiscard]] std::uint64_t messages() const { return messages_; }
    [[nodiscard]] std::uint64_t equivocations() const { return equivocations_; }
    [[nodiscard]] bool everybody_has(std::uint64_t transactions) const;

    // For the nodes.
    [[nodiscard]] const testing::Signers& signers() const { return signers_; }
    [[nodiscard]] const testing::KeyedHashChecker& checker() const { return checker_; }
    [[nodiscard]] consensus::Setup setup(ValidatorIndex own) const;
    [[nodiscard]] const Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    Random& random() { return random_; }
    void post(ValidatorIndex from, ValidatorIndex to, const Message& message);
    void later(std::uint64_t after_ms, std::function<void()> what);
    void fail(std::string what);
    /// Goes into the digest of the trace, by which two runs are compared.
    void note(std::uint64_t kind, ValidatorIndex who, std::uint64_t number);
    void final_seen(ValidatorIndex who, const BlockRef& block);
    void vote_seen(const Vote& vote);
    void equivocation_seen(const consensus::Equivocation& proof);
    void blame_seen(const consensus::Blame& blame);
    [[nodiscard]] bool dies_here();
    void revive_later(ValidatorIndex who);

private:
    struct Happening {
        std::uint64_t time_ms;
        std::uint64_t order;
        std::function<void()> what;
        bool operator>(const Happening& other) const {
            return std::pair{time_ms, order} > std::pair{other.time_ms, other.order};
        }
    };
    void make_trouble();
    void check_end(bool quiet);

    Plan plan_;
    Random random_;
    Weather weather_;
    Digest chain_id_;
    testing::Signers signers_;
    testing::KeyedHashChecker checker_;
    std::vector<std::unique_ptr<SimNode>> nodes_;
    std::priority_queue<Happening, std::vector<Happening>, std::greater<>> happenings_;
    std::vector<int> sides_;
    Wall wall_;
    std::uint64_t now_ms_{0};
    std::uint64_t order_{0};
    std::uint64_t messages_{0};
    std::uint64_t equivocations_{0};
    bool calm_{false};
    std::uint64_t trace_{0xcbf29ce484222325U};
    std::map<Height, BlockRef> finals_;
    std::map<std::pair<ValidatorIndex, View>, std::vector<VoteTarget>> honest_votes_;
    std::vector<std::string> failures_;
};

}  // namespace probatum::sim
