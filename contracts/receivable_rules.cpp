#include "contracts/receivable_rules.h"

#include <algorithm>

namespace probatum::contracts::rules {
namespace {

Assignment* find_assignment(ReceivableBook& book, std::uint64_t number) {
    return number == 0 || number > book.assignments.size() ? nullptr : &book.assignments[number - 1];
}

Result<Assignment*> require_assignment(Claiming at, std::uint64_t number) {
    Assignment* const found = find_assignment(at.book, number);
    if (found == nullptr) {
        return fail(Errc::part_unknown, "assignment");
    }
    return found;
}

Result<Assignment*> require_effective(Claiming at, std::uint64_t number) {
    PROBATUM_LET(found, require_assignment(at, number));
    if (found->state != AssignmentState::effective) {
        return fail(Errc::wrong_state, "assignment");
    }
    return found;
}

Result<void> require_signer(Claiming at, std::initializer_list<std::string_view> allowed) {
    if (std::ranges::find(allowed, at.signer()) == allowed.end()) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    return {};
}

Result<void> check_registration(Claiming at, const Registration& registration) {
    if (date_at(registration.at, at.terms.utc_offset_minutes) > at.attempt.date) {
        return fail(Errc::value_date_invalid, "registration.at", "in the future");
    }
    return {};
}

/// The assignment by which the signer may assign the part: the one that holds it, or beside an earlier one its source.
Result<std::uint64_t> source_of(Claiming at, const AssignBody& body) {
    if (!body.competes_with) {
        const std::uint64_t source = holding(at.book, body.part);
        if (at.book.holder_by(source) != at.signer()) {
            return fail(Errc::not_the_holder, "part");
        }
        return source;
    }
    PROBATUM_LET(earlier, require_effective(at, *body.competes_with));
    if (earlier->part != body.part || earlier->returns) {
        return fail(Errc::part_unknown, "competes_with");
    }
    if (at.book.holder_by(earlier->source) != at.signer()) {
        return fail(Errc::not_the_holder, "competes_with");
    }
    // Only a public register can put a second assignment of the same money into an order.
    if (!body.registration) {
        return fail(Errc::terms_invalid, "registration", "a competing assignment ranks by its registration");
    }
    return earlier->source;
}

Result<void> check_amount(const AssignBody& body, const Part& part) {
    if (body.amount_minor <= 0) {
        return fail(Errc::amount_invalid, "amount");
    }
    if (body.amount_minor > part.open_minor()) {
        return fail(Errc::over_assignment, "amount");
    }
    if (body.competes_with && body.amount_minor != part.open_minor()) {
        return fail(Errc::amount_invalid, "amount", "a competing assignment is of the whole part");
    }
    return {};
}

Result<void> check_assignee(Claiming at, const AssignBody& body) {
    if (body.assignee == at.book.debtor || body.assignee == at.signer()) {
        return fail(Errc::terms_invalid, "assignee", "the debtor or the assignor itself");
    }
    if (!at.attempt.resolved.parties_registered.value_or(false)) {
        return fail(Errc::terms_invalid, "assignee", "the organisation is not registered");
    }
    return {};
}

/// The whole part where all that is open of it is assigned; otherwise a new part of the amount.
std::uint64_t part_for(ReceivableBook& book, const AssignBody& body, std::uint64_t source) {
    Part& from = book.parts[body.part - 1];
    if (body.amount_minor == from.open_minor()) {
        return body.part;
    }
    lapse_offers(book, body.part);
    from.moved_minor += body.amount_minor;
    book.parts.push_back({.parent = body.part, .source = source, .amount_minor = body.amount_minor});
    return book.parts.size();
}

/// Room is kept for every buy-back that was promised, and nobody's idle offers take the room of the others.
Result<void> check_room_for(Claiming at, const AssignBody& body) {
    const std::vector<Assignment>& all = at.book.assignments;
    std::size_t promised = body.recourse ? 1 : 0;
    std::size_t idle = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool stands = all[i].state == AssignmentState::offered || all[i].state == AssignmentState::effective;
        const bool undone = std::ranges::any_of(all, [&](const Assignment& other) { return other.returns == i + 1; });
        promised += all[i].recourse && stands && !undone ? 1 : 0;
        // What lapsed was not the assignor's doing.
        const bool in_vain = all[i].state == AssignmentState::declined || all[i].state == AssignmentState::withdrawn;
        idle += in_vain && all[i].made.organisation == at.signer() ? 1 : 0;
    }
    const bool makes_part = body.amount_minor != at.book.parts[body.part - 1].open_minor();
    if (all.size() + 1 + promised > kMaxAssignments || idle >= kMaxIdleOffers ||
        (makes_part && at.book.parts.size() >= kMaxParts)) {
        return fail(Errc::too_many_parts, "part");
    }
    return {};
}

}  // namespace

void lapse_offers(ReceivableBook& book, std::uint64_t part) {
    for (Assignment& one : book.assignments) {
        if (one.part == part && one.state == AssignmentState::offered) {
            one.state = AssignmentState::lapsed;
        }
    }
}

Result<void> confirm(Claiming at, const ConfirmBody& body) {
    PROBATUM_TRY(require_signer(at, {at.book.debtor}));
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    const bool accepts = body.answer == Answer::accept;
    if (at.book.confirmation || (!accepts && at.book.objection)) {
        return fail(Errc::already_answered, "answer");
    }
    // What does not exist has no amount and no defences to give up; an objection confirms nothing.
    if (accepts != body.existence || (!accepts && (body.amount || body.no_defences))) {
        return fail(Errc::terms_invalid, "existence");
    }
    const bool says_amount = !accepts || body.amount;
    const bool fits =
        says_amount ? body.amount_minor > 0 && body.amount_minor <= at.terms.amount_minor : body.amount_minor == 0;
    if (!fits) {
        return fail(Errc::amount_invalid, "amount");
    }
    if (!accepts) {
        at.book.objection = Objection{at.attempt.mark(), body.amount_minor};
        return {};
    }
    at.book.objection.reset();
    at.book.confirmation =
        Confirmation{at.attempt.mark(), body.existence, body.amount, body.no_defences, body.amount_minor};
    return {};
}

