#pragma once

#include "contracts/claim_actions.h"
#include "contracts/rule_parts.h"

/// The rules of a receivable. Source: docs/spec/claims.md, "Receivables". Threads: pure.
namespace probatum::contracts::rules {

/// What a rule of a receivable looks at and changes.
struct Claiming {
    ReceivableBook& book;
    const ReceivableTerms& terms;
    const Attempt& attempt;

    [[nodiscard]] const std::string& signer() const { return attempt.resolved.organisation; }
};

[[nodiscard]] Result<void> check_receivable_terms(const RegisterBody& body, const Resolved& resolved);
[[nodiscard]] ReceivableBook new_receivable(const ContractTerms& terms);

[[nodiscard]] Result<void> confirm(Claiming at, const ConfirmBody& body);
[[nodiscard]] Result<void> assign(Claiming at, const AssignBody& body);
[[nodiscard]] Result<void> accept_assignment(Claiming at, const AcceptAssignmentBody& body);
[[nodiscard]] Result<void> withdraw_assignment(Claiming at, const WithdrawAssignmentBody& body);
[[nodiscard]] Result<void> notify(Claiming at, const NotifyBody& body);
[[nodiscard]] Result<void> respond(Claiming at, const RespondBody& body);
[[nodiscard]] Result<void> register_assignment(Claiming at, const RegisterAssignmentBody& body);
[[nodiscard]] Result<void> buy_back(Claiming at, const BuyBackBody& body);
/// Gives the posting that it makes.
[[nodiscard]] Result<Posting> pay_claim(Claiming at, const PayClaimBody& body, const Digest& reference);
[[nodiscard]] Result<Posting> set_off(Claiming at, const SetOffBody& body);

/// An offer of a part of which something has gone is no longer what was offered: it lapses.
void lapse_offers(ReceivableBook& book, std::uint64_t part);

/// Whom a payment of that value date discharges the debtor against: whoever the debtor had to pay by the notices until
/// then. On the day of a notice both the old and the new one (I16).
[[nodiscard]] bool discharges(const ReceivableBook& book, std::uint64_t part, const std::string& payee,
                              CivilDate value_date);

}  // namespace probatum::contracts::rules
