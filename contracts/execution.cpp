#include "contracts/execution.h"

#include "base/check.h"
#include "contracts/actions.h"
#include "contracts/authorise.h"
#include "contracts/evidence_record.h"
#include "contracts/state_keys.h"
#include "contracts/uses.h"

namespace probatum::contracts {
namespace {

ledger::Outcome outcome_of(const Error& error) { return {error.number(), error.field}; }

Execution refused(const Error& error) {
    return {.outcome = outcome_of(error), .writes = {}, .events = {}, .index = {}};
}

void write_record(Execution& out, const ledger::Transaction& transaction, const DecodedAction& action) {
    const Digest key = state_keys::record(transaction.header().issuer, transaction.payload().idempotency_key);
    out.writes[key] =
        encode(Record{.action = action.name, .transaction = transaction.id(), .contract = action.contract});
}

Execution execute_deposit(const ledger::Transaction& transaction, const DecodedAction& action, const Resolved& resolved,
                          const ledger::StateView& state) {
    const auto& body = std::get<DepositBody>(action.body);
    if (const Result<void> judged = judge_deposit(body, resolved); !judged) {
        return refused(judged.error());
    }
    Execution out;
    write_record(out, transaction, action);
    const Digest document = *find_digest(body.digests, DigestAlgorithm::sha256);
    add_use(out, state, {UseList::document, document}, {UseKind::record, transaction.id()});
    return out;
}

}  // namespace

Execution execute(const ledger::Transaction& transaction, const BlockContext& context, std::uint32_t,
                  const ledger::StateView& state) {
    const Result<DecodedAction> action = decode_action(transaction);
    PROBATUM_CHECK(action.has_value() && action->hidden.empty(), "only admissible transactions are executed");
    const Resolved resolved = authorise(transaction, *action, context, state);
    if (!action->contract) {
        return execute_deposit(transaction, *action, resolved, state);
    }
    return refused({.code = Errc::contract_unknown, .field = "subject"});
}

}  // namespace probatum::contracts
