#include "contracts/view.h"

#include <algorithm>

#include "base/check.h"
#include "contracts/state_keys.h"

namespace probatum::contracts {
namespace {

template <class Value>
Value held(Result<Value> decoded) {
    PROBATUM_CHECK(decoded.has_value(), "the state holds only what we wrote");
    return *std::move(decoded);
}

Bytes require(const ledger::StateView& state, const Digest& key) {
    std::optional<Bytes> value = state.get(key);
    PROBATUM_CHECK(value.has_value(), "a contract's values are written together");
    return *std::move(value);
}

MinorAmount take(MinorAmount& left, MinorAmount at_most) {
    const MinorAmount part = std::min(left, at_most);
    left -= part;
    return part;
}

/// The first row of which something is open; its principal no further than what was disbursed.
std::optional<DueRow> next_open_row(const Contract& contract) {
    const std::vector<PaidRow> paid = paid_rows(contract);
    MinorAmount disbursed = contract.state.loan().disbursed_minor;
    for (std::size_t i = 0; i < paid.size(); ++i) {
        const DueRow& row = contract.terms.loan().rows[i];
        const MinorAmount principal = take(disbursed, row.principal_minor) - paid[i].principal_minor;
        const bool charged = row.due > *contract.state.loan().first_value_date;
        const MinorAmount interest = charged ? row.interest_minor - paid[i].interest_minor : 0;
        if (principal > 0 || interest > 0) {
            return DueRow{row.due, principal, interest};
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<StoredContract> find_contract(const ledger::StateView& state, const Digest& id) {
    const std::optional<Bytes> head = state.get(state_keys::contract(id));
    if (!head) {
        return std::nullopt;
    }
    return StoredContract{held(decode_contract_head(*head)),
                          {held(decode_contract_terms(require(state, state_keys::contract_terms(id)))),
                           held(decode_contract_state(require(state, state_keys::contract_state(id))))}};
}

std::optional<Posting> find_posting(const ledger::StateView& state, const Digest& contract, std::uint64_t sequence) {
    const std::optional<Bytes> value = state.get(state_keys::posting(contract, sequence));
    return value ? std::optional{held(decode_posting(*value))} : std::nullopt;
}

std::optional<Record> find_record(const ledger::StateView& state, std::string_view organisation,
                                  const ledger::IdempotencyKey& key) {
    const std::optional<Bytes> value = state.get(state_keys::record(organisation, key));
    return value ? std::optional{held(decode_record(*value))} : std::nullopt;
}

LoanSummary summarise(const Contract& contract, CivilDate date) {
    const ContractState state = advance(contract.terms, contract.state, date);
    LoanSummary out{.phase = state.phase,
                    .limit_minor = contract.terms.loan().principal_minor,
                    .disbursed_minor = state.loan().disbursed_minor,
                    .undrawn_minor = state.loan().accounts.balance(Account::undrawn_commitment),
                    .principal_outstanding_minor = state.loan().accounts.balance(Account::principal_receivable),
                    .suspense_minor = -state.loan().accounts.balance(Account::suspense)};
    if (state.phase != Phase::active || !state.loan().first_value_date) {
        return out;
    }
    const Owed due = owed_by(contract.terms.loan(), state.loan().repaid(), date);
    out.principal_due_minor = due.principal_minor;
    out.interest_due_minor = due.interest_minor;
    out.overdue = owed_by(contract.terms.loan(), state.loan().repaid(), CivilDate{date.days() - 1}) != Owed{};
    out.next_due = next_open_row(contract);
    return out;
}

std::vector<PaidRow> paid_rows(const Contract& contract) {
    std::vector<PaidRow> out;
    MinorAmount principal = contract.state.loan().principal_paid_minor;
    MinorAmount interest = contract.state.loan().interest_paid_minor;
    for (const DueRow& row : contract.terms.loan().rows) {
        const bool charged =
            contract.state.loan().first_value_date && row.due > *contract.state.loan().first_value_date;
        out.push_back({take(principal, row.principal_minor), charged ? take(interest, row.interest_minor) : 0});
    }
    return out;
}

}  // namespace probatum::contracts
