#include "contracts/book/check.h"

#include "contracts/book/desk.h"

namespace probatum::book {
namespace {

__extension__ using Wide = __int128;

Result<void> demand(bool holds, const char* invariant, const char* why) {
    if (holds) {
        return {};
    }
    return fail(Errc::invariant_violated, invariant, why);
}

Wide balance(const Book& book, Account account) { return Wide{book.accounts.balance(account)}; }

Result<void> check_signs(const Book& book) {
    const Sums& sums = book.sums;
    bool negative = book.not_due_minor < 0 || book.suspense_minor < 0 || sums.disbursed_minor < 0 ||
                    sums.received_minor < 0 || sums.set_off_minor < 0 || sums.refunded_minor < 0 ||
                    sums.capitalised_minor < 0;
    for (const Claim claim : kAllClaims) {
        negative |=
            book.open[claim] < 0 || sums.charged[claim] < 0 || sums.paid[claim] < 0 || sums.written_off[claim] < 0;
    }
    for (const Instalment& one : book.instalments) {
        negative |= one.interest_open_minor < 0 || one.interest_open_minor > one.interest_minor;
        negative |= one.principal_open_minor < 0 || one.principal_open_minor > one.principal_minor;
    }
    return demand(!negative, "I2", "a negative amount");
}

Result<void> check_limit(const Terms& terms, const Book& book) {
    const Wide limit = terms.plan.principal_minor;
    const Wide undrawn = balance(book, Account::undrawn_commitment);
    PROBATUM_TRY(demand(undrawn == -balance(book, Account::commitment_contra), "I3", "one-sided commitment"));
    if (book.closed) {
        return demand(undrawn == 0, "I3", "a closed contract with something to draw");
    }
    if (terms.revolving) {
        return demand(undrawn >= 0 && undrawn <= limit, "I3", "undrawn is not within the limit");
    }
    return demand(undrawn >= 0 && undrawn == limit - book.sums.disbursed_minor, "I3",
                  "undrawn is not limit less disbursed");
}

/// I4: what is owed is what was charged less what became of it.
Result<void> check_claims(const Book& book) {
    const Sums& sums = book.sums;
    const Wide outstanding = Wide{sums.disbursed_minor} + sums.capitalised_minor - sums.paid[Claim::principal] -
                             sums.written_off[Claim::principal];
    PROBATUM_TRY(demand(outstanding >= 0 && outstanding == book.outstanding_minor() &&
                            outstanding == balance(book, Account::principal_receivable),
                        "I4", "outstanding principal"));
    PerClaim open;
    for (const Claim claim : {Claim::costs, Claim::fee, Claim::penalty, Claim::interest}) {
        open[claim] = sums.charged[claim] - sums.paid[claim] - sums.written_off[claim];
    }
    open[Claim::interest] -= sums.capitalised_minor;
    for (const Claim claim : {Claim::costs, Claim::fee, Claim::penalty, Claim::interest}) {
        PROBATUM_TRY(demand(open[claim] >= 0 && open[claim] == book.due_minor(claim), "I4", "an open claim"));
    }
    PROBATUM_TRY(demand(balance(book, Account::interest_receivable) == open[Claim::interest] &&
                            balance(book, Account::penalty_receivable) == open[Claim::penalty] &&
                            balance(book, Account::fee_receivable) == Wide{open[Claim::fee]} + open[Claim::costs],
                        "I4", "a receivable is not what is open"));
    PROBATUM_TRY(demand(balance(book, Account::income) == -Wide{sums.charged.sum()}, "I4", "income"));
    PROBATUM_TRY(demand(balance(book, Account::loss) == sums.written_off.sum(), "I4", "loss"));
    return demand(balance(book, Account::guarantee_exposure) == 0, "I4", "an account that no movement moves");
}

Result<void> check_money(const Book& book) {
    const Sums& sums = book.sums;
    PROBATUM_TRY(demand(
        balance(book, Account::cash_clearing) == Wide{sums.received_minor} - sums.disbursed_minor - sums.refunded_minor,
        "I1", "cash is not in less out"));
    PROBATUM_TRY(demand(balance(book, Account::set_off_clearing) == sums.set_off_minor, "I1", "set-off"));
    PROBATUM_TRY(demand(balance(book, Account::suspense) == -Wide{book.suspense_minor}, "I7", "suspense"));
    const Wide received = Wide{sums.received_minor} + sums.set_off_minor;
    return demand(received == Wide{sums.paid.sum()} + book.suspense_minor + sums.refunded_minor, "I7",
                  "money is not fully allocated");
}

}  // namespace

Result<void> check_book(Versions versions, const Book& book) {
    PROBATUM_TRY(demand(book.accounts.balanced(), "I1", "the accounts do not add up to zero"));
    PROBATUM_TRY(check_signs(book));
    PROBATUM_TRY(check_limit(versions[book.version], book));
    PROBATUM_TRY(check_claims(book));
    PROBATUM_TRY(check_money(book));
    for (const Hold& hold : book.holds) {
        const MinorAmount open = hold.claim ? book.open_minor(*hold.claim) : book.suspense_minor;
        PROBATUM_TRY(demand(book.held_minor(hold.claim) <= open, "I21", "less is open than is held"));
    }
    return {};
}

Result<void> check_split(Versions versions, const Book& after, const Movement& movement, const Split& split) {
    PROBATUM_TRY(demand(split.total_minor() == movement.amount_minor && split.suspense_minor >= 0, "I7",
                        "the parts are not the whole"));
    bool earlier_open = false;
    for (const Claim claim : versions[after.version].allocation) {
        PROBATUM_TRY(demand(split.paid[claim] >= 0, "I2", "a negative part"));
        PROBATUM_TRY(demand(split.paid[claim] == 0 || !earlier_open, "I8", "the order of claims was not kept"));
        MinorAmount free = 0;
        for (const Instalment& one : after.instalments) {
            const bool has_claim = claim == Claim::interest || claim == Claim::principal;
            free += has_claim ? free_minor(after, one, claim) : 0;
        }
        const MinorAmount of_claim = free_minor(after, claim);
        const bool in_instalments = claim == Claim::interest || claim == Claim::principal;
        earlier_open |= (in_instalments ? std::min(free, of_claim) : of_claim) > 0;
    }
    return demand(split.suspense_minor == 0 || !earlier_open, "I7", "suspense while something is due");
}

}  // namespace probatum::book
