#include "contracts/claim_parts.h"

#include <algorithm>

#include "base/check.h"

namespace probatum::contracts::rules {

Result<Posting> answer_payment(Answering at, const Posting& target) {
    const std::string& signer = at.attempt.resolved.organisation;
    const bool concerned =
        signer == at.debtor || signer == target.payee || at.attempt.terms.is_party(signer, Capacity::settlement_bank);
    if (signer == target.organisation || !concerned) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (target.status != PostingStatus::claimed) {
        return fail(Errc::already_answered, "target");
    }
    const bool accepted = at.body.answer == Answer::accept;
    at.totals.claimed_minor -= target.amount_minor;
    (accepted ? at.totals.acknowledged_minor : at.totals.objected_minor) += target.amount_minor;
    Posting answered = target;
    answered.status = accepted ? PostingStatus::acknowledged : PostingStatus::objected;
    answered.answered_by = at.attempt.mark();
    return answered;
}

std::ptrdiff_t count_of(const std::vector<Party>& parties, Capacity capacity) {
    return std::ranges::count(parties, capacity, &Party::capacity);
}

Result<void> check_claim_parties(const std::vector<Party>& parties, std::optional<Capacity> also) {
    if (count_of(parties, Capacity::creditor) != 1 || count_of(parties, Capacity::debtor) != 1 ||
        count_of(parties, Capacity::settlement_bank) > 1) {
        return fail(Errc::terms_invalid, "parties", "one creditor, one debtor, at most one settlement bank");
    }
    for (std::size_t i = 0; i < parties.size(); ++i) {
        const Capacity capacity = parties[i].capacity;
        if (capacity != Capacity::creditor && capacity != Capacity::debtor && capacity != Capacity::settlement_bank &&
            capacity != also) {
            return fail(Errc::terms_invalid, "parties", "a capacity that this kind of contract does not have");
        }
        const auto before = std::span{parties}.first(i);
        if (std::ranges::find(before, parties[i].organisation, &Party::organisation) != before.end()) {
            return fail(Errc::terms_invalid, "parties", "an organisation stands twice");
        }
    }
    return {};
}

const std::string& organisation_as(const ContractTerms& terms, Capacity capacity) {
    const auto found = std::ranges::find(terms.parties, capacity, &Party::capacity);
    PROBATUM_CHECK(found != terms.parties.end(), "the terms were checked when they were registered");
    return found->organisation;
}

}  // namespace probatum::contracts::rules
