#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace probatum::bench {

struct Percentiles {
    double p50_ms{0};
    double p90_ms{0};
    double p99_ms{0};
    double maximum_ms{0};
};
[[nodiscard]] Percentiles percentiles_of(std::vector<double> times_ms);

struct LoadResult {
    std::uint64_t sent{0};
    std::uint64_t final{0};       ///< Answered as final within the window.
    std::uint64_t refused{0};     ///< Answered with an error, pool_full included.
    std::uint64_t unanswered{0};  ///< Not final when the wait ended.
    double seconds{0};
    double client_cpu_seconds{0};  ///< Of this process while the load ran.
    Percentiles finality;          ///< From handing the request to the socket (or from when it was due) to the answer.
    std::string first_error{};
};

/// Where the load goes; validators in turn.
struct Target {
    std::vector<std::string> urls;
};

/// Every connection sends a batch of tx.submit, waits until all are final, and sends the next: as much as the chain
/// takes.
[[nodiscard]] LoadResult run_closed(const Target& target, const std::vector<Bytes>& transactions,
                                    std::size_t connections, std::size_t batch, double seconds);

/// Transactions leave one by one at a fixed rate, whatever the answers do; finality counts from the moment each was
/// due.
[[nodiscard]] LoadResult run_open(const Target& target, const std::vector<Bytes>& transactions, std::size_t connections,
                                  double per_second, double seconds);

}  // namespace probatum::bench
