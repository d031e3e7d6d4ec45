#pragma once

#include <filesystem>

namespace probatum::bench {

/// What this machine can do at best, measured in the same run as everything else.
struct MachineLimits {
    unsigned cores{1};
    double signature_check_us{0};  ///< One ECDSA secp256k1 check by libsecp256k1, on one idle core.
    double sync_4k_ms{0};          ///< Median of writing 4 KiB and fdatasync in the folder given.
    /// No chain of `validators` on this machine can commit more: each transaction is checked by each validator once.
    [[nodiscard]] double transactions_per_second(unsigned validators) const;
};

/// Takes about a second. The machine should be idle.
[[nodiscard]] MachineLimits measure_limits(const std::filesystem::path& folder);

}  // namespace probatum::bench
