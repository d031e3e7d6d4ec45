#include "contracts/postings.h"

#include "base/check.h"

namespace probatum::contracts {
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
                                                         "commitment-contra"};

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

Result<void> Accounts::post(std::span<const Transfer> transfers) {
    Accounts after = *this;
    for (const Transfer& transfer : transfers) {
        PROBATUM_CHECK(transfer.amount_minor >= 0, "amounts are checked before they are posted");
        MinorAmount& debit = after.balances_.at(index(transfer.debit));
        const std::optional<MinorAmount> debited = add(debit, transfer.amount_minor);
        if (!debited) {
            return fail(Errc::amount_invalid, "amount", "a balance would exceed 64 bits");
        }
        debit = *debited;
        MinorAmount& credit = after.balances_.at(index(transfer.credit));
        const std::optional<MinorAmount> credited = subtract(credit, transfer.amount_minor);
        if (!credited) {
            return fail(Errc::amount_invalid, "amount", "a balance would exceed 64 bits");
        }
        credit = *credited;
    }
    *this = after;
    return {};
}

}  // namespace probatum::contracts
