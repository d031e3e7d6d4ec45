#include <algorithm>

#include "contracts/invariants.h"
#include "contracts/receivable.h"

/// The invariants of a receivable: the parts against the whole, and who moved what. Looked at from the outcome; the
/// walk along the chain that the rules make is not used for what the debtor may rely on.
namespace probatum::contracts {
namespace {

__extension__ using Wide = __int128;

Wide sum(const Totals& totals) {
    return Wide{totals.claimed_minor} + totals.acknowledged_minor + totals.objected_minor;
}

/// I2, I4, I14: what was moved stands in other parts, and all parts together are the receivable.
Result<void> check_parts(const ReceivableTerms& terms, const ReceivableBook& book) {
    std::vector<Wide> moved(book.parts.size(), 0);
    Wide whole = 0;
    Wide paid = 0;
    Wide set_off = 0;
    for (std::size_t i = 0; i < book.parts.size(); ++i) {
        const Part& part = book.parts[i];
        if (i > 0) {
            PROBATUM_TRY(demand(part.parent >= 1 && part.parent <= i, "I14", "a part of nothing"));
            moved[part.parent - 1] += part.amount_minor;
        }
        PROBATUM_TRY(demand(part.amount_minor > 0 && part.paid_minor >= 0 && part.set_off_minor >= 0 &&
                                part.to_pass_on_minor >= 0 && part.to_pass_on_minor <= part.paid_minor,
                            "I2", "a negative amount"));
        PROBATUM_TRY(demand(part.open_minor() >= 0, "I4", "more was taken than there is"));
        whole += Wide{part.open_minor()} + part.paid_minor + part.set_off_minor;
        paid += part.paid_minor;
        set_off += part.set_off_minor;
    }
    for (std::size_t i = 0; i < book.parts.size(); ++i) {
        PROBATUM_TRY(demand(moved[i] == book.parts[i].moved_minor, "I14", "what was moved is not in other parts"));
    }
    PROBATUM_TRY(demand(whole == terms.amount_minor, "I14", "the parts are not the whole"));
    return demand(sum(book.payments) == paid && sum(book.set_offs) == set_off, "I4", "totals by answer do not add up");
}

/// I16: nobody is bound without notice, and never before the notice.
Result<void> check_notices(const ReceivableTerms& terms, const ReceivableBook& book) {
    for (const Assignment& assignment : book.assignments) {
        const bool noticed = assignment.notified.has_value();
        PROBATUM_TRY(demand(!assignment.binds_from || noticed, "I16", "bound without notice"));
        PROBATUM_TRY(demand(!noticed || assignment.state == AssignmentState::effective, "I16",
                            "notice of what is not effective"));
        PROBATUM_TRY(demand(!assignment.competes || assignment.registration, "I15", "a rank without registration"));
        PROBATUM_TRY(demand(assignment.assignee != book.debtor, "I14", "the debtor holds its own debt"));
        if (terms.notice == NoticeRule::record) {
            PROBATUM_TRY(demand(noticed == assignment.binds_from.has_value(), "I16", "a notice that does not bind"));
        }
    }
    return {};
}

/// Whether the step lies on the way to the part: in it, or among what its first holder rests on.
bool leads_to(const ReceivableBook& book, std::uint64_t step, std::uint64_t part) {
    if (book.assignments[step - 1].part == part) {
        return true;
    }
    const std::vector<std::uint64_t> before = chain_of(book, book.parts[part - 1].source);
    return std::ranges::find(before, step) != before.end();
}

/// I16 of one payment: the payee had become known to the debtor by the value date, and nobody after it before that day.
bool may_take(const ReceivableBook& book, std::uint64_t part, const std::string& payee, CivilDate value_date) {
    const auto bound = [&](std::uint64_t step, CivilDate until) {
        const Assignment& at = book.assignments[step - 1];
        return at.state == AssignmentState::effective && at.binds_from && *at.binds_from <= until;
    };
    const CivilDate day_before{value_date.days() - 1};
    const auto superseded = [&](std::uint64_t candidate) {
        for (std::uint64_t step = 1; step <= book.assignments.size(); ++step) {
            if (step == candidate || !leads_to(book, step, part) || !bound(step, day_before)) {
                continue;
            }
            const bool next = book.assignments[step - 1].source == candidate;
            const bool rival = candidate != 0 && ranks_before(book, step, candidate) &&
                               book.assignments[step - 1].source == book.assignments[candidate - 1].source;
            if (next || rival) {
                return true;
            }
        }
        return false;
    };
    for (std::uint64_t candidate = 0; candidate <= book.assignments.size(); ++candidate) {
        const bool known = candidate == 0 || (leads_to(book, candidate, part) && bound(candidate, value_date));
        if (known && book.holder_by(candidate) == payee && !superseded(candidate)) {
            return true;
        }
    }
    return false;
}

/// I4: what ends a part is the word of who owes it, who holds it or the bank; what closes the whole is nobody's word
/// alone.
Result<void> check_words(const Transition& t) {
    const ReceivableBook& book = t.after.receivable();
    const bool answered = book.payments.claimed_minor == 0 && book.payments.objected_minor == 0 &&
                          book.set_offs.claimed_minor == 0 && book.set_offs.objected_minor == 0;
    PROBATUM_TRY(demand(t.after.phase != Phase::settled || answered, "I4", "settled over what nobody acknowledged"));
    const auto* body = std::get_if<PayClaimBody>(&t.action.body);
    if (body == nullptr) {
        return {};
    }
    const std::string& signer = t.resolved.organisation;
    const bool may = signer == book.debtor || signer == holder_of(t.before->state.receivable(), body->part) ||
                     t.terms.is_party(signer, Capacity::settlement_bank);
    return demand(may, "I4", "a payment by the word of who has sold the part");
}

/// I6, I12 and I16 of a payment.
Result<void> check_payment(const Transition& t) {
    const auto* body = std::get_if<PayClaimBody>(&t.action.body);
    if (body == nullptr) {
        return {};
    }
    PROBATUM_TRY(demand(t.postings.size() == 1, "I7", "money moved without a posting"));
    PROBATUM_TRY(demand(t.resolved.bank_reference_used == false, "I6", "a bank reference used before"));
    const Posting& posting = t.postings[0].posting;
    PROBATUM_TRY(demand(posting.value_date >= t.terms.receivable().contract_date && posting.value_date <= t.date, "I12",
                        "value date"));
    return demand(may_take(t.before->state.receivable(), body->part, body->payee, posting.value_date), "I16",
                  "paid to somebody who could not discharge the debtor");
}

/// Who holds a part changes by the word of who gains it or of who loses it; whom the debtor must pay, by a notice
/// alone.
Result<void> check_moves(const Transition& t) {
    const ReceivableBook& before = t.before->state.receivable();
    const ReceivableBook& after = t.after.receivable();
    const bool ranked = std::holds_alternative<RegisterAssignmentBody>(t.action.body);
    const bool noticed =
        std::holds_alternative<NotifyBody>(t.action.body) || std::holds_alternative<RespondBody>(t.action.body);
    for (std::uint64_t part = 1; part <= before.parts.size(); ++part) {
        const std::string& held = holder_of(before, part);
        const std::string& holds = holder_of(after, part);
        const bool agreed =
            std::holds_alternative<AcceptAssignmentBody>(t.action.body) && t.resolved.organisation == holds;
        const bool given = std::holds_alternative<BuyBackBody>(t.action.body) && t.resolved.organisation == held;
        PROBATUM_TRY(demand(held == holds || agreed || given || ranked || noticed, "I14", "moved by somebody else"));
        PROBATUM_TRY(
            demand(payee_of(before, part) == payee_of(after, part) || noticed || ranked, "I16", "bound by no notice"));
    }
    return {};
}

}  // namespace

Result<void> check_receivable_invariants(const Transition& t) {
    const ReceivableBook& book = t.after.receivable();
    PROBATUM_TRY(check_parts(t.terms.receivable(), book));
    PROBATUM_TRY(check_notices(t.terms.receivable(), book));
    if (t.before == nullptr) {
        return {};
    }
    PROBATUM_TRY(check_payment(t));
    PROBATUM_TRY(check_words(t));
    return check_moves(t);
}

}  // namespace probatum::contracts
