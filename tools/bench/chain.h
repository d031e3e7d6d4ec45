#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace probatum::bench {

struct ChainOptions {
    std::size_t validators{4};
    double seconds{20};
    std::size_t senders{100};
    std::size_t batch{32};              ///< Transactions per request of the closed load.
    std::filesystem::path directory{};  ///< Where the test net goes; a real disk. Empty: the system's temporary folder.
    bool keep{false};
    bool stop_one{false};  ///< Also measures with one validator dead, its death included.
    bool kill{false};      ///< It is killed and not asked to stop.
};

/// Starts validators as processes, loads them with evidence deposits and gives the figures as JSON text, beside the
/// limit of this machine measured in the same run. Throws std::runtime_error where something cannot be done.
[[nodiscard]] std::string run_chain(const ChainOptions& options);

struct BlocksOptions {
    std::vector<std::size_t> sizes{4, 7, 16, 31};
    double seconds{10};
    std::filesystem::path directory{};
};

/// What a block costs by the number of validators: networks one after the other, each with one client that sends one
/// deposit at a time, so that every block holds one; then a moderate open load. Gives JSON text.
[[nodiscard]] std::string run_blocks(const BlocksOptions& options);

struct ExistingOptions {
    std::filesystem::path net;  ///< Folder of a test net that runs.
    double seconds{20};
    double per_second{0};  ///< Above 0: an open load at this rate.
    std::size_t connections{16};
    std::size_t batch{8};
};

/// Loads a test net that runs already, however its network may be, and gives rate and finality as JSON text.
[[nodiscard]] std::string run_existing(const ExistingOptions& options);

}  // namespace probatum::bench
