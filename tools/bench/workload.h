#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/key.h"
#include "base/strong_id.h"
#include "contracts/genesis.h"

namespace probatum::bench {

/// One of the bench's senders: a member of its own organisation that only deposits evidence.
struct Sender {
    SecretKey key;
    contracts::Member member;
};

/// Senders with keys derived from their number, for a genesis of the bench's own.
[[nodiscard]] std::vector<Sender> make_senders(std::size_t count, const std::string& organisation);

/// An evidence deposit as a real system sends it: two digests, provenance, at least 400 bytes, signed.
[[nodiscard]] Bytes make_deposit(const Sender& sender, const Digest& chain_id, std::uint64_t number,
                                 UnixMs valid_until);

/// `count` deposits, senders in turn, signed on all cores before the clock starts.
[[nodiscard]] std::vector<Bytes> make_deposits(const std::vector<Sender>& senders, const Digest& chain_id,
                                               std::size_t count, std::uint64_t first_number, UnixMs valid_until);

}  // namespace probatum::bench
