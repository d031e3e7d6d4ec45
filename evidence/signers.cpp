#include "evidence/signers.h"

#include <algorithm>

#include "contracts/execution.h"

namespace probatum::evidence {

Signers::Signers(const contracts::Genesis& genesis) {
    for (const contracts::Member& member : genesis.members) {
        by_key_.emplace(member.key.id(), &member);
    }
}

const contracts::Member* Signers::find(const KeyId& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
}

Result<void> Signers::check(const ledger::Transaction& transaction) const {
    const contracts::Member* const member = find(transaction.header().key_id);
    if (member == nullptr) {
        return fail(Errc::unknown_key, "key_id");
    }
    if (member->organisation != transaction.header().issuer) {
        return fail(Errc::issuer_mismatch, "issuer");
    }
    return member->key.verify(transaction.signing_digest(), transaction.statement().signature);
}

const contracts::Organisation* find_organisation(const contracts::Genesis& genesis, std::string_view id) {
    const auto found = std::ranges::find(genesis.organisations, id, &contracts::Organisation::id);
    return found == genesis.organisations.end() ? nullptr : &*found;
}

Result<void> check_statement(const ledger::Transaction& transaction, const Digest& chain_id, UnixMs block_time) {
    if (transaction.header().content_type != ledger::kTransactionContentType) {
        return fail(Errc::malformed, "content_type");
    }
    if (transaction.header().chain_id != chain_id) {
        return fail(Errc::foreign_chain, "chain_id");
    }
    // What every validator demands before a transaction may stand in a block (contracts/execution.h, admit).
    const UnixMs valid_until = transaction.payload().valid_until;
    if (valid_until < block_time) {
        return fail(Errc::expired, "valid_until");
    }
    if (valid_until.raw() - block_time.raw() > contracts::kMaxValidityMs) {
        return fail(Errc::valid_too_long, "valid_until");
    }
    return {};
}

}  // namespace probatum::evidence
