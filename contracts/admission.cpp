#include "contracts/actions.h"
#include "contracts/authorise.h"
#include "contracts/execution.h"
#include "contracts/work.h"

namespace probatum::contracts {
namespace {

Result<void> check_validity(const ledger::Transaction& transaction, const BlockContext& context) {
    const std::uint64_t until = transaction.payload().valid_until.raw();
    const std::uint64_t now = context.time.raw();
    if (until < now) {
        return fail(Errc::expired, "valid_until");
    }
    if (until - now > kMaxValidityMs) {
        return fail(Errc::valid_too_long, "valid_until");
    }
    return {};
}

Result<void> check_signer(const ledger::Transaction& transaction, const ledger::StateView& state) {
    PROBATUM_LET(signer, find_member_key(state, transaction.header().key_id));
    if (signer.organisation != transaction.header().issuer) {
        return fail(Errc::issuer_mismatch, "issuer");
    }
    return {};
}

}  // namespace

std::uint64_t work_units(const ledger::Transaction& transaction) {
    const std::uint64_t kilobytes = (transaction.wire().size() + 1023) / 1024;
    const std::uint64_t openings = transaction.openings().size();
    return work::kSignature + kilobytes * work::kPerKilobyte + openings * work::kPerOpening +
           (transaction.header().subject ? work::kContractEvent : 0) +
           (is_governance_action(transaction.payload().action) ? work::kGovernance : 0) +
           (is_financing_action(transaction.payload().action) ? work::kFinancing : 0) +
           (is_identity_action(transaction.payload().action) ? work::kIdentity : 0);
}

Result<void> admit(const ledger::Transaction& transaction, const BlockContext& context,
                   const ledger::StateView& state) {
    if (transaction.header().content_type != ledger::kTransactionContentType) {
        return fail(Errc::malformed, "content_type", "not a transaction");
    }
    if (transaction.header().chain_id != context.chain_id) {
        return fail(Errc::foreign_chain, "chain_id");
    }
    PROBATUM_TRY(check_signer(transaction, state));
    PROBATUM_TRY(check_validity(transaction, context));
    const Parameters parameters = find_parameters(state);
    if (transaction.wire().size() > parameters.max_transaction_bytes) {
        return fail(Errc::too_large, "transaction");
    }
    if (work_units(transaction) > parameters.max_transaction_work) {
        return fail(Errc::too_much_work, "transaction");
    }
    PROBATUM_LET(action, decode_action(transaction));
    if (!action.hidden.empty()) {
        return fail(Errc::missing_opening, action.hidden.front());
    }
    return {};
}

}  // namespace probatum::contracts
