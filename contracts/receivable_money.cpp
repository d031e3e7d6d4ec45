#include <algorithm>

#include "contracts/receivable_rules.h"

namespace probatum::contracts::rules {
namespace {

CivilDate day_before(CivilDate date) { return CivilDate{date.days() - 1}; }

Result<void> check_room(Claiming at, std::uint64_t part, MinorAmount amount) {
    if (part == 0 || part > at.book.parts.size()) {
        return fail(Errc::part_unknown, "part");
    }
    if (amount <= 0) {
        return fail(Errc::amount_invalid, "amount");
    }
    if (amount > at.book.parts[part - 1].open_minor()) {
        return fail(Errc::over_payment, "amount");
    }
    return {};
}

Result<void> check_payment(Claiming at, const PayClaimBody& body) {
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    PROBATUM_TRY(check_room(at, body.part, body.amount_minor));
    if (body.value_date < at.terms.contract_date || body.value_date > at.attempt.date) {
        return fail(Errc::value_date_invalid, "value_date");
    }
    return {};
}

/// Whether the debtor's counterclaim may be set off against this organisation (Civil Code art. 549 is the model).
Result<void> check_counterclaim(Claiming at, const SetOffBody& body) {
    if (at.book.confirmation && at.book.confirmation->no_defences) {
        return fail(Errc::defences_waived, "part");
    }
    if (body.due > at.attempt.date || body.arose > body.due) {
        return fail(Errc::value_date_invalid, "due", "the counterclaim has not fallen due");
    }
    if (body.against == payee_of(at.book, body.part)) {
        return {};
    }
    // Against an earlier creditor: its claim must be older than the notice that took the receivable away, and due no
    // later than the receivable, or rest on the same contract.
    const std::vector<std::uint64_t> chain = chain_of(at.book, holding(at.book, body.part, {.of_debtor = true}));
    for (const std::uint64_t number : chain) {
        const Assignment& step = at.book.assignments[number - 1];
        if (at.book.holder_by(step.source) != body.against) {
            continue;
        }
        const bool older = body.arose <= *step.binds_from && body.due <= at.terms.due;
        return older || body.same_contract ? Result<void>{} : fail(Errc::not_the_payee, "against");
    }
    return fail(Errc::not_the_payee, "against");
}

}  // namespace

bool discharges(const ReceivableBook& book, std::uint64_t part, const std::string& payee, CivilDate value_date) {
    const auto known = [&](CivilDate until) {
        return book.holder_by(holding(book, part, {.of_debtor = true, .until = until}));
    };
    return known(value_date) == payee || known(day_before(value_date)) == payee;
}

Result<Posting> pay_claim(Claiming at, const PayClaimBody& body, const Digest& reference) {
    PROBATUM_TRY(check_payment(at, body));
    const ContractTerms& terms = at.attempt.terms;
    const bool by_bank = terms.is_party(at.signer(), Capacity::settlement_bank);
    // Who has sold the part does not say alone that it was paid to it: that would end what is another's.
    const std::string holder = holder_of(at.book, body.part);
    if (at.signer() != at.book.debtor && at.signer() != holder && !by_bank) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (!discharges(at.book, body.part, body.payee, body.value_date)) {
        return fail(Errc::not_the_payee, "payee");
    }
    if (at.attempt.resolved.bank_reference_used.value_or(true)) {
        return fail(Errc::bank_reference_used, "bank_reference");
    }
    Part& part = at.book.parts[body.part - 1];
    part.paid_minor += body.amount_minor;
    if (body.payee != holder) {
        part.to_pass_on_minor += body.amount_minor;
    }
    lapse_offers(at.book, body.part);
    at.book.payments.claimed_minor += body.amount_minor;
    return Posting{.kind = PostingKind::claim_payment,
                   .organisation = at.signer(),
                   .amount_minor = body.amount_minor,
                   .value_date = body.value_date,
                   .recorded = at.attempt.date,
                   .reference = reference,
                   .payee = body.payee,
                   .holder = holder};
}

Result<Posting> set_off(Claiming at, const SetOffBody& body) {
    if (at.signer() != at.book.debtor) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    PROBATUM_TRY(check_room(at, body.part, body.amount_minor));
    PROBATUM_TRY(check_counterclaim(at, body));
    at.book.parts[body.part - 1].set_off_minor += body.amount_minor;
    lapse_offers(at.book, body.part);
    at.book.set_offs.claimed_minor += body.amount_minor;
    return Posting{.kind = PostingKind::set_off,
                   .organisation = at.signer(),
                   .amount_minor = body.amount_minor,
                   .value_date = at.attempt.date,
                   .recorded = at.attempt.date,
                   .reference = body.document,
                   .payee = holder_of(at.book, body.part),
                   .holder = holder_of(at.book, body.part)};
}

}  // namespace probatum::contracts::rules
