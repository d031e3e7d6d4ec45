#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contracts/genesis.h"
#include "ledger/verified.h"
#include "tools/sim/signatures.h"

namespace probatum::sim {

/// What is the same for a whole simulated network: genesis, keys, signatures.
class World {
public:
    World(std::size_t validators, bool real_signatures);

    [[nodiscard]] std::size_t size() const { return validators_.size(); }
    [[nodiscard]] const contracts::Genesis& genesis() const { return genesis_; }
    [[nodiscard]] const std::shared_ptr<const Bytes>& genesis_bytes() const { return genesis_bytes_; }
    [[nodiscard]] const Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] const ledger::ValidatorSet& set() const { return set_; }
    [[nodiscard]] const ledger::SignatureChecker& checker() const { return *checker_; }
    [[nodiscard]] const MemberSigner& voter(std::size_t validator) const { return voters_.at(validator); }

    /// Members who send transactions: makers of "bank-a" first, then one of each other role that a loan needs.
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
    std::vector<Signer> validators_;
    std::vector<MemberSigner> voters_;
    std::vector<Member> members_;
};

/// Positions in World::members().
inline constexpr std::size_t kMakers = 4;
inline constexpr std::size_t kChecker = 4;
inline constexpr std::size_t kBorrower = 5;
inline constexpr std::size_t kGuarantor = 6;

}  // namespace probatum::sim
