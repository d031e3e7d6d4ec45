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

/// What is open of the oldest instalment, or else the next row to come.
std::optional<DueRow> next_open_row(book::Versions versions, const book::Book& money) {
    if (!money.instalments.empty()) {
        const book::Instalment& one = money.instalments.front();
        return DueRow{one.due, one.principal_open_minor, one.interest_open_minor};
    }
    const std::vector<book::OutlookRow> rows = book::outlook(versions, money, 1);
    if (rows.empty()) {
        return std::nullopt;
    }
    return DueRow{rows.front().due, rows.front().principal_minor, rows.front().interest_minor};
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
    LoanSummary out{.phase = contract.state.phase, .limit_minor = contract.terms.loan().principal_minor};
    if (!contract.state.loan().money) {
        return out;
    }
    const std::vector<book::Terms> versions = versions_of(contract.terms.loan());
    const book::Book& stored = *contract.state.loan().money;
    const book::Book money = book::advance(versions, stored, date);
    out.disbursed_minor = money.sums.disbursed_minor;
    out.undrawn_minor = money.accounts.balance(Account::undrawn_commitment);
    out.principal_outstanding_minor = money.outstanding_minor();
    out.suspense_minor = money.suspense_minor;
    out.principal_due_minor = money.due_minor(book::Claim::principal);
    out.interest_due_minor = money.due_minor(book::Claim::interest);
    out.standing = book::standing(versions, stored, date);
    out.overdue = out.standing->days_past_due > 0;
    if (contract.state.phase == Phase::active && money.first_disbursed) {
        out.next_due = next_open_row(versions, money);
    }
    return out;
}

std::vector<PaidRow> paid_rows(const Contract& contract) {
    std::vector<PaidRow> out;
    const std::optional<book::Book>& money = contract.state.loan().money;
    MinorAmount principal = money ? money->sums.paid[book::Claim::principal] : 0;
    MinorAmount interest = money ? money->sums.paid[book::Claim::interest] : 0;
    for (const DueRow& row : contract.terms.loan().rows) {
        const bool owed = money && money->first_disbursed && row.due > *money->first_disbursed;
        out.push_back({take(principal, row.principal_minor), owed ? take(interest, row.interest_minor) : 0});
    }
    return out;
}

}  // namespace probatum::contracts
