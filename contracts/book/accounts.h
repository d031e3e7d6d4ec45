#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/money.h"

/// Double-entry book-keeping of one contract in its one currency.
namespace probatum::book {

/// The accounts of DOMAIN section 5, the other side of those that stand off the balance sheet, and where a claim from
/// outside the contract is cleared.
enum class Account : std::uint8_t {
    principal_receivable = 1,
    interest_receivable = 2,
    penalty_receivable = 3,
    fee_receivable = 4,  ///< Fees and costs.
    cash_clearing = 5,
    income = 6,
    suspense = 7,
    loss = 8,
    undrawn_commitment = 9,
    guarantee_exposure = 10,
    commitment_contra = 11,
    set_off_clearing = 12,
};
inline constexpr std::size_t kAccounts = 12;
[[nodiscard]] std::string_view name(Account account);  ///< "principal-receivable"

/// Balances in minor units; a debit balance is positive, a credit balance negative.
class Accounts {
public:
    [[nodiscard]] MinorAmount balance(Account account) const { return balances_.at(index(account)); }
    [[nodiscard]] const std::array<MinorAmount, kAccounts>& all() const { return balances_; }
    [[nodiscard]] static Accounts of(const std::array<MinorAmount, kAccounts>& balances);
    /// I1: the balances add up to zero. Computed wide, so that it cannot overflow.
    [[nodiscard]] bool balanced() const;

    /// One amount from the credited account to the debited one.
    struct Transfer {
        Account debit;
        Account credit;
        MinorAmount amount_minor;
    };
    /// Precondition: amount_minor >= 0, and the limits on amounts and movements were kept, so that nothing overflows.
    void post(const Transfer& transfer);

    friend bool operator==(const Accounts&, const Accounts&) = default;

private:
    static std::size_t index(Account account) { return static_cast<std::size_t>(account) - 1; }
    std::array<MinorAmount, kAccounts> balances_{};
};

}  // namespace probatum::book
