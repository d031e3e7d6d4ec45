#pragma once

#include <optional>

#include "contracts/book/standing.h"
#include "contracts/contract_head.h"
#include "contracts/contract_rules.h"
#include "contracts/evidence_record.h"
#include "ledger/state_view.h"

/// Reading what the state holds, for those who show it. Values come from our own state: one that does not decode is our
/// own fault or the machine's and aborts.
namespace probatum::contracts {

struct StoredContract {
    ContractHead head;
    Contract contract;
};
/// Nothing where no contract has this id.
[[nodiscard]] std::optional<StoredContract> find_contract(const ledger::StateView& state, const Digest& id);

/// A movement of money by the sequence of its event, or nothing.
[[nodiscard]] std::optional<Posting> find_posting(const ledger::StateView& state, const Digest& contract,
                                                  std::uint64_t sequence);

/// The record of an accepted transaction under its idempotency key, or nothing.
[[nodiscard]] std::optional<Record> find_record(const ledger::StateView& state, std::string_view organisation,
                                                const ledger::IdempotencyKey& key);

/// How a loan stands on a day, as people ask for it. All amounts in minor units of the contract's currency.
struct LoanSummary {
    Phase phase{Phase::registered};
    MinorAmount limit_minor{0};
    MinorAmount disbursed_minor{0};
    MinorAmount undrawn_minor{0};
    MinorAmount principal_outstanding_minor{0};
    MinorAmount principal_due_minor{0};  ///< Of it, due on or before the day.
    MinorAmount interest_due_minor{0};
    MinorAmount suspense_minor{0};             ///< Overpaid, held for the payer.
    bool overdue{false};                       ///< Something was due before the day and is not paid.
    std::optional<DueRow> next_due{};          ///< The next row that is not fully paid, with what is open of it.
    std::optional<book::Standing> standing{};  ///< From activation on.
    friend bool operator==(const LoanSummary&, const LoanSummary&) = default;
};
/// Calls `advance`. Threads: pure.
[[nodiscard]] LoanSummary summarise(const Contract& contract, CivilDate date);

/// What is paid of each row of the plan, oldest first. Same length as the rows.
struct PaidRow {
    MinorAmount principal_minor{0};
    MinorAmount interest_minor{0};
};
[[nodiscard]] std::vector<PaidRow> paid_rows(const Contract& contract);

}  // namespace probatum::contracts