Result<void> assign(Claiming at, const AssignBody& body) {
    if (body.part == 0 || body.part > at.book.parts.size()) {
        return fail(Errc::part_unknown, "part");
    }
    if (body.currency != at.terms.currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    PROBATUM_LET(source, source_of(at, body));
    PROBATUM_TRY(check_assignee(at, body));
    const auto pending = [&](const Assignment& other) {
        return other.part == body.part && other.source == source && other.state == AssignmentState::offered;
    };
    if (std::ranges::any_of(at.book.assignments, pending)) {
        return fail(Errc::offer_pending, "part");
    }
    PROBATUM_TRY(check_amount(body, at.book.parts[body.part - 1]));
    if (body.registration) {
        PROBATUM_TRY(check_registration(at, *body.registration));
    }
    PROBATUM_TRY(check_room_for(at, body));
    at.book.assignments.push_back({.part = part_for(at.book, body, source),
                                   .source = source,
                                   .assignee = body.assignee,
                                   .recourse = body.recourse,
                                   .competes = body.competes_with.has_value(),
                                   .made = at.attempt.mark(),
                                   .registration = body.registration});
    return {};
}

Result<void> accept_assignment(Claiming at, const AcceptAssignmentBody& body) {
    PROBATUM_LET(offered, require_assignment(at, body.assignment));
    PROBATUM_TRY(require_signer(at, {offered->assignee}));
    if (offered->state != AssignmentState::offered) {
        return fail(Errc::already_answered, "assignment");
    }
    offered->state = body.answer == Answer::accept ? AssignmentState::effective : AssignmentState::declined;
    return {};
}

Result<void> withdraw_assignment(Claiming at, const WithdrawAssignmentBody& body) {
    PROBATUM_LET(offered, require_assignment(at, body.assignment));
    PROBATUM_TRY(require_signer(at, {at.book.holder_by(offered->source)}));
    if (offered->state != AssignmentState::offered) {
        return fail(Errc::already_answered, "assignment");
    }
    offered->state = AssignmentState::withdrawn;
    return {};
}

Result<void> notify(Claiming at, const NotifyBody& body) {
    PROBATUM_LET(named, require_effective(at, body.assignment));
    PROBATUM_TRY(require_signer(at, {named->assignee, at.book.holder_by(named->source)}));
    if (named->notified) {
        return fail(Errc::already_exists, "assignment");
    }
    // Notice of the last step tells the debtor of those that it rests on.
    for (const std::uint64_t number : chain_of(at.book, body.assignment)) {
        Assignment& step = at.book.assignments[number - 1];
        if (step.notified) {
            continue;
        }
        step.notified = at.attempt.mark();
        if (at.terms.notice == NoticeRule::record) {
            step.binds_from = at.attempt.date;
        }
    }
    return {};
}

Result<void> respond(Claiming at, const RespondBody& body) {
    PROBATUM_TRY(require_signer(at, {at.book.debtor}));
    PROBATUM_LET(named, require_effective(at, body.assignment));
    if (!named->notified) {
        return fail(Errc::not_notified, "assignment");
    }
    if (named->answered) {
        return fail(Errc::already_answered, "assignment");
    }
    named->answered = at.attempt.mark();
    named->accepted_by_debtor = body.answer == Answer::accept;
    if (!named->accepted_by_debtor) {
        return {};
    }
    for (const std::uint64_t number : chain_of(at.book, body.assignment)) {
        Assignment& step = at.book.assignments[number - 1];
        step.binds_from = step.binds_from.value_or(at.attempt.date);
    }
    return {};
}

Result<void> register_assignment(Claiming at, const RegisterAssignmentBody& body) {
    PROBATUM_LET(named, require_effective(at, body.assignment));
    PROBATUM_TRY(require_signer(at, {named->assignee, at.book.holder_by(named->source)}));
    if (named->registration) {
        return fail(Errc::already_exists, "assignment");
    }
    PROBATUM_TRY(check_registration(at, body.registration));
    named->registration = body.registration;
    return {};
}

Result<void> buy_back(Claiming at, const BuyBackBody& body) {
    PROBATUM_LET(named, require_effective(at, body.assignment));
    PROBATUM_TRY(require_signer(at, {named->assignee}));
    if (!named->recourse) {
        return fail(Errc::no_recourse, "assignment");
    }
    if (holding(at.book, named->part) != body.assignment) {
        return fail(Errc::not_the_holder, "assignment");
    }
    const auto onward = [&](const Assignment& other) {
        return other.source == body.assignment && other.state == AssignmentState::offered;
    };
    if (std::ranges::any_of(at.book.assignments, onward)) {
        return fail(Errc::offer_pending, "assignment");
    }
    if (at.book.assignments.size() >= kMaxAssignments) {
        return fail(Errc::too_many_parts, "assignment");
    }
    at.book.assignments.push_back({.part = named->part,
                                   .source = body.assignment,
                                   .assignee = std::string{at.book.holder_by(named->source)},
                                   .returns = body.assignment,
                                   .state = AssignmentState::effective,
                                   .made = at.attempt.mark()});
    return {};
}

}  // namespace probatum::contracts::rules
