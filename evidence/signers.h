#pragma once

#include <map>
#include <string_view>

#include "contracts/genesis.h"
#include "ledger/transaction.h"

namespace probatum::evidence {

/// The members whose keys genesis registers, by key id.
class Signers {
public:
    /// `genesis` must outlive this object.
    explicit Signers(const contracts::Genesis& genesis);

    [[nodiscard]] const contracts::Member* find(const KeyId& key) const;

    /// unknown_key, issuer_mismatch, bad_signature or high_s_signature unless the statement is signed by a registered
    /// key of the organisation that it names.
    [[nodiscard]] Result<void> check(const ledger::Transaction& transaction) const;

private:
    std::map<KeyId, const contracts::Member*> by_key_;
};

/// Or nullptr where genesis names no such organisation.
[[nodiscard]] const contracts::Organisation* find_organisation(const contracts::Genesis& genesis, std::string_view id);

/// What can be told without a key. malformed: another kind of message; foreign_chain.
[[nodiscard]] Result<void> check_statement(const ledger::Transaction& transaction, const Digest& chain_id,
                                           UnixMs block_time);

}  // namespace probatum::evidence
