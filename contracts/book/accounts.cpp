#include "contracts/book/accounts.h"

#include "base/check.h"

namespace probatum::book {
namespace {

__extension__ using Wide = __int128;

constexpr std::array<std::string_view, kAccounts> kNames{"principal-receivable",
                                                         "interest-receivable",
                                                         "penalty-receivable",
                                                         "fee-receivable",
                                                         "cash-clearing",
                                                         "income",
                                                         "suspense",
                                                         "loss",
                                                         "undrawn-commitment",
                                                         "guarantee-exposure",
                                                         "commitment-contra",
                                                         "set-off-clearing"};

}  // namespace

std::string_view name(Account account) { return kNames.at(static_cast<std::size_t>(account) - 1); }

Accounts Accounts::of(const std::array<MinorAmount, kAccounts>& balances) {
    Accounts out;
    out.balances_ = balances;
    return out;
}

bool Accounts::balanced() const {
    Wide sum = 0;
    for (const MinorAmount balance : balances_) {
        sum += balance;
    }
    return sum == 0;
}

void Accounts::post(const Transfer& transfer) {
    PROBATUM_CHECK(transfer.amount_minor >= 0, "amounts are checked before they are posted");
    MinorAmount& debit = balances_.at(index(transfer.debit));
    MinorAmount& credit = balances_.at(index(transfer.credit));
    const std::optional<MinorAmount> debited = add(debit, transfer.amount_minor);
    const std::optional<MinorAmount> credited = subtract(credit, transfer.amount_minor);
    PROBATUM_CHECK(debited && credited, "limited amounts and movements fit into 64 bits");
    debit = *debited;
    credit = *credited;
}

}  // namespace probatum::book
