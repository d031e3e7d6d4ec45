#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "tools/bench/chain.h"

/// The programs' own figures, as JSON, always beside the limit of the machine measured in the same run.
int main(int argc, char** argv) {
    CLI::App app{"Measures Probatum on this machine; prints JSON"};
    app.require_subcommand(1);
    app.footer("Example:\n  probatum-bench chain --validators 4 --seconds 20");
    probatum::bench::ChainOptions options;
    CLI::App* const chain =
        app.add_subcommand("chain", "Committed transactions per second and finality of a whole network");
    chain->add_option("--validators", options.validators, "Processes to start")
        ->capture_default_str()
        ->check(CLI::Range(1, 31));
    chain->add_option("--seconds", options.seconds, "Length of each measurement")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 3600.0));
    chain->add_option("--senders", options.senders, "Signing keys and connections")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    chain->add_option("--batch", options.batch, "Transactions per request at full load")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    chain->add_option("--dir", options.directory, "Folder on the disk to measure on");
    chain->add_flag("--keep", options.keep, "Leave the network's folder");
    chain->add_flag("--stop-one", options.stop_one, "Measure again while the last validator dies and stays dead");
    chain->add_flag("--kill", options.kill, "Kill it instead of asking it to stop");
    probatum::bench::BlocksOptions sizes;
    CLI::App* const blocks = app.add_subcommand("blocks", "What a block costs by the number of validators");
    blocks->add_option("--validators", sizes.sizes, "Numbers of validators")->delimiter(',')->capture_default_str();
    blocks->add_option("--seconds", sizes.seconds, "Length of each measurement")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 3600.0));
    blocks->add_option("--dir", sizes.directory, "Folder on the disk to measure on");
    probatum::bench::ExistingOptions existing;
    CLI::App* const load = app.add_subcommand("load", "Loads a test net that runs already");
    load->add_option("--net", existing.net, "The test net's folder")->required();
    load->add_option("--seconds", existing.seconds, "Length of the measurement")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 3600.0));
    load->add_option("--rate", existing.per_second, "Transactions per second; as many as it takes if not given")
        ->check(CLI::Range(0.1, 100'000.0));
    load->add_option("--connections", existing.connections, "At once")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    load->add_option("--batch", existing.batch, "Transactions per request without --rate")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    CLI11_PARSE(app, argc, argv);
    try {
        fmt::print("{}\n", *blocks ? probatum::bench::run_blocks(sizes)
                           : *load ? probatum::bench::run_existing(existing)
                                   : probatum::bench::run_chain(options));
        return 0;
    } catch (const std::exception& failed) {
        fmt::print(stderr, "probatum-bench: {}\n", failed.what());
        return 2;
    }
}
