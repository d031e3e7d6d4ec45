#pragma once

#include <filesystem>
#include <string>

namespace probatum::bench {

struct ChainOptions {
    std::size_t validators{4};
    double seconds{20};
    std::size_t senders{100};
    std::size_t batch{32};              ///< Transactions per request of the closed load.
    std::filesystem::path directory{};  ///< Where the test net goes; a real disk. Empty: the system's temporary folder.
    bool keep{false};
    bool stop_one{false};  ///< Also measures with one validator dead, its death included.
};

/// Starts validators as processes, loads them with evidence deposits and gives the figures as JSON text, beside the
/// limit of this machine measured in the same run. Throws std::runtime_error where something cannot be done.
[[nodiscard]] std::string run_chain(const ChainOptions& options);

}  // namespace probatum::bench
