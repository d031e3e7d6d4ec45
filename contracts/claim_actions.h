#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/payment.h"
#include "contracts/receivable.h"

/// What can be done with a receivable. Numbers of parts and assignments are those of the
/// contract's book. Source: docs/spec/claims.md.
namespace probatum::contracts {

/// claim.confirm: the debtor on the receivable itself. Sealed: "amount", confirmed where it accepts, disputed where it
/// objects.
struct ConfirmBody {
    Currency currency;
    Answer answer{Answer::accept};
    bool existence{false};
    bool amount{false};
    bool no_defences{false};
    MinorAmount amount_minor{0};
    std::optional<Digest> document{};  ///< SHA-256 of the confirmation, or of the grounds.
    friend bool operator==(const ConfirmBody&, const ConfirmBody&) = default;
};

/// claim.assign: by whoever holds the part. Sealed: "amount", the whole of the part's open amount or less.
struct AssignBody {
    Currency currency;
    std::uint64_t part{1};
    std::string assignee{};
    MinorAmount amount_minor{0};
    bool recourse{false};
    /// By somebody who has assigned the part before: the assignment beside which this one is made. It then needs a
    /// registration, and ranks by it.
    std::optional<std::uint64_t> competes_with{};
    std::optional<Registration> registration{};
    Digest document{};  ///< SHA-256 of the agreement.
    friend bool operator==(const AssignBody&, const AssignBody&) = default;
};

/// claim.accept: the assignee on what it is offered.
struct AcceptAssignmentBody {
    std::uint64_t assignment{0};
    Answer answer{Answer::accept};
    friend bool operator==(const AcceptAssignmentBody&, const AcceptAssignmentBody&) = default;
};
/// claim.withdraw: the assignor, while nobody has accepted.
struct WithdrawAssignmentBody {
    std::uint64_t assignment{0};
    friend bool operator==(const WithdrawAssignmentBody&, const WithdrawAssignmentBody&) = default;
};
/// claim.notify: notice to the debtor, of this assignment and of those that it rests on.
struct NotifyBody {
    std::uint64_t assignment{0};
    std::optional<Digest> document{};  ///< SHA-256 of the notice.
    friend bool operator==(const NotifyBody&, const NotifyBody&) = default;
};
/// claim.respond: the debtor's answer to a notice.
struct RespondBody {
    std::uint64_t assignment{0};
    Answer answer{Answer::accept};
    friend bool operator==(const RespondBody&, const RespondBody&) = default;
};
/// claim.register: an assignment was entered in a public register.
struct RegisterAssignmentBody {
    std::uint64_t assignment{0};
    Registration registration{};
    friend bool operator==(const RegisterAssignmentBody&, const RegisterAssignmentBody&) = default;
};
/// claim.buy_back: the holder by an assignment with recourse gives the part back to its assignor.
struct BuyBackBody {
    std::uint64_t assignment{0};
    friend bool operator==(const BuyBackBody&, const BuyBackBody&) = default;
};
/// claim.pay: the debtor has paid. Sealed as in fund.repay.
struct PayClaimBody : Payment {
    std::uint64_t part{1};
    std::string payee{};
    friend bool operator==(const PayClaimBody&, const PayClaimBody&) = default;
};
/// claim.set_off: the debtor sets a claim of its own off against the part. Sealed: "amount".
struct SetOffBody {
    Currency currency;
    std::uint64_t part{1};
    MinorAmount amount_minor{0};
    std::string against{};  ///< Who owes the counterclaim: whom the debtor must pay, or an earlier creditor.
    CivilDate arose{};      ///< The counterclaim.
    CivilDate due{};
    bool same_contract{false};  ///< It rests on the contract that the receivable rests on.
    Digest document{};          ///< SHA-256 of the declaration.
    friend bool operator==(const SetOffBody&, const SetOffBody&) = default;
};

}  // namespace probatum::contracts
