#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <thread>

#include "tools/sim/check_failure.h"
#include "tools/sim/figures.h"

/// Whole validators in one thread, with everything around them simulated; every run follows from its seed.
namespace probatum::sim {

namespace {

struct Options {
    std::uint64_t seed{1};
    std::uint64_t seeds{1};
    std::size_t validators{4};
    std::string profile{"all"};
    std::uint64_t minutes{1};
    std::uint64_t per_second{20};
    std::size_t jobs{1};
    bool json{false};
    bool verbose{false};
    bool until_failure{false};
    bool costs{false};
    std::string record;
};

constexpr std::uint64_t kRecordedSeeds = 50;  ///< At a time; what a stop in between may cost.

std::string replay_line(const Options& options, std::uint64_t seed) {
    return fmt::format("probatum-sim --seed {} --validators {} --profile {} --minutes-of-virtual-time {}", seed,
                       options.validators, options.profile, options.minutes);
}

std::string record_head(const Options& options) {
    return fmt::format("seeds from {} on, {} validators, profile {}, {} minutes, {} transactions per second",
                       options.seed, options.validators, options.profile, options.minutes, options.per_second);
}

/// What an abort inside the simulated programs still says.
thread_local char abort_line[256];
void on_abort(int) {
    const char* const head = "probatum-sim: aborted; replay: ";
    (void)!::write(STDERR_FILENO, head, std::char_traits<char>::length(head));
    (void)!::write(STDERR_FILENO, abort_line, std::char_traits<char>::length(abort_line));
    (void)!::write(STDERR_FILENO, "\n", 1);
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Runs some seeds on all jobs.
class Batch {
public:
    Batch(const Options& options, std::uint64_t first, std::uint64_t count)
        : options_{options}, profile_{profile_named(options.profile).value()}, next_{first}, end_{first + count} {}

    [[nodiscard]] Figures run() {
        const auto begin = std::chrono::steady_clock::now();
        const double cpu_before = cpu_seconds();
        std::vector<std::thread> threads;
        for (std::size_t i = 1; i < options_.jobs; ++i) {
            threads.emplace_back([this] { work(); });
        }
        work();
        for (std::thread& thread : threads) {
            thread.join();
        }
        figures_.add_time(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
                          cpu_seconds() - cpu_before);
        return figures_;
    }
    [[nodiscard]] bool is_stopped() const { return stopped_; }

private:
    void work() {
        for (std::uint64_t seed = next_++; seed < end_ && !stopped_; seed = next_++) {
            const std::string line = replay_line(options_, seed);
            line.copy(abort_line, sizeof abort_line - 1);
            const Outcome outcome = Simulation{
                {seed, options_.validators, profile_, options_.minutes, options_.per_second,
                 options_.costs}}.run();
            const std::lock_guard lock{mutex_};
            figures_.add(outcome);
            if (options_.verbose) {
                fmt::print(stderr,
                           "seed {} digest {:016x} height {} views {} epochs {} transactions {} liars {} restarts {} "
                           "recovery {} ms\n",
                           seed, outcome.digest, outcome.height, outcome.views, outcome.epochs, outcome.transactions,
                           outcome.liars, outcome.restarts, outcome.slowest_recovery / kMillisecond);
            }
            if (!outcome.violations.empty()) {
                stopped_ = stopped_ || options_.until_failure;
                fmt::print(stderr, "FAILED: {}\n  {}\n", line, fmt::join(outcome.violations, "\n  "));
                std::fflush(stderr);
            }
        }
    }

    const Options& options_;
    const Profile profile_;
    std::atomic<std::uint64_t> next_;
    const std::uint64_t end_;
    std::atomic<bool> stopped_{false};
    std::mutex mutex_;
    Figures figures_;
};

/// What a record holds already: its first line names the runs, each further one holds the figures of some seeds.
Result<Figures> read_record(const Options& options) {
    Figures out;
    std::ifstream file{options.record};
    std::string line;
    if (!std::getline(file, line)) {
        return out;
    }
    if (line != record_head(options)) {
        return fail(Errc::config_invalid, options.record, "a record of other runs: " + line);
    }
    while (std::getline(file, line)) {
        out.add(Figures::from_line(line));
    }
    return out;
}

int run_recorded(const Options& options) {
    auto known = read_record(options);
    if (!known) {
        fmt::print(stderr, "{}\n", known.error().to_string());
        return 2;
    }
    std::ofstream file{options.record, std::ios::app};
    if (known->seeds() == 0) {
        file << record_head(options) << std::endl;
    }
    while (known->seeds() < options.seeds && file) {
        const std::uint64_t count = std::min(kRecordedSeeds, options.seeds - known->seeds());
        Batch batch{options, options.seed + known->seeds(), count};
        const Figures figures = batch.run();
        if (batch.is_stopped()) {
            return 1;  // these seeds are run again
        }
        file << figures.to_line() << std::endl;
        known->add(figures);
    }
    fmt::print("{}", known->to_text());
    return !file ? 2 : known->failed() == 0 ? 0 : 1;
}

int run(const Options& options) {
    if (!options.record.empty()) {
        return run_recorded(options);
    }
    const Figures figures = Batch{options, options.seed, options.seeds}.run();
    fmt::print("{}", options.json ? figures.to_line() + "\n" : figures.to_text());
    return figures.failed() == 0 ? 0 : 1;
}

}  // namespace

}  // namespace probatum::sim

int main(int argc, char** argv) {
    using namespace probatum::sim;
    CLI::App app{"Runs whole simulated networks of validators, each from a seed, and checks that nothing goes wrong"};
    app.footer(
        "Example:\n  probatum-sim --seed 1 --seeds 100 --validators 7 --profile all --jobs 2\n"
        "  probatum-sim --seed 1 --seeds 10000 --record n4.figures --jobs 2\n"
        "A run that fails prints the line that replays it. Exit: 0 no violation, 1 a violation, 2 unusable options.");
    Options options;
    app.add_option("--seed", options.seed, "First seed")->capture_default_str();
    app.add_option("--seeds", options.seeds, "How many seeds")->capture_default_str()->check(CLI::PositiveNumber);
    app.add_option("--validators", options.validators, "Validators")->capture_default_str()->check(CLI::Range(1, 64));
    app.add_option("--profile", options.profile, "Kinds of trouble")
        ->capture_default_str()
        ->check(CLI::IsMember(profile_names()));
    app.add_option("--minutes-of-virtual-time", options.minutes, "Length of each run")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--transactions-per-second", options.per_second, "What clients send")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    app.add_option("--jobs", options.jobs, "Runs beside each other")->capture_default_str()->check(CLI::Range(1, 256));
    app.add_flag("--costs", options.costs, "Real signatures, and the CPU time of consensus is measured");
    app.add_flag("--until-failure", options.until_failure, "Stop at the first seed that fails");
    app.add_option(
        "--record", options.record,
        "File that figures are added to, some seeds at a time; the next call goes on where this one stopped");
    app.add_flag("--json", options.json, "Figures as JSON");
    app.add_flag("--verbose", options.verbose, "A line for each seed");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    spdlog::set_level(spdlog::level::off);
    catch_failed_checks();
    std::signal(SIGABRT, on_abort);
    return run(options);
}
