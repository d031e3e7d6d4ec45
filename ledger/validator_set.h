#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/key.h"
#include "base/result.h"

namespace probatum::ledger {

/// Position in the epoch's set; the order is the set's own and fixed for the epoch.
using ValidatorIndex = std::uint32_t;
inline constexpr std::size_t kMaxValidators = 100;

struct Validator {
    std::string organisation;  ///< 1..64 bytes.
    PublicKey key;
    friend bool operator==(const Validator&, const Validator&) = default;
};

/// The validators of one epoch: 1..100, keys distinct.
class ValidatorSet {
public:
    /// malformed if empty, above the limit, or a key stands twice.
    [[nodiscard]] static Result<ValidatorSet> make(std::vector<Validator> validators);
    /// [+ [organisation, public key]]
    [[nodiscard]] static Result<ValidatorSet> decode(ByteView bytes);
    [[nodiscard]] Bytes encode() const;
    /// SHA-256 of the encoding; what headers carry.
    [[nodiscard]] const Digest& digest() const { return digest_; }

    [[nodiscard]] std::size_t size() const { return validators_.size(); }
    [[nodiscard]] const Validator& at(ValidatorIndex index) const { return validators_.at(index); }
    [[nodiscard]] const std::vector<Validator>& all() const { return validators_; }
    [[nodiscard]] const KeyId& key_id(ValidatorIndex index) const { return key_ids_.at(index); }
    [[nodiscard]] std::optional<ValidatorIndex> index_of(const KeyId& key) const;

    /// f = floor((n-1)/3); quorum = n - f. Two quorums share at least f+1 members for every n.
    [[nodiscard]] std::size_t max_faulty() const { return (size() - 1) / 3; }
    [[nodiscard]] std::size_t quorum() const { return size() - max_faulty(); }

    friend bool operator==(const ValidatorSet& a, const ValidatorSet& b) { return a.validators_ == b.validators_; }

private:
    ValidatorSet() = default;
    std::vector<Validator> validators_;
    std::vector<KeyId> key_ids_;  ///< In the order of the set; a key id costs a hash.
    Digest digest_;
};

}  // namespace probatum::ledger
