#pragma once

#include "contracts/rule_parts.h"

/// What the rules of receivables and of vouchers share. Threads: pure.
namespace probatum::contracts::rules {

/// The other side of a recorded payment, or the settlement bank, on what was recorded. Gives the posting as answered.
struct Answering {
    Totals& totals;  ///< Where the posting was counted.
    const std::string& debtor;
    const Attempt& attempt;
    const AcknowledgeBody& body;
};
[[nodiscard]] Result<Posting> answer_payment(Answering at, const Posting& target);

/// How many parties stand in a capacity.
[[nodiscard]] std::ptrdiff_t count_of(const std::vector<Party>& parties, Capacity capacity);
/// terms_invalid unless there is one creditor, one debtor, at most one settlement bank, no organisation twice, and
/// otherwise only parties of the capacity `also`, where there is one.
[[nodiscard]] Result<void> check_claim_parties(const std::vector<Party>& parties, std::optional<Capacity> also);
[[nodiscard]] const std::string& organisation_as(const ContractTerms& terms, Capacity capacity);

}  // namespace probatum::contracts::rules
