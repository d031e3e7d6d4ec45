#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "contracts/actions.h"
#include "tools/sim/scheduler.h"
#include "tools/sim/world.h"

namespace probatum::sim {

/// What clients send: deposits, loans step by step, the same again, another under a used key. Everything follows from
/// the seed.
class Workload {
public:
    Workload(const World& world, Random random) : world_{world}, random_{random} {}

    /// The next transaction's bytes. `now` is a true clock.
    [[nodiscard]] Bytes next(UnixMs now);
    /// One that is not meant to be refused.
    [[nodiscard]] Bytes deposit(UnixMs now);
    [[nodiscard]] Bytes sign(std::size_t member, const contracts::Action& action, UnixMs now);

private:
    struct Loan {
        std::string number;
        Digest id;
        std::uint32_t step{0};
    };
    [[nodiscard]] Bytes loan_step(UnixMs now);
    [[nodiscard]] contracts::RegisterBody registration(const std::string& number) const;
    template <std::size_t N>
    [[nodiscard]] ByteArray<N> fresh();

    const World& world_;
    Random random_;
    std::uint64_t counter_{0};
    std::vector<Loan> loans_;
    std::vector<Bytes> sent_;
    std::optional<ledger::IdempotencyKey> used_key_;
};

}  // namespace probatum::sim
