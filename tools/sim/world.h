#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contracts/genesis.h"
#include "ledger/verified.h"
#include "tools/sim/signatures.h"

namespace probatum::sim {

/// Machines beside the validators of genesis; with any of them the network has governance.
struct Newcomers {
    std::size_t spares{0};     ///< Keys that may become validators.
    std::size_t observers{0};  ///< Without a key.
};

/// What is the same for a whole simulated network: genesis, keys, signatures. Machines are numbered: the validators of
/// genesis, then the spares, then the observers.
class World {
public:
    World(std::size_t validators, Newcomers newcomers, bool real_signatures);

    [[nodiscard]] std::size_t validators() const { return genesis_.validators.size(); }
    [[nodiscard]] std::size_t machines() const { return keys_.size() + newcomers_.observers; }
    [[nodiscard]] bool is_governed() const { return genesis_.governance.has_value(); }
    [[nodiscard]] const contracts::Genesis& genesis() const { return genesis_; }
    [[nodiscard]] const std::shared_ptr<const Bytes>& genesis_bytes() const { return genesis_bytes_; }
    [[nodiscard]] const Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] const ledger::ValidatorSet& set() const { return set_; }
    [[nodiscard]] const ledger::SignatureChecker& checker() const { return *checker_; }
    /// nullptr for an observer.
    [[nodiscard]] const Signer* key(std::size_t machine) const {
        return machine < keys_.size() ? &keys_[machine] : nullptr;
    }
    /// Which machine has this key; machines() for none.
    [[nodiscard]] std::size_t machine_of(const KeyId& key) const;
    /// The organisation that runs a validator of genesis, or a spare if it is added under its own name.
    [[nodiscard]] std::string organisation(std::size_t machine) const;
    /// Position in members() of who records the readiness of this organisation's validator; none without governance.
    [[nodiscard]] std::optional<std::size_t> operator_of(const std::string& organisation) const;

    /// Members who send transactions: makers of "bank-a" first, then one of each other role that a loan needs, then the
    /// governors and operators.
    struct Member {
        std::string organisation;
        Signer signer;
    };
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }

private:
    contracts::Genesis genesis_;
    std::shared_ptr<const Bytes> genesis_bytes_;
    Digest chain_id_;
    ledger::ValidatorSet set_;
    std::unique_ptr<const ledger::SignatureChecker> checker_;
    Newcomers newcomers_;
    std::vector<Signer> keys_;
    std::vector<KeyId> key_ids_;
    std::vector<Member> members_;
};

/// Positions in World::members().
inline constexpr std::size_t kMakers = 4;
inline constexpr std::size_t kChecker = 4;
inline constexpr std::size_t kBorrower = 5;
inline constexpr std::size_t kGuarantor = 6;
inline constexpr std::size_t kGovernors = 7;  ///< The first of kElectors.
inline constexpr std::size_t kElectors = 3;
inline constexpr std::size_t kThreshold = 2;

}  // namespace probatum::sim
