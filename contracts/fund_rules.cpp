#include <algorithm>

#include "base/check.h"
#include "contracts/rule_parts.h"

namespace probatum::contracts::rules {
namespace {

/// On one contract the maker's role and the checker's are different people, whatever roles a member holds.
Result<void> require_not_the_checker(const Attempt& attempt, const ContractState& state) {
    if (state.checker && attempt.mark().same_person(*state.checker)) {
        return fail(Errc::same_person, "member");
    }
    return {};
}

Result<void> check_value_date(const Attempt& attempt, CivilDate value_date) {
    const LoanTerms& loan = attempt.terms.loan();
    const std::int32_t back_days = attempt.date.days() - value_date.days();
    const bool too_old = loan.max_back_value_days && back_days > static_cast<std::int32_t>(*loan.max_back_value_days);
    if (value_date < loan.contract_date || back_days < 0 || too_old) {
        return fail(Errc::value_date_invalid, "value_date");
    }
    return {};
}

Result<void> check_payment(const Attempt& attempt, const Payment& payment) {
    if (payment.currency != attempt.terms.loan().currency) {
        return fail(Errc::currency_mismatch, "currency");
    }
    if (payment.amount_minor <= 0) {
        return fail(Errc::amount_invalid, "amount");
    }
    return check_value_date(attempt, payment.value_date);
}

Result<void> require_fresh_reference(const Attempt& attempt) {
    if (attempt.resolved.bank_reference_used.value_or(true)) {
        return fail(Errc::bank_reference_used, "bank_reference");
    }
    return {};
}

/// The totals by answer that a movement counts in, if any.
Totals* totals_of(LoanBook& book, PostingKind kind) {
    if (kind == PostingKind::disbursement) {
        return &book.disbursements;
    }
    return is_repayment(kind) ? &book.repayments : nullptr;
}

MinorAmount& total_of(Totals& totals, PostingStatus status) {
    switch (status) {
        case PostingStatus::claimed:
            return totals.claimed_minor;
        case PostingStatus::acknowledged:
            return totals.acknowledged_minor;
        case PostingStatus::objected:
            break;
    }
    return totals.objected_minor;
}

/// The movements of a loan from where they lie, walking back from the last one.
class KeptMovements : public book::MovementReader {
public:
    KeptMovements(const Postings& postings, std::optional<std::uint64_t> last) : postings_{postings}, last_{last} {}
    [[nodiscard]] std::vector<book::Movement> movements() const override {
        std::vector<book::Movement> out;
        for (std::optional<std::uint64_t> at = last_; at;) {
            const std::optional<Posting> posting = postings_.find(*at);
            PROBATUM_CHECK(posting && (!posting->previous || *posting->previous < *at), "movements are a chain");
            out.push_back(movement_of(*at, *posting));
            at = posting->previous;
        }
        std::ranges::reverse(out);
        return out;
    }

private:
    const Postings& postings_;
    std::optional<std::uint64_t> last_;
};

/// Earlier movements whose money went elsewhere when everything was folded again.
PostingChanges replaced(const book::Folded& folded, const Postings& postings, std::uint64_t own) {
    PostingChanges out;
    if (!folded.replayed) {
        return out;
    }
    for (const book::Placed& placed : folded.placed) {
        if (placed.sequence == own) {
            continue;
        }
        std::optional<Posting> posting = postings.find(placed.sequence);
        if (posting && posting->allocation != placed.split) {
            posting->allocation = placed.split;
            out.push_back({placed.sequence, *std::move(posting)});
        }
    }
    return out;
}

/// Whether `signer` stands on the other side of who recorded the posting, or is the bank between them.
bool may_answer(const ContractTerms& terms, const std::string& recorder, const std::string& signer) {
    if (signer == recorder) {
        return false;
    }
    const bool both_borrow = terms.is_party(recorder, Capacity::borrower) && terms.is_party(signer, Capacity::borrower);
    return !both_borrow;
}

void add(PostingChanges& changes, PostingChange change) {
    changes.push_back(std::move(change));
    std::ranges::sort(changes, {}, &PostingChange::sequence);
}

}  // namespace

Result<PostingChanges> enter(ContractState& state, const Attempt& attempt, const Postings& postings, Posting posting) {
    LoanBook& loan = state.loan();
    PROBATUM_CHECK(loan.money.has_value(), "an active loan has a book");
    posting.organisation = attempt.resolved.organisation;
    posting.recorded = attempt.date;
    posting.previous = loan.last_movement;
    const std::vector<book::Terms> versions = versions_of(attempt.terms.loan());
    const KeptMovements before{postings, loan.last_movement};
    PROBATUM_LET(folded, book::record(versions, *loan.money, movement_of(attempt.sequence, posting), before));
    for (const book::Placed& placed : folded.placed) {
        if (placed.sequence == attempt.sequence) {
            posting.allocation = placed.split;
        }
    }
    loan.money = std::move(folded.book);
    loan.last_movement = attempt.sequence;
    if (Totals* const totals = totals_of(loan, posting.kind)) {
        totals->claimed_minor += posting.amount_minor;
    }
    PostingChanges out = replaced(folded, postings, attempt.sequence);
    add(out, {attempt.sequence, std::move(posting)});
    return out;
}

Result<PostingChanges> pay(ContractState& state, const Attempt& attempt, const Event& event, const Payment& payment,
                           PostingKind kind) {
    PROBATUM_TRY(require_active(attempt, state));
    PROBATUM_TRY(require_not_the_checker(attempt, state));
    const std::optional<CivilDate> first = state.loan().money->first_disbursed;
    if (kind != PostingKind::disbursement && !first) {
        return fail(Errc::wrong_state, "phase", "nothing has been disbursed");
    }
    PROBATUM_TRY(check_payment(attempt, payment));
    if (kind != PostingKind::disbursement && payment.value_date < *first) {
        return fail(Errc::value_date_invalid, "value_date", "before the first disbursement");
    }
    Posting posting{.kind = kind,
                    .organisation = {},
                    .amount_minor = payment.amount_minor,
                    .value_date = payment.value_date,
                    .recorded = {},
                    .reference = event.action.blinded_reference};
    PROBATUM_LET(changes, enter(state, attempt, event.postings, std::move(posting)));
    PROBATUM_TRY(require_fresh_reference(attempt));
    return changes;
}

Result<PostingChanges> settle(ContractState& state, const Attempt& attempt, const Event& event) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    PROBATUM_LET(
        changes,
        enter(state, attempt, event.postings,
              {.kind = PostingKind::settlement, .organisation = {}, .value_date = attempt.date, .recorded = {}}));
    state.phase = Phase::settled;
    return changes;
}

Result<Posting> acknowledge(ContractState& state, const Attempt& attempt, const AcknowledgeBody& body,
                            const std::optional<Posting>& target) {
    if (state.phase != Phase::active) {
        return fail(Errc::wrong_state, "phase");
    }
    // Only money that moved at a bank has another side that can say so.
    if (!target || target->reversed_by || !target->reference) {
        return fail(Errc::event_unknown, "target");
    }
    if (!may_answer(attempt.terms, target->organisation, attempt.resolved.organisation)) {
        return fail(Errc::wrong_counterparty, "issuer");
    }
    if (target->status != PostingStatus::claimed) {
        return fail(Errc::already_answered, "target");
    }
    Posting answered = *target;
    answered.status = body.answer == Answer::accept ? PostingStatus::acknowledged : PostingStatus::objected;
    answered.answered_by = attempt.mark();
    if (Totals* const totals = totals_of(state.loan(), target->kind)) {
        totals->claimed_minor -= target->amount_minor;
        total_of(*totals, answered.status) += target->amount_minor;
    }
    return answered;
}

}  // namespace probatum::contracts::rules
