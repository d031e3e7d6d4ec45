#include "ledger/pair_hash.h"

#include "base/hash.h"
#include "ledger/pair_hash_lanes.h"

namespace probatum::ledger {

Digest pair_hash(std::uint8_t prefix, const Digest& first, const Digest& second) {
    ByteArray<1 + 2 * Digest::kSize> message;
    message[0] = prefix;
    std::ranges::copy(first.bytes, message.begin() + 1);
    std::ranges::copy(second.bytes, message.begin() + 1 + Digest::kSize);
    return sha256(message);
}

void pair_hash_all(std::uint8_t prefix, std::span<const PairJob> jobs) {
    static const bool kLanesPay = lanes::supported();
    // Half-empty lanes cost as much as full ones; below half, one after another is quicker.
    while (kLanesPay && jobs.size() > lanes::kCount / 2) {
        const std::size_t count = std::min(jobs.size(), lanes::kCount);
        lanes::Pairs pairs{};
        for (std::size_t i = 0; i < lanes::kCount; ++i) {
            const PairJob& job = jobs[std::min(i, count - 1)];
            pairs.first[i] = job.first->bytes.data();
            pairs.second[i] = job.second->bytes.data();
            pairs.out[i] = job.out->bytes.data();
        }
        lanes::hash(prefix, pairs);
        jobs = jobs.subspan(count);
    }
    for (const PairJob& job : jobs) {
        *job.out = pair_hash(prefix, *job.first, *job.second);
    }
}

}  // namespace probatum::ledger
