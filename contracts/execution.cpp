#include "contracts/execution.h"

#include "base/check.h"
#include "contracts/authorise.h"
#include "contracts/contract_execution.h"
#include "contracts/evidence_record.h"
#include "contracts/financing_rules.h"
#include "contracts/governance_rules.h"
#include "contracts/identity_rules.h"
#include "contracts/misbehaviour.h"
#include "contracts/uses.h"

namespace probatum::contracts {
namespace {

Execution execute_deposit(const Execute& task) {
    const auto& body = std::get<DepositBody>(task.action.body);
    if (const Result<void> judged = judge_deposit(body, task.resolved); !judged) {
        return refused(judged.error());
    }
    Execution out;
    write_record(out, task);
    const Digest document = *find_digest(body.digests, DigestAlgorithm::sha256);
    add_use(out, task.state, {UseList::document, document}, {UseKind::record, task.transaction.id()});
    return out;
}

}  // namespace

Execution execute(const ledger::Transaction& transaction, const BlockContext& context, std::uint32_t index,
                  const ledger::StateView& state) {
    const Result<DecodedAction> action = decode_action(transaction);
    PROBATUM_CHECK(action.has_value() && action->hidden.empty(), "only admissible transactions are executed");
    const Result<Resolved> resolved = authorise(transaction, *action, context, state);
    if (!resolved) {
        return refused(resolved.error());
    }
    const Execute task{transaction, *action, *resolved, context, index, state};
    if (std::holds_alternative<ReportBody>(action->body)) {
        return execute_report(task);
    }
    if (is_financing_action(action->name)) {
        return execute_financing(task);
    }
    if (is_identity_action(action->name)) {
        return execute_identity(task);
    }
    if (is_governance_action(action->name)) {
        return execute_governance(task);
    }
    return action->contract ? execute_on_contract(task) : execute_deposit(task);
}

}  // namespace probatum::contracts
