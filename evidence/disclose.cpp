#include "evidence/disclose.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "evidence/use_lists.h"
#include "evidence/verify_contract.h"
#include "evidence/verify_record.h"

namespace probatum::evidence {

namespace {

using Names = std::set<std::string, std::less<>>;

template <class Visit>
void for_each_transaction(const Bundle& bundle, Visit visit) {
    if (bundle.contract) {
        for (const auto* const events : {&bundle.contract->events, &bundle.contract->refused}) {
            for (const BundleEvent& event : *events) {
                visit(*event.transaction);
            }
        }
    }
    if (bundle.record) {
        visit(*bundle.record->transaction);
    }
}

/// The same statement with fewer openings; whether any was dropped.
bool close_fields(ledger::TransactionPtr& transaction, const Names& reveal) {
    std::vector<ledger::Opening> kept = transaction->openings();
    if (std::erase_if(kept, [&](const ledger::Opening& opening) { return !reveal.contains(opening.name); }) == 0) {
        return false;
    }
    auto closed =
        ledger::Transaction::decode(ledger::encode_transaction(transaction->statement_bytes(), std::move(kept)));
    PROBATUM_CHECK(closed.has_value(), "fewer openings of a transaction are a transaction");
    transaction = *std::move(closed);
    return true;
}

}  // namespace

Names open_fields(const Bundle& bundle) {
    Names out;
    for_each_transaction(bundle, [&](const ledger::Transaction& transaction) {
        for (const ledger::Opening& opening : transaction.openings()) {
            out.insert(opening.name);
        }
    });
    return out;
}

Result<Bundle> disclose(const Bundle& bundle, const Names& reveal) {
    const Names open = open_fields(bundle);
    for (const std::string& name : reveal) {
        if (!open.contains(name)) {
            return fail(Errc::malformed, name, "the bundle opens no such field");
        }
    }
    Bundle out = bundle;
    bool dropped = false;
    if (out.contract) {
        for (auto* const events : {&out.contract->events, &out.contract->refused}) {
            for (BundleEvent& event : *events) {
                dropped = close_fields(event.transaction, reveal) || dropped;
            }
        }
    }
    if (out.record) {
        dropped = close_fields(out.record->transaction, reveal) || dropped;
    }
    if (!dropped) {
        return out;
    }
    out.additions.clear();
    ExpectedUses called_for;
    if (out.contract) {
        out.contract->state.reset();
        called_for = uses_of(*out.contract);
    } else if (out.record) {
        PROBATUM_LET(action, contracts::decode_action(*out.record->transaction));
        called_for = view_of_record(std::move(action), out.record->entry).uses;
    }
    std::erase_if(out.uses, [&](const UseList& list) { return !called_for.contains({list.kind, list.id}); });
    return out;
}

Text prevented_by(std::string_view field) {
    if (field == "principal" || field == "rows") {
        return {"the limit, the plan, what is due and overdue, and all balances",
                "额度、还款计划、到期与逾期金额及全部余额"};
    }
    if (field == "amount") {
        return {"the amounts paid, how they were applied, and all balances", "各笔金额、抵充方式及全部余额"};
    }
    if (field == "value_date") {
        return {"from when interest runs and in which order payments were applied", "起息日及款项抵充的先后顺序"};
    }
    if (field == "bank" || field == "bank_reference") {
        return {"whether the bank's receipt was used for another payment as well", "银行流水号是否另作他用"};
    }
    return {"whatever rule reads this field", "以该字段为依据的规则"};
}

}  // namespace probatum::evidence
