#pragma once

#include <vector>

#include "contracts/payment.h"
#include "contracts/terms.h"

/// What can be done with a voucher. Numbers of pieces are those of the contract's book. Source: docs/spec/claims.md.
namespace probatum::contracts {

/// voucher.issue: the issuer gives its promise to the first holder.
struct IssueBody {
    friend bool operator==(const IssueBody&, const IssueBody&) = default;
};
/// voucher.accept: whoever the piece is offered to.
struct AcceptPieceBody {
    std::uint64_t piece{1};
    Answer answer{Answer::accept};
    friend bool operator==(const AcceptPieceBody&, const AcceptPieceBody&) = default;
};
/// voucher.withdraw: the holder takes an offer back.
struct WithdrawPieceBody {
    std::uint64_t piece{1};
    friend bool operator==(const WithdrawPieceBody&, const WithdrawPieceBody&) = default;
};
/// voucher.split. Sealed: "amounts", 2..32 that add up to the piece. They stay with the holder.
struct SplitBody {
    Currency currency;
    std::uint64_t piece{1};
    std::vector<MinorAmount> amounts_minor{};
    friend bool operator==(const SplitBody&, const SplitBody&) = default;
};
/// voucher.transfer
struct TransferBody {
    std::uint64_t piece{1};
    std::string to{};
    friend bool operator==(const TransferBody&, const TransferBody&) = default;
};
/// voucher.finance: to a lender for money. Sealed: "price".
struct FinancePieceBody {
    Currency currency;
    std::uint64_t piece{1};
    std::string lender{};
    MinorAmount price_minor{0};
    bool recourse{false};
    Digest document{};  ///< SHA-256 of the agreement.
    friend bool operator==(const FinancePieceBody&, const FinancePieceBody&) = default;
};
/// voucher.redeem: a piece was paid. Sealed as in fund.repay.
struct RedeemBody : Payment {
    std::uint64_t piece{1};
    friend bool operator==(const RedeemBody&, const RedeemBody&) = default;
};
/// voucher.cancel: the holder gives a piece up; the issuer takes back what nobody has accepted.
struct CancelPieceBody {
    std::uint64_t piece{1};
    friend bool operator==(const CancelPieceBody&, const CancelPieceBody&) = default;
};

}  // namespace probatum::contracts
