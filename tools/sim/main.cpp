#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "tools/sim/check_failure.h"
#include "tools/sim/simulation.h"

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
};

std::string replay_line(const Options& options, std::uint64_t seed) {
    return fmt::format("probatum-sim --seed {} --validators {} --profile {} --minutes-of-virtual-time {}", seed,
                       options.validators, options.profile, options.minutes);
}

/// What an abort inside the simulated programs still says.
thread_local char abort_line[256];
void on_abort(int) {
    const char* const head = "probatum-sim: aborted; replay: ";
    (void)!::write(STDERR_FILENO, head, std::char_traits<char>::length(head));
    (void)!::write(STDERR_FILENO, abort_line, std::char_traits<char>::length(abort_line));
    (void)!::write(STDERR_FILENO, "\n", 1);
}

/// Of all seeds.
struct Sums {
    std::uint64_t seeds{0};
    std::uint64_t failed{0};
    std::uint64_t views{0};
    std::uint64_t heights{0};
    std::uint64_t transactions{0};
    std::uint64_t refusals{0};
    std::uint64_t restarts{0};
    std::uint64_t liars{0};
    std::uint64_t lost{0};
    std::uint64_t messages{0};
    std::uint64_t slowest_recovery_ms{0};
    std::uint64_t virtual_ms{0};
    std::array<std::uint64_t, kFaults> faults{};
    std::uint64_t digest{0};
    Referee::Peaks peaks;

    void add(const Outcome& one) {
        ++seeds;
        failed += one.violations.empty() ? 0 : 1;
        views += one.view;
        heights += one.height;
        transactions += one.transactions;
        refusals += one.refusals;
        restarts += one.restarts;
        liars += one.liars;
        lost += one.lost_machines;
        messages += one.messages.sent;
        slowest_recovery_ms = std::max(slowest_recovery_ms, one.slowest_recovery / kMillisecond);
        virtual_ms += one.virtual_time / kMillisecond;
        for (std::size_t i = 0; i < kFaults; ++i) {
            faults[i] += one.faults[i];
        }
        digest ^= one.digest;
        peaks.votes = std::max(peaks.votes, one.peaks.votes);
        peaks.certificates = std::max(peaks.certificates, one.peaks.certificates);
        peaks.blocks = std::max(peaks.blocks, one.peaks.blocks);
        peaks.pool = std::max(peaks.pool, one.peaks.pool);
        peaks.queue = std::max(peaks.queue, one.peaks.queue);
    }
};

nlohmann::json to_json(const Options& options, const Sums& sums, double real_seconds, double cpu_seconds) {
    nlohmann::json faults;
    std::uint64_t injected = 0;
    for (std::size_t i = 0; i < kFaults; ++i) {
        faults[std::string{name(static_cast<Fault>(i))}] = sums.faults[i];
        injected += sums.faults[i];
    }
    const double virtual_seconds = static_cast<double>(sums.virtual_ms) / 1000.0;
    return {{"profile", options.profile},
            {"validators", options.validators},
            {"first_seed", options.seed},
            {"seeds", sums.seeds},
            {"failed", sums.failed},
            {"digest", fmt::format("{:016x}", sums.digest)},
            {"views", sums.views},
            {"heights", sums.heights},
            {"transactions", sums.transactions},
            {"refusals", sums.refusals},
            {"faults_injected", injected},
            {"faults", faults},
            {"restarts", sums.restarts},
            {"liars", sums.liars},
            {"machines_lost", sums.lost},
            {"messages", sums.messages},
            {"slowest_recovery_ms", sums.slowest_recovery_ms},
            {"peaks",
             {{"votes", sums.peaks.votes},
              {"certificates", sums.peaks.certificates},
              {"blocks", sums.peaks.blocks},
              {"pool", sums.peaks.pool},
              {"queue", sums.peaks.queue}}},
            {"virtual_seconds", virtual_seconds},
            {"real_seconds", real_seconds},
            {"cpu_seconds", cpu_seconds},
            {"times_real_time_per_core", cpu_seconds > 0 ? virtual_seconds / cpu_seconds : 0.0}};
}

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void print_figures(const nlohmann::json& figures) {
    for (const auto& [key, value] : figures.items()) {
        fmt::print("{:<26} {}\n", key, value.dump());
    }
}

int run(const Options& options) {
    const Profile profile = profile_named(options.profile).value();
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> stopped{false};
    std::mutex mutex;
    Sums sums;
    const auto work = [&] {
        for (std::uint64_t i = next++; i < options.seeds && !stopped; i = next++) {
            const std::uint64_t seed = options.seed + i;
            const std::string line = replay_line(options, seed);
            line.copy(abort_line, sizeof abort_line - 1);
            const Outcome outcome =
                Simulation{{seed, options.validators, profile, options.minutes, options.per_second}}.run();
            const std::lock_guard lock{mutex};
            sums.add(outcome);
            if (options.verbose) {
                fmt::print(
                    stderr,
                    "seed {} digest {:016x} height {} view {} transactions {} liars {} restarts {} recovery {} ms\n",
                    seed, outcome.digest, outcome.height, outcome.view, outcome.transactions, outcome.liars,
                    outcome.restarts, outcome.slowest_recovery / kMillisecond);
            }
            if (!outcome.violations.empty()) {
                stopped = options.until_failure;
                fmt::print(stderr, "FAILED: {}\n", line);
                for (const std::string& what : outcome.violations) {
                    fmt::print(stderr, "  {}\n", what);
                }
                std::fflush(stderr);
            }
        }
    };
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < options.jobs; ++i) {
        threads.emplace_back(work);
    }
    work();
    for (std::thread& thread : threads) {
        thread.join();
    }
    const double real = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const nlohmann::json figures = to_json(options, sums, real, cpu_seconds());
    if (options.json) {
        fmt::print("{}\n", figures.dump(2));
    } else {
        print_figures(figures);
    }
    return sums.failed == 0 ? 0 : 1;
}

}  // namespace

}  // namespace probatum::sim

int main(int argc, char** argv) {
    using namespace probatum::sim;
    CLI::App app{"Runs whole simulated networks of validators, each from a seed, and checks that nothing goes wrong"};
    app.footer(
        "Example:\n  probatum-sim --seed 1 --seeds 100 --validators 7 --profile all --jobs 2\n"
        "A run that fails prints the line that replays it. Exit: 0 no violation, 1 a violation, 2 unusable options.");
    Options options;
    app.add_option("--seed", options.seed, "First seed")->capture_default_str();
    app.add_option("--seeds", options.seeds, "How many seeds")->capture_default_str()->check(CLI::PositiveNumber);
    app.add_option("--validators", options.validators, "Validators")->capture_default_str()->check(CLI::Range(1, 31));
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
    app.add_flag("--until-failure", options.until_failure, "Stop at the first seed that fails");
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
