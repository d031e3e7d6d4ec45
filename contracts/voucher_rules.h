#pragma once

#include "contracts/rule_parts.h"
#include "contracts/voucher_actions.h"

/// The rules of a voucher. Source: docs/spec/claims.md, "Vouchers". Threads: pure.
namespace probatum::contracts::rules {

/// What a rule of a voucher looks at and changes.
struct Circulating {
    VoucherBook& book;
    const VoucherTerms& terms;
    const Attempt& attempt;

    [[nodiscard]] const std::string& signer() const { return attempt.resolved.organisation; }
};

[[nodiscard]] Result<void> check_voucher_terms(const RegisterBody& body, const Resolved& resolved);
[[nodiscard]] VoucherBook new_voucher(const ContractTerms& terms);

/// Makes the contract active.
[[nodiscard]] Result<void> issue(ContractState& state, Circulating at);
[[nodiscard]] Result<void> accept_piece(Circulating at, const AcceptPieceBody& body);
[[nodiscard]] Result<void> withdraw_piece(Circulating at, const WithdrawPieceBody& body);
[[nodiscard]] Result<void> split(Circulating at, const SplitBody& body);
[[nodiscard]] Result<void> transfer(Circulating at, const TransferBody& body);
[[nodiscard]] Result<void> finance_piece(Circulating at, const FinancePieceBody& body);
/// Gives the posting that it makes.
[[nodiscard]] Result<Posting> redeem(Circulating at, const RedeemBody& body, const Digest& reference);
[[nodiscard]] Result<void> cancel_piece(Circulating at, const CancelPieceBody& body);

}  // namespace probatum::contracts::rules
