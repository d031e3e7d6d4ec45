#pragma once

#include "contracts/rule_parts.h"

/// What the rules of receivables and of vouchers share. Threads: pure.
namespace probatum::contracts::rules {

/// The other side of a recorded payment, or the settlement bank, on what was recorded. The other side of the debtor is
/// who held the part or piece when it was recorded; a payee that did not hold it may deny what it is said to have
/// received, and not grant it for the holder. An objection ends with the acceptance of who made it, or of that holder.
/// Gives the posting as answered; wrong_counterparty, already_answered.
struct Answering {
    Totals& totals;  ///< Where the posting was counted.
    const std::string& debtor;
    const Attempt& attempt;
    const AcknowledgeBody& body;
};
[[nodiscard]] Result<Posting> answer_payment(Answering at, const Posting& target);

/// balance_outstanding while somebody's word about money stands alone or against another's: nothing is closed by it.
[[nodiscard]] Result<void> require_all_acknowledged(const Totals& totals);

/// How many parties stand in a capacity.
[[nodiscard]] std::ptrdiff_t count_of(const std::vector<Party>& parties, Capacity capacity);
/// terms_invalid unless there is one creditor, one debtor, at most one settlement bank, no organisation twice, and
/// otherwise only parties of the capacity `also`, where there is one.
[[nodiscard]] Result<void> check_claim_parties(const std::vector<Party>& parties, std::optional<Capacity> also);
[[nodiscard]] const std::string& organisation_as(const ContractTerms& terms, Capacity capacity);

}  // namespace probatum::contracts::rules
