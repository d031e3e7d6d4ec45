#include "contracts/claim_parts.h"

#include <algorithm>

#include "base/check.h"

namespace probatum::contracts::rules {

Result<Posting> answer_payment(Answering at, const Posting& target) {
    const std::string& signer = at.attempt.resolved.organisation;
    const bool accepted = at.body.answer == Answer::accept;
    const bool concerned = signer == at.debtor || signer == target.holder || (!accepted && signer == target.payee) ||
                           at.attempt.terms.is_party(signer, Capacity::settlement_bank);
    if (signer == target.organisation || !concerned) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    const bool taken_back = accepted && target.status == PostingStatus::objected &&
                            (signer == target.holder || signer == target.answered_by->organisation);
    if (target.status != PostingStatus::claimed && !taken_back) {
        return fail(Errc::already_answered, "target");
    }
    (taken_back ? at.totals.objected_minor : at.totals.claimed_minor) -= target.amount_minor;
    (accepted ? at.totals.acknowledged_minor : at.totals.objected_minor) += target.amount_minor;
    Posting answered = target;
    answered.status = accepted ? PostingStatus::acknowledged : PostingStatus::objected;
    answered.answered_by = at.attempt.mark();
    return answered;
}

Result<void> require_all_acknowledged(const Totals& totals) {
    if (totals.claimed_minor != 0) {
        return fail(Errc::balance_outstanding, "claimed");
    }
    if (totals.objected_minor != 0) {
        return fail(Errc::balance_outstanding, "objected");
    }
    return {};
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
